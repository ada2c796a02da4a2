/** Style by machine. Each rule holds for the whole tree, and finds the damage that it is there for. */
import { describe, expect, test } from 'vitest';
import type { Guarantee } from '../algorithms/algorithm.ts';
import { algorithms } from '../algorithms/index.ts';
import { check, type Rule, rules } from './tidy/rules.ts';
import { parseSource, sources } from './tidy/source.ts';

const GUARANTEES: Readonly<Record<Guarantee, true>> = {
  'block-order': true,
  serializable: true,
  'snapshot-isolation': true,
  none: true,
};
const guarantees = Object.keys(GUARANTEES);

describe('the tree', () => {
  const all = sources();
  const known = { algorithms: Object.keys(algorithms), guarantees, sources: all };
  test.each(rules(known).map((rule): [string, Rule] => [rule.name, rule]))('%s', (_, rule) => {
    expect(all.filter(({ path }) => rule.applies(path)).length).toBeGreaterThan(0);
    expect(check(rule, all)).toEqual([]);
  });
});

/** What all rules together say of a tree of these files, in which silo and sequential are registered. */
function findings(files: Readonly<Record<string, string>>): string[] {
  const all = Object.entries(files).map(([path, text]) => parseSource(path, text));
  return rules({
    algorithms: ['silo', 'sequential', 'snapshot-isolation'],
    guarantees,
    sources: all,
  }).flatMap((rule) => check({ ...rule, exceptions: {} }, all));
}

const HEADER = `/**
 * Mine.
 *
 * Papers      Somebody.
 * Guarantee   None.
 * Layout      rows   whoever comes
 *
 * Invariants  I1  First.
 *             I2  Second, by I1,
 *                 on two lines.
 * Departures  None.
 */
`;
const lines = (count: number): string => '\n'.repeat(count);

describe('a finding is a line, a fault and a remedy', () => {
  test.each<[string, Readonly<Record<string, string>>, string[]]>([
    [
      'a long function, method or arrow function, in anything but a test',
      {
        'harness/a.ts': `\nfunction f(): void {${lines(70)}}\nfunction g(): void {${lines(69)}}`,
        'workloads/b.ts': `class A {\n  *m(): Iterable<1> {${lines(71)}}\n}`,
        'algorithms/c.ts': `const f = (): void => {${lines(70)}};`,
        'test/d.ts': `function f(): void {${lines(70)}}`,
      },
      [
        'harness/a.ts:2: a function of 71 lines, split it',
        'workloads/b.ts:2: a function of 72 lines, split it',
        'algorithms/c.ts:1: a function of 71 lines, split it',
      ],
    ],
    [
      'a long file, wherever it is',
      { 'test/a.ts': lines(401), 'test/b.ts': lines(400) },
      ['test/a.ts:401: a file of 401 lines, give its second idea a file of its own'],
    ],
    [
      'a console outside the command line and the bench, but for one in a string or comment',
      {
        'harness/verify/a.ts': "// console.log\nconst s = 'console.log()';\nconsole.log(s);",
        'test/a.ts': 'const { log } = console;',
        'harness/cli/a.ts': "console.log('a');",
        'test/bench/a.ts': "console.log('a');",
      },
      [
        'harness/verify/a.ts:3: console, return the text or leave it out',
        'test/a.ts:1: console, return the text or leave it out',
      ],
    ],
    [
      'clocks, chance and Atomics outside the harness, and in its core',
      {
        'algorithms/a.ts': 'const t = Date.now();\nconst r = Math.random() + Math.max(1);\nnew Date();',
        'workloads/b.ts': 'Atomics.add(new Int32Array(1), 0, 1);\nglobalThis.performance.now();',
        'harness/machine/simulated/c.ts': 'performance.now();',
        'harness/machine/d.ts': 'performance.now();',
        'harness/machine/threads/e.ts': 'Atomics.load(new Int32Array(1), performance.now());',
        'test/f.ts': 'Math.random();\nconst g: typeof Date = Date;',
        'test/g.ts': 'const of = { Date: 1, performance: 2 };\nof.Date;\nof.performance;',
      },
      [
        'algorithms/a.ts:1: Date, use core.now()',
        'algorithms/a.ts:2: Math.random, use the seeded stream that you are given',
        'algorithms/a.ts:3: Date, use core.now()',
        'workloads/b.ts:1: Atomics, use the words and values of context.memory',
        'workloads/b.ts:2: performance, use core.now()',
        'harness/machine/simulated/c.ts:1: performance, use core.now()',
        'harness/machine/d.ts:1: performance, use core.now()',
        'test/f.ts:1: Math.random, use the seeded stream that you are given',
        'test/f.ts:2: Date, use core.now()',
      ],
    ],
    [
      'an import of Node, of a package or of what is not core, in the core',
      {
        'algorithms/a/b.ts': "import { z } from 'zod';\nimport { x } from '../algorithm.ts';\nz(x);",
        'algorithms/c.ts': "import fs from 'node:fs';\nfs.x();",
        'workloads/d.ts': "export * from 'yaml';\nexport { x } from '../harness/machine/core.ts';",
        'harness/machine/e.ts': "const x = await import('./threads/threads.ts');\nawait import(x);",
        'harness/machine/simulated/f.ts': "import '../../experiment/row.ts';\nimport '../core.ts';",
        'harness/verify/g.ts': "import { x } from '#machine';\nimport type { Y } from '../cli/y.ts';\nx();",
        'harness/cli/h.ts': "import 'node:fs';",
      },
      [
        'algorithms/c.ts:1: imports node:fs, keep to what runs in a browser too',
        'workloads/d.ts:1: imports yaml, keep to what runs in a browser too',
        'harness/machine/e.ts:1: imports ./threads/threads.ts, keep to what runs in a browser too',
        'harness/machine/simulated/f.ts:1: imports ../../experiment/row.ts, keep to what runs in a browser too',
      ],
    ],
    [
      "an algorithm's name in the harness, but for a guarantee's name and an English word in a sentence",
      {
        'harness/a.ts': "// silo\nconst a = 'silo';\nconst b = { 'sequential': a };\nconst c = `run silo`;",
        'harness/b.ts':
          "const a = ['snapshot-isolation', 'a plain sequential loop', 'siloed'];\nconst sequential = { a };",
        'harness/c.ts': "import '../algorithms/silo.ts';",
        'test/d.ts': "const a = 'silo';",
      },
      [
        'harness/a.ts:2: names silo, read what it needs from the declaration',
        'harness/a.ts:3: names sequential, read what it needs from the declaration',
        'harness/a.ts:4: names silo, read what it needs from the declaration',
        'harness/c.ts:1: names silo, read what it needs from the declaration',
      ],
    ],
    [
      'a header without one of its sections, or with one that says nothing, where a declaration is exported',
      {
        'algorithms/a.ts': `${HEADER}export default 1;`,
        'algorithms/b/b.ts': `${HEADER.replace('Departures  None.', '')}export default 1;`,
        'algorithms/c.ts': `${HEADER.replace('Guarantee   None.', 'Guarantee').replace('Papers', 'Sources')}export default 1;`,
        'algorithms/d.ts': 'const a = 1;\n/** Late. */\nexport default a;',
        'algorithms/parts/e.ts': 'export const e = 1;',
      },
      [
        'algorithms/b/b.ts:1: no Departures in the header, add it ("None." is an entry)',
        'algorithms/c.ts:1: no Paper in the header, add it ("None." is an entry)',
        'algorithms/c.ts:1: no Guarantee in the header, add it ("None." is an entry)',
        ...['Paper', 'Guarantee', 'Layout', 'Invariants', 'Departures'].map(
          (section) => `algorithms/d.ts:1: no ${section} in the header, add it ("None." is an entry)`,
        ),
      ],
    ],
    [
      'a tag that no header of the strategy declares, in a comment, header or message',
      {
        'algorithms/a.ts': `${HEADER}// By (I2), D1.\nthrow new Error(\`[I3] \${1}\`, { cause: '[I4]' });`,
        'algorithms/b.ts': '/**\n * By I1 of a.ts.\n */\nexport const G2 = "I7, but no tag: only G2";',
        'algorithms/c/c.ts': HEADER,
        'algorithms/c/d.ts': '/* I2 */ /* I3 */',
        'algorithms/parts/e.ts': HEADER,
        'algorithms/parts/f.ts': '/* I2 */',
        'harness/g.ts': '/* I9 */',
      },
      [
        'algorithms/a.ts:13: cites D1, declare it in the header or cite what is there',
        'algorithms/a.ts:14: cites I3, declare it in the header or cite what is there',
        'algorithms/a.ts:14: cites I4, declare it in the header or cite what is there',
        'algorithms/b.ts:2: cites I1, declare it in the header or cite what is there',
        'algorithms/c/d.ts:1: cites I3, declare it in the header or cite what is there',
        'algorithms/parts/f.ts:1: cites I2, declare it in the header or cite what is there',
      ],
    ],
    [
      'what cannot be erased, where both machines run it',
      {
        'algorithms/a.ts': 'function* f(): Iterable<1> {\n  yield 1;\n}',
        'workloads/b.ts': 'const o = {\n  *m() {\n    yield* f() + 1;\n  },\n};',
        'harness/machine/core.ts': 'function* f() {\n  return yield*\n    g();\n}',
        'harness/machine/barrier.ts': 'function* f() {\n  yield* g;\n}',
        'harness/machine/simulated/c.ts': 'function* f() {\n  yield;\n}',
      },
      [
        'algorithms/a.ts:2: a bare `yield` cannot be erased: delegate with `yield*` to a call instead',
        'workloads/b.ts:3: the operand of `yield*` must be a call: write `(yield* f(x)) + 1`, not `yield* f(x) + 1`',
        'harness/machine/core.ts:2: a line break after `yield*` is not allowed: put its operand on the same line',
        'harness/machine/barrier.ts:2: the operand of `yield*` must be a call: write `(yield* f(x)) + 1`, not `yield* f(x) + 1`',
      ],
    ],
  ])('%s', (_, files, expected) => {
    expect(findings(files)).toEqual(expected);
  });
});

test('an exception excuses its files, and is a finding once nothing needs it', () => {
  const rule: Rule = {
    name: 'no file',
    applies: () => true,
    find: ({ path, text }) => (text === '' ? [] : [`${path}:1: a file, remove it`]),
    exceptions: { 'a/': 'it may', 'b/': 'it may' },
  };
  const files = { 'a/x.ts': '1;', 'b/x.ts': '', 'c/x.ts': '1;' };
  const all = Object.entries(files).map(([path, text]) => parseSource(path, text));
  expect(check(rule, all)).toEqual([
    'c/x.ts:1: a file, remove it',
    'b/:1: needs no exception any more, remove it',
  ]);
});

test('a file that is no TypeScript is named', () => {
  expect(() => parseSource('a/b.ts', 'const = 1;')).toThrow(/^a\/b\.ts: /);
});

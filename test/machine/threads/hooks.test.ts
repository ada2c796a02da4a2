/** Algorithms in a folder far from this package, in a process of its own: no test runner's loader is in the way. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const PACKAGE = new URL('../../../', import.meta.url).href;
const EXIT_MS = 20_000;

const ALGORITHM = `import { ABORT, ABORTED, type Core, defineAlgorithm, type Steps, z } from 'contend/algorithm';
import { AccessSet } from 'contend/parts/access-set';
import { LINE_BYTES } from 'contend/machine';
import { COMMITTED } from 'contend/workload';
import * as zod from 'zod';

const asked = (ask: () => unknown): string => {
  try {
    return typeof ask();
  } catch (refused) {
    return (refused as Error).message.split(':')[0];
  }
};
type Größe = { readonly '日本😀': number };

export default defineAlgorithm({
  name: 'far',
  summary: 'lies outside of the package',
  source: 'a test',
  guarantee: 'none',
  witness: 'preset',
  options: z.strictObject({ fail: z.boolean() }),
  aborts: [],
  create({ memory, options }) {
    const word = memory.words('word', 1);
    const view = {
      *read(): Steps<number> { throw ABORT; },
      *write(): Steps<void> { throw ABORT; },
    };
    return {
      load() {},
      *run(core: Core): Steps<void> {
        const größe = { '日本😀': 1 } as Größe; if (options.fail) throw new Error('as asked');
        if ((yield* core.execute(0, view)) !== ABORTED) throw new Error('ABORT is not one object');
        if (!zod.z.int().safeParse(1).success) throw new Error('zod itself does not parse');
        if (asked(() => z.int().safeParse(1)) !== 'z.safeParse') throw new Error('a schema answers in a worker');
        yield* word.add(0, größe['日本😀'] + new AccessSet(2).size + LINE_BYTES + COMMITTED);
      },
      state: () => word.peek(0),
    };
  },
});
`;

const MAIN = `const root = '${PACKAGE}';
const { installResolver } = await import(root + 'harness/machine/threads/hooks.ts');
installResolver();
const { setupFor } = await import(root + 'test/machine/threads/fixtures/sessions.ts');
const { openThreads } = await import(root + 'harness/machine/threads/threads.ts');

async function state(reference, fail) {
  const declaration = (await import(reference)).default;
  const session = await openThreads(setupFor({ reference, declaration }, { fail }, 2));
  try {
    return (await session.run(0)).state[0];
  } finally {
    await session.close();
  }
}

for (const [reference, fail] of JSON.parse(process.argv[2])) {
  const said = await state(reference, fail).catch(({ message, stack }) => ({ message, stack }));
  console.log(JSON.stringify(said));
}
`;

/** What is run: each from a file of its own. */
const CASES = {
  // Longer than what a worker has room for at first.
  sound: { source: `${ALGORITHM}// ${'日'.repeat(100_000)}\n`, fail: false },
  failing: { source: ALGORITHM, fail: true },
  bare: { source: ALGORITHM.replace('throw ABORT', 'yield'), fail: false },
  called: { source: ALGORITHM.replace('yield* word.add', 'yield* word; add'), fail: false },
};
type Case = keyof typeof CASES;

const folder = mkdtempSync(join(tmpdir(), 'contend-'));
let stderr: string;
/** What each ended in. */
const ended = new Map<string, unknown>();

/** One process for all of them. It must end by itself. */
beforeAll(async () => {
  writeFileSync(join(folder, 'main.mjs'), MAIN);
  writeFileSync(join(folder, 'package.json'), '{}');
  const asked = Object.entries(CASES).map(([name, { source, fail }]) => {
    const file = join(folder, `${name}.ts`);
    writeFileSync(file, source);
    return [pathToFileURL(file).href, fail];
  });
  const words = ['--disable-warning=ExperimentalWarning', join(folder, 'main.mjs'), JSON.stringify(asked)];
  const printed = await promisify(execFile)(process.execPath, words, { timeout: EXIT_MS });
  stderr = printed.stderr;
  const lines = printed.stdout.trimEnd().split('\n');
  for (const [at, name] of Object.keys(CASES).entries()) ended.set(name, JSON.parse(lines[at]));
}, EXIT_MS);
afterAll(() => rmSync(folder, { recursive: true }));

const failure = (name: Case) => ended.get(name) as { message: string; stack: string };

describe('an algorithm anywhere on the disk', () => {
  it('imports the contracts and runs, and nothing is left behind', () => {
    expect(ended.get('sound')).toBe(130);
    expect(stderr).toBe('');
  });

  it('is shown in an error by line and column', () => {
    const place = placeOf('failing', "new Error('as asked')");
    const { message, stack } = failure('failing');
    expect(message).toMatch(/^far failed on core [01]: as asked \(/);
    expect(message).toContain(`${place})`);
    expect(stack.split('\n').find((line) => line.startsWith('    at'))).toContain(place);
  });

  it.each<[string, Case, string, string]>([
    ['a bare yield', 'bare', 'yield', 'a bare `yield` cannot'],
    ['an operand that is no call', 'called', 'yield* word;', 'the operand of `yield*`'],
  ])('is refused for %s, by line and column', (_, name, place, message) => {
    expect(failure(name).message).toContain(`${placeOf(name, place)}: ${message}`);
  });
});

/** The first place of a text in a case's source, as a stack names it. */
function placeOf(name: Case, text: string): string {
  const lines = CASES[name].source.split('\n');
  const line = lines.findIndex((code) => code.includes(text));
  return `${name}.ts:${line + 1}:${lines[line].indexOf(text) + 1}`;
}

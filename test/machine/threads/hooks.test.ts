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

const MAIN = `const [algorithm, fail] = process.argv.slice(2);
const root = '${PACKAGE}';
const { installResolver } = await import(root + 'harness/machine/threads/hooks.ts');
installResolver();
const { setupFor } = await import(root + 'test/machine/threads/fixtures/sessions.ts');
const { openThreads } = await import(root + 'harness/machine/threads/threads.ts');
const declaration = (await import(algorithm)).default;
const session = await openThreads(setupFor({ reference: algorithm, declaration }, { fail: fail === 'true' }, 2));
try {
  console.log((await session.run(0)).state[0]);
} catch (error) {
  console.log(error.message);
  console.log(error.stack);
}
await session.close();
`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'contend-'));
  writeFileSync(join(folder, 'main.mjs'), MAIN);
  writeFileSync(join(folder, 'package.json'), '{}');
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What the process printed. It must end by itself. */
async function run(source: string, fail = false): Promise<{ stdout: string; stderr: string }> {
  const file = join(folder, 'far.ts');
  writeFileSync(file, source);
  const args = [
    '--disable-warning=ExperimentalWarning',
    join(folder, 'main.mjs'),
    pathToFileURL(file).href,
    `${fail}`,
  ];
  return promisify(execFile)(process.execPath, args, { timeout: EXIT_MS });
}

describe('an algorithm anywhere on the disk', () => {
  it('imports the contracts, runs, and leaves nothing behind', { timeout: EXIT_MS }, async () => {
    // Longer than what a worker has room for at first.
    const long = `${ALGORITHM}// ${'日'.repeat(100_000)}\n`;
    expect(await run(long)).toEqual({ stdout: '130\n', stderr: '' });
  });

  it('is shown in an error by line and column, and leaves nothing behind', { timeout: EXIT_MS }, async () => {
    const { stdout } = await run(ALGORITHM, true);
    const place = placeOf(ALGORITHM, "new Error('as asked')");
    const [message, ...stack] = stdout.split('\n');
    expect(message).toMatch(/^far failed on core [01]: as asked \(/);
    expect(message).toContain(`${place})`);
    expect(stack.find((line) => line.startsWith('    at'))).toContain(place);
  });

  it.each([
    ['a bare yield', 'throw ABORT', 'yield', 'yield', 'a bare `yield` cannot'],
    [
      'an operand that is no call',
      'yield* word.add',
      'yield* word; add',
      'yield* word;',
      'the operand of `yield*`',
    ],
  ])(
    'is refused for %s, by line and column',
    { timeout: EXIT_MS },
    async (_what, sound, broken, place, message) => {
      const source = ALGORITHM.replace(sound, broken);
      await expect(run(source)).rejects.toThrow(`${placeOf(source, place)}: ${message}`);
    },
  );
});

/** The first place of a text in a source, as a stack names it. */
function placeOf(source: string, text: string): string {
  const lines = source.split('\n');
  const line = lines.findIndex((code) => code.includes(text));
  return `far.ts:${line + 1}:${lines[line].indexOf(text) + 1}`;
}

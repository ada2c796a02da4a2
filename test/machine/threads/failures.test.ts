import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openThreads } from '../../../harness/machine/threads/threads.ts';
import { fixture, setupFor, withSession } from './fixtures/sessions.ts';

const source = readFileSync(new URL('./fixtures/failing.ts', import.meta.url), 'utf8').split('\n');

/** The place of a text in the fixture, as a stack names it. */
function place(text: string): string {
  const line = source.findIndex((code) => code.includes(text));
  return `failing.ts:${line + 1}:${source[line].indexOf(text) + 1}`;
}

async function failure(how: string, core = 0, timeout_ms = 20_000): Promise<Error> {
  const setup = { ...setupFor(await fixture('failing'), { how, core }, 2), timeout_ms };
  return withSession(setup, async (session) => {
    const error = await session.run(0).then(
      () => new Error('it did not fail'),
      (reason: Error) => reason,
    );
    await expect(session.run(1)).rejects.toThrow('no more runs');
    return error;
  });
}

describe('a run fails, with a sentence that says where, when a core', { timeout: 30_000 }, () => {
  it('throws', async () => {
    const error = await failure('throw', 1);
    expect(error.message).toMatch(/^failing failed on core 1: out of patience \(.*\)$/);
    expect(error.message).toContain(place("new RangeError('out of patience')"));
    expect(error.stack).toContain(place("new RangeError('out of patience')"));
  });

  it('throws what is no error', async () => {
    expect((await failure('throw-string')).message).toBe("failing failed on core 0: 'just words'");
  });

  it('throws before the start, while the others wait there', async () => {
    const { message } = await failure('load');
    expect(message).toContain('failing failed on core 0: nothing to load');
    expect(message).toContain(place("new Error('nothing to load')"));
  });

  it('counts what is not declared', async () => {
    expect((await failure('tally')).message).toContain('counts "undeclared", which its declaration lacks');
  });

  it('exits', async () => {
    expect((await failure('exit', 1)).message).toBe(
      'failing: the worker of core 1 died: worker exited with code: 7',
    );
  });

  it('throws when nobody can catch it', async () => {
    // Whether its answer or its death arrives first is a matter of chance.
    expect((await failure('throw-later')).message).toMatch(
      /^failing: (the worker of core 0|a worker) died: too late to catch$/,
    );
  });

  it('spins for ever', async () => {
    expect((await failure('spin', 0, 600)).message).toBe(
      'failing hangs: cores 0, 1 did not end within 600 ms',
    );
  });

  it('sleeps for ever', async () => {
    expect((await failure('sleep', 0, 600)).message).toBe(
      'failing hangs: cores 0, 1 did not end within 600 ms',
    );
  });

  it('allocates other memory than the main thread did', async () => {
    expect((await failure('allocate')).message).toContain(
      'shared region 0 does not agree: allocated was packed "flag"[1] {word: word}, attached is packed "flag"[2] {word: word}',
    );
  });
});

describe('a session', { timeout: 30_000 }, () => {
  it('ends the cores that spin when a run fails', async () => {
    const setup = { ...setupFor(await fixture('failing'), { how: 'spin' }, 1), timeout_ms: 300 };
    await expect((await openThreads(setup)).run(0)).rejects.toThrow(
      'failing hangs: core 0 did not end within 300 ms',
    );
    const before = process.cpuUsage();
    await setTimeout(300);
    expect(process.cpuUsage(before).user).toBeLessThan(150_000);
  });

  it('refuses a second run at the same time, which leaves the first alone', async () => {
    const rounds = 20_000;
    await withSession(setupFor(await fixture('locked'), { rounds }, 2), async (session) => {
      const first = session.run(0);
      await expect(session.run(1)).rejects.toThrow('locked: a run is under way already');
      expect((await first).state[0]).toBe(5 + 2 * rounds);
    });
  });

  it('refuses runs after it was closed', async () => {
    const session = await openThreads(setupFor(await fixture('failing'), { how: 'nothing' }, 1));
    await session.run(0);
    await session.close();
    await session.close();
    await expect(session.run(1)).rejects.toThrow('no more runs: failing: the session is closed');
  });

  it.each([
    ['is absent', undefined, /^failing failed on core 0: .*module\.ts/],
    [
      'needs more than its types stripped',
      '\nenum Kind { one }',
      /module\.ts:2: TypeScript enum is not supported/,
    ],
    [
      'cannot be erased',
      '\n\n function* f() { yield; }',
      /module\.ts:3:18: a bare `yield` cannot be erased[^(]*$/,
    ],
  ])('does not open over a module that %s in a worker', async (_what, source, message) => {
    const folder = mkdtempSync(join(tmpdir(), 'contend-'));
    const file = join(folder, 'module.ts');
    if (source) writeFileSync(file, source);
    const setup = setupFor(await fixture('failing'), { how: 'nothing' }, 1);
    const algorithm = { ...setup.algorithm, reference: pathToFileURL(file).href };
    try {
      await expect(openThreads({ ...setup, algorithm })).rejects.toThrow(message);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openThreads } from '../../../harness/machine/threads/threads.ts';
import { fixture, setupFor, withSession } from './fixtures/sessions.ts';

const source = readFileSync(new URL('./fixtures/failing.ts', import.meta.url), 'utf8').split('\n');

/** The place of a text in the fixture, as a stack names it. */
function place(text: string): string {
  const line = source.findIndex((code) => code.includes(text));
  return `failing.ts:${line + 1}:${source[line].indexOf(text) + 1}`;
}

async function failure(how: string, core = 0): Promise<Error> {
  const setup = { ...setupFor(await fixture('failing'), { how, core }, 2), timeout_ms: 600 };
  return withSession(setup, async (session) => {
    const error = await session.run(0).then(
      () => new Error('it did not fail'),
      (reason: Error) => reason,
    );
    await expect(session.run(1)).rejects.toThrow('no more runs');
    return error;
  });
}

describe('a run fails, with a sentence that says where, when a core', () => {
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
    expect((await failure('tally')).message).toContain('counts "undeclared", which it does not declare');
  });

  it('exits', async () => {
    expect((await failure('exit', 1)).message).toBe(
      'failing: the worker of core 1 died: worker exited with code: 7',
    );
  });

  it('spins for ever', async () => {
    expect((await failure('spin')).message).toBe('failing hangs: cores 0, 1 did not end within 600 ms');
  });

  it('sleeps for ever', async () => {
    expect((await failure('sleep')).message).toBe('failing hangs: cores 0, 1 did not end within 600 ms');
  });

  it('allocates other memory than the main thread did', async () => {
    expect((await failure('allocate')).message).toContain(
      'shared region 0 does not agree: allocated was packed "flag"[1] {word: word}, attached is packed "flag"[2] {word: word}',
    );
  });
});

describe('a session', () => {
  it('notices a worker that dies between runs', async () => {
    const setup = setupFor(await fixture('failing'), { how: 'exit-later' }, 2);
    await withSession(setup, async (session) => {
      await session.run(0);
      await expect(
        (async () => {
          for (let i = 1; i < 100; i++) await session.run(i);
        })(),
      ).rejects.toThrow(/died/);
    });
  });

  it('refuses a second run at the same time, and any after it was closed', async () => {
    const setup = setupFor(await fixture('failing'), { how: 'nothing' }, 1);
    const session = await openThreads(setup);
    const first = session.run(0);
    await expect(session.run(1)).rejects.toThrow('failing: a run is under way already');
    await first;
    await session.close();
    await session.close();
    await expect(session.run(2)).rejects.toThrow('no more runs: failing: the session is closed');
  });

  it('does not open over a module that a worker cannot load', async () => {
    const setup = setupFor(await fixture('failing'), { how: 'nothing' }, 1);
    const algorithm = { ...setup.algorithm, reference: new URL('./fixtures/absent.ts', import.meta.url).href };
    await expect(openThreads({ ...setup, algorithm })).rejects.toThrow(/failing failed on core 0: .*absent\.ts/);
  });
});

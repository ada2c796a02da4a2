/**
 * On real threads words are sequentially consistent, also where a load is a plain one: neither the processor
 * nor the compiler moves it or merges it with another. The programs run long enough to be compiled to the end.
 */
import { expect, test } from 'vitest';
import type { ThreadsSetup } from '../../../harness/machine/threads/threads.ts';
import { fixture, setupFor, withSession } from './fixtures/sessions.ts';

const MOST_RUNS = 20;

/** What was seen in two runs, the first of which compiles, or in more, until the cores have met often enough. */
function seen(setup: ThreadsSetup, meetings: number): Promise<number[]> {
  return withSession(setup, async (session) => {
    const sums = [0, 0];
    // On a busy host both cores seldom run at once.
    for (let run = 0; run < 2 || (sums[1] <= meetings && run < MOST_RUNS); run++) {
      const { state } = await session.run(run);
      for (let i = 0; i < sums.length; i++) sums[i] += state[i];
    }
    return sums;
  });
}

test('a value between two loads of the same even sequence is of that sequence', async () => {
  const setup = setupFor(await fixture('litmus'), { program: 'sequence lock', rounds: 500_000 }, 2);
  const [forbidden, met] = await seen(setup, 10);
  expect(forbidden).toBe(0);
  expect(met).toBeGreaterThan(10);
});

test('of two cores that store and then load, one sees the other', async () => {
  const setup = setupFor(await fixture('litmus'), { program: 'store buffering', rounds: 25_000 }, 2);
  const [forbidden, met] = await seen(setup, 0);
  expect(forbidden).toBe(0);
  expect(met).toBeGreaterThan(0);
});

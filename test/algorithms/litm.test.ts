import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { watched } from '../../harness/check/watch.ts';
import type { Job } from '../../harness/machine/job.ts';
import type { Run } from '../../harness/machine/run.ts';
import { models } from '../../harness/machine/simulated/models/index.ts';
import { simulate } from '../../harness/machine/simulated/simulate.ts';
import { mutate } from '../mutants/mutate.ts';
import type { Script } from '../verify/scripts.ts';
import { cases, jobOf } from './cases.ts';
import { aborted, RUNS, verdictOf, walk } from './judge.ts';
import { scripted, walked } from './known-sets.ts';

const settings = fc.record({ batch: fc.nat(6), reserve: fc.constantFrom('all', 'writes') });

function rounds(run: Run): number {
  return run.cores.reduce((sum, { counters }) => sum + counters.rounds, 0);
}

/** What must not depend on cores or timing. */
function result(run: Run) {
  const { points, outcomes, digests, state } = run;
  return { points, outcomes, digests, state, rounds: rounds(run), aborts: aborted(run, 'reservation') };
}

test('the order, and all that follows from it, depends on the block only: not on cores, nor on the schedule', async () => {
  await fc.assert(
    fc.asyncProperty(cases, settings, fc.array(fc.nat(), { maxLength: 2 }), async (drawn, options, seeds) => {
      const alone = result(walk(await jobOf({ ...drawn, cores: 1 }, 'litm', options)));
      for (const cores of [2, 8]) {
        const job = await jobOf({ ...drawn, cores }, 'litm', options);
        expect(result(simulate(job, { model: models['server-32'] }))).toEqual(alone);
        for (const seed of seeds) expect(result(walk({ ...job, seed }))).toEqual(alone);
      }
    }),
    { numRuns: Math.ceil(RUNS / 2), seed: 1 },
  );
});

describe('transaction t loses t times at most', () => {
  /** The most attempts at a transaction beyond one and one for each below it. */
  function excess(job: Job): number {
    const attempts = new Int32Array(job.block.transactions);
    walk(watched(job, { begin: (t) => attempts[t]++ }));
    return attempts.reduce((most, count, t) => Math.max(most, count - (t + 1)), 0);
  }

  test('whatever the options', async () => {
    await fc.assert(
      fc.asyncProperty(cases, settings, async (drawn, options) => {
        expect(excess(await jobOf(drawn, 'litm', options))).toBe(0);
      }),
      { numRuns: RUNS, seed: 2 },
    );
  });

  test('unless the highest index wins, which is just as serializable', async () => {
    const mutant = mutate({
      of: 'litm',
      file: 'algorithms/litm.ts',
      what: 'the highest index wins',
      find: 'return this.#base + this.#size - rank;',
      replace: 'return this.#base + rank + 1;',
      expect: [],
    });
    const drawn = { workload: 'cycle', parameters: { keys: 3 }, transactions: 10, cores: 3, seed: 1 };
    const job = await jobOf(drawn, mutant);
    expect(verdictOf(job, walk(job))).toMatchObject({ verdict: 'valid' });
    expect(excess(job)).toBeGreaterThan(0);
  });
});

describe('a round', () => {
  const chain: Script[] = [
    [['add', 0, 1]],
    [
      ['read', 0],
      ['add', 1, 1],
    ],
    [
      ['read', 2],
      ['add', 2, 1],
    ],
    [
      ['read', 1],
      ['add', 3, 1],
    ],
  ];

  test('commits those that no lower one conflicts with, and the others come after all of them', async () => {
    const { run } = await walked(scripted(chain, 4), { algorithm: 'litm', cores: 3, seed: 1 });
    const order = [0, 1, 2, 3].sort((a, b) => run.points[a] - run.points[b]);
    // 3 loses against 1, which loses itself, so it takes three rounds.
    expect(order).toEqual([0, 2, 1, 3]);
    expect(rounds(run)).toBe(3);
    expect(aborted(run, 'reservation')).toBe(3);
  });

  test('counts a lower reader as a conflict only if reads are reserved', async () => {
    const block = scripted([[['read', 0]], [['write', 0, 5]]], 1);
    const setting = { algorithm: 'litm', cores: 2, seed: 1 };
    expect(rounds((await walked(block, { ...setting, options: { reserve: 'all' } })).run)).toBe(2);
    expect(rounds((await walked(block, { ...setting, options: { reserve: 'writes' } })).run)).toBe(1);
  });

  test('has one that commits, at least; with one account pair it is the only one', async () => {
    const parameters = { accounts: 2, variant: 'plain', work: 0 };
    const job = await jobOf(
      { workload: 'transfers', parameters, transactions: 40, cores: 4, seed: 1 },
      'litm',
    );
    const run = walk(job);
    expect(rounds(run)).toBe(40);
    expect(aborted(run, 'reservation')).toBe((40 * 39) / 2);
  });

  test('of one transaction keeps the order of the block, and of k at most k tries are made', async () => {
    const drawn = { workload: 'cycle', parameters: { keys: 5 }, transactions: 30, cores: 4, seed: 2 };
    const serial = walk(await jobOf(drawn, 'litm', { batch: 1 }));
    expect([...serial.points]).toEqual(Array.from({ length: 30 }, (_, t) => t));
    const run = walk(await jobOf(drawn, 'litm', { batch: 3 }));
    const attempts = run.cores.reduce((sum, core) => sum + core.attempts, 0);
    expect(attempts).toBeLessThanOrEqual(3 * rounds(run));
    expect(attempts).toBeGreaterThan(30);
  });
});

test.each([
  ['server-32', 32],
  ['two-socket', 64],
] as const)('comes to an end on a ring of three keys, on %s with %i cores', async (machine, cores) => {
  const drawn = { workload: 'cycle', parameters: { keys: 3 }, transactions: 200, cores, seed: 1 };
  const job = await jobOf(drawn, 'litm');
  const run = simulate(job, { model: models[machine], stepLimit: 2_000_000 });
  expect(verdictOf(job, run)).toMatchObject({ verdict: 'valid' });
  expect(rounds(run)).toBe(200);
});

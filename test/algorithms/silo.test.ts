import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ADD, LOAD } from '../../harness/machine/simulated/access.ts';
import { models } from '../../harness/machine/simulated/models/index.ts';
import { simulate } from '../../harness/machine/simulated/simulate.ts';
import { cases, jobOf } from './cases.ts';
import { aborted, model, RUNS, verdictOf, versionsWritten, walk } from './judge.ts';

const options = fc.record({
  tid: fc.constantFrom('decentralized', 'counter'),
  order: fc.constantFrom('any', 'preset'),
  backoff: fc.constantFrom(0, 100),
});

test('keeps its guarantee under all options together', async () => {
  await fc.assert(
    fc.asyncProperty(cases, options, async (drawn, chosen) => {
      const job = await jobOf(drawn, 'silo', chosen);
      expect(verdictOf(job, walk(job))).toMatchObject({ verdict: 'valid' });
    }),
    { numRuns: RUNS, seed: 4 },
  );
});

describe('ids from a counter', () => {
  test('are drawn by committed writers, one each, and are the numbers from 1 on', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async (drawn) => {
        const job = await jobOf(drawn, 'silo', { tid: 'counter' });
        let draws = 0;
        const run = walk(job, (_core, operation, place) => {
          if (place?.name === 'tids' && operation === ADD) draws++;
        });
        const writers = new Map(versionsWritten(run).map(([t, , version]) => [t, version >> 1]));
        expect([...writers.values()].sort((a, b) => a - b)).toEqual(
          Array.from({ length: draws }, (_, i) => i + 1),
        );
      }),
      { numRuns: RUNS, seed: 5 },
    );
  });

  test('touch nothing shared when only reading', async () => {
    const parameters = { keys: 8, operations: 4, reads: 1 };
    const drawn = { workload: 'ycsb', parameters, transactions: 40, cores: 4, seed: 1 };
    const touched = new Set<string>();
    simulate(await jobOf(drawn, 'silo', { tid: 'counter' }), {
      model,
      observer: (_core, operation, place) => touched.add(`${place?.name} ${operation}`),
    });
    expect([...touched].sort()).toEqual([`next ${ADD}`, `rows.tid ${LOAD}`, `rows.value ${LOAD}`]);
  });
});

describe('preset order', () => {
  test('fails a transaction once at most, and the first one never', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async (drawn) => {
        const run = walk(await jobOf(drawn, 'silo', { order: 'preset' }));
        const attempts = run.cores.reduce((sum, core) => sum + core.attempts, 0);
        expect(attempts).toBeLessThanOrEqual(Math.max(0, 2 * drawn.transactions - 1));
        expect(aborted(run, 'validation')).toBe(attempts - drawn.transactions);
      }),
      { numRuns: RUNS, seed: 6 },
    );
  });

  test('executes in parallel what does not conflict', async () => {
    const parameters = { accounts: 10_000, variant: 'plain', work: 10_000 };
    const drawn = { workload: 'transfers', parameters, transactions: 200, seed: 1 };
    const makespan = async (cores: number) =>
      simulate(await jobOf({ ...drawn, cores }, 'silo', { order: 'preset' }), { model }).makespan_ns;
    expect((await makespan(1)) / (await makespan(16))).toBeGreaterThan(8);
  });
});

test.each([
  ['two-socket', 64],
  ['server-32', 32],
] as const)('three keys on %s with %i cores come to an end', async (name, cores) => {
  for (const order of ['any', 'preset']) {
    const drawn = { workload: 'cycle', parameters: { keys: 3 }, transactions: 200, cores, seed: 1 };
    const job = await jobOf(drawn, 'silo', { order });
    const run = simulate(job, { model: models[name], stepLimit: 2_000_000 });
    expect(verdictOf(job, run)).toMatchObject({ verdict: 'valid' });
  }
});

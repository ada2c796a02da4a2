import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ADD, STORE } from '../../harness/machine/simulated/access.ts';
import { models } from '../../harness/machine/simulated/models/index.ts';
import { RandomWalk } from '../../harness/machine/simulated/schedules/random-walk.ts';
import { simulate } from '../../harness/machine/simulated/simulate.ts';
import { seededRandom } from '../../workloads/random.ts';
import { COMMITTED } from '../../workloads/workload.ts';
import { cases, jobOf } from './cases.ts';
import { aborted, model, RUNS, verdictOf, walk } from './judge.ts';

const validations = ['serial', 'multistage', 'parallel'] as const;
const validation = fc.constantFrom(...validations);

/** Blind writes meet nobody's read set: only the write sets tell that they conflict (condition 3). */
const blind = fc.record({
  workload: fc.constant('ycsb'),
  parameters: fc.record({
    keys: fc.integer({ min: 4, max: 8 }),
    operations: fc.constantFrom(2, 4),
    reads: fc.constantFrom(0, 0.3),
    writes: fc.constant('blind'),
    repeats: fc.constant('redrawn'),
  }),
  transactions: fc.constant(24),
  cores: fc.integer({ min: 2, max: 6 }),
  seed: fc.nat(1_000_000),
});

test('keeps its guarantee where transactions only overwrite each other', async () => {
  await fc.assert(
    fc.asyncProperty(blind, validation, async (drawn, kind) => {
      const job = await jobOf(drawn, 'bocc', { validation: kind });
      expect(verdictOf(job, walk(job))).toMatchObject({ verdict: 'valid' });
    }),
    { numRuns: 2 * RUNS, seed: 4 },
  );
});

test('patience does not change what is promised, from the first failure on or never', async () => {
  await fc.assert(
    fc.asyncProperty(cases, fc.constantFrom(0, 1), async (drawn, patience) => {
      const job = await jobOf(drawn, 'bocc', { validation: 'parallel', patience });
      expect(verdictOf(job, walk(job))).toMatchObject({ verdict: 'valid' });
    }),
    { numRuns: RUNS, seed: 5 },
  );
});

describe('transaction numbers', () => {
  test('go to transactions that write, one each, and to no others', async () => {
    await fc.assert(
      fc.asyncProperty(cases, validation, async (drawn, kind) => {
        const job = await jobOf(drawn, 'bocc', { validation: kind });
        let numbers = 0;
        const writers = new Set<number>();
        const run = walk(job, (_core, operation, place, index) => {
          if (place?.name === 'tnc' && operation === ADD) numbers++;
          if (place?.name === 'writeSets.size' && operation === STORE) writers.add(index);
        });
        // A transaction that reverts in the end may have meant to write in an earlier attempt.
        const committed = [...writers].filter((t) => run.outcomes[t] === COMMITTED);
        expect(numbers).toBe(committed.length);
      }),
      { numRuns: Math.ceil(RUNS / 2), seed: 6 },
    );
  });

  test('of serial validation are the serial order, queries in between', async () => {
    const parameters = { keys: 8, operations: 3, reads: 0.8 };
    const drawn = { workload: 'ycsb', parameters, transactions: 40, cores: 4, seed: 2 };
    const run = walk(await jobOf(drawn, 'bocc'));
    const numbers = [...run.points].filter(Number.isInteger).sort((a, b) => a - b);
    expect(numbers).toEqual(numbers.map((_, i) => i + 1));
    expect(numbers.length).toBeLessThan(40);
    expect([...run.points].every((point) => Number.isInteger(2 * point))).toBe(true);
  });
});

describe('parallel validation as in the paper', () => {
  const stuck = {
    workload: 'transfers',
    parameters: { accounts: 2, variant: 'diem', work: 0, amount: 1, balance: 100 },
    transactions: 9,
    cores: 7,
    seed: 40213,
  };

  async function steps(patience: number): Promise<number> {
    const job = await jobOf(stuck, 'bocc', { validation: 'parallel', patience });
    const random = seededRandom(job.seed);
    const schedule = new RandomWalk((bound) => random.integer(bound));
    return simulate(job, { model, schedule, stepLimit: 100_000 }).steps ?? 0;
  }

  test('lets transactions that fail make each other fail, without end', async () => {
    await expect(steps(1_000_000)).rejects.toThrow(/no end after 100,000 steps/);
  });

  test('and patience ends that', async () => {
    expect(await steps(8)).toBeLessThan(20_000);
  });
});

test('one core alone never fails', async () => {
  await fc.assert(
    fc.asyncProperty(cases, validation, async (drawn, kind) => {
      const run = walk(await jobOf({ ...drawn, cores: 1 }, 'bocc', { validation: kind }));
      expect(aborted(run, 'validation')).toBe(0);
    }),
    { numRuns: Math.ceil(RUNS / 4), seed: 7 },
  );
});

describe.each(validations)('%s validation', (kind) => {
  test.each([
    ['two-socket', 64],
    ['server-32', 32],
  ] as const)('brings three keys on %s with %i cores to an end', async (name, cores) => {
    const drawn = { workload: 'cycle', parameters: { keys: 3 }, transactions: 200, cores, seed: 1 };
    const job = await jobOf(drawn, 'bocc', { validation: kind });
    const run = simulate(job, { model: models[name], stepLimit: 2_000_000 });
    expect(verdictOf(job, run)).toMatchObject({ verdict: 'valid' });
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { models } from '../../harness/machine/simulated/models/index.ts';
import { simulate } from '../../harness/machine/simulated/simulate.ts';
import { cases, jobOf } from './cases.ts';
import { aborted, model, RUNS, verdictOf, walk } from './judge.ts';

const schedulers = fc.constantFrom('timestamp-ordering', 'mvto', 'occ');
const options = fc.record({
  timestamps: fc.constantFrom('mutex', 'atomic', 'batched', 'clock'),
  batch: fc.integer({ min: 1, max: 5 }),
  copy: fc.constantFrom(0, 50),
  backoff: fc.constantFrom(0, 100),
  dispatch: fc.constantFrom('counter', 'dealt'),
});
const refusals = fc.record({
  intents: fc.constantFrom('none', 'declared'),
  patience: fc.constantFrom(1, 2, 32),
});

const payments = (transactions: number, cores: number, parameters: Record<string, unknown>) => ({
  workload: 'ycsb',
  parameters: { keys: 64, operations: 4, ...parameters },
  transactions,
  cores,
  seed: 1,
});

test('schedulers by timestamp keep their guarantee under all options together', async () => {
  await fc.assert(
    fc.asyncProperty(cases, schedulers, options, refusals, async (drawn, name, chosen, more) => {
      const job = await jobOf(drawn, name, name === 'occ' ? chosen : { ...chosen, ...more });
      expect(verdictOf(job, walk(job))).toMatchObject({ verdict: 'valid' });
    }),
    { numRuns: RUNS, seed: 6 },
  );
});

describe('timestamps', () => {
  test.each(['mutex', 'atomic', 'batched', 'clock'])(
    'from %s are unique, and above 0',
    async (timestamps) => {
      await fc.assert(
        fc.asyncProperty(cases, async (drawn) => {
          const { points } = walk(await jobOf(drawn, 'timestamp-ordering', { timestamps, batch: 3 }));
          expect(new Set(points).size).toBe(points.length);
          expect(points.every((point) => Number.isSafeInteger(point) && point > 0)).toBe(true);
        }),
        { numRuns: RUNS / 4, seed: 7 },
      );
    },
  );

  test.each([
    ['atomic', 40],
    ['batched', 8],
    ['clock', 0],
  ])('from %s touch the counter as often as they have to', async (timestamps, draws) => {
    const drawn = payments(40, 4, { reads: 1 });
    let touched = 0;
    const observer = (_core: number, _operation: number, place: { name: string } | undefined) => {
      if (place?.name.startsWith('timestamps')) touched++;
    };
    const chosen = { timestamps, batch: 5, dispatch: 'dealt' };
    const run = simulate(await jobOf(drawn, 'mvto', chosen), { model, observer });
    expect(run.cores.map(({ attempts }) => attempts)).toEqual([10, 10, 10, 10]);
    expect(touched).toBe(draws);
  });
});

describe('mvto', () => {
  test('never refuses who only reads', async () => {
    const run = walk(await jobOf(payments(60, 6, { keys: 4, reads: 1, operations: 3 }), 'mvto'));
    expect(aborted(run, 'late write')).toBe(0);
  });

  test('refuses fewer than timestamp-ordering where most only read', async () => {
    const drawn = payments(400, 16, { keys: 16, reads: 0.9 });
    const refused = async (name: string) => {
      const run = simulate(await jobOf(drawn, name, { intents: 'declared' }), { model });
      return run.cores.reduce((sum, { attempts }) => sum + attempts, 0);
    };
    expect(await refused('mvto')).toBeLessThan(await refused('timestamp-ordering'));
  });
});

describe('partition-locking', () => {
  const alone = payments(64, 8, { keys: 256, partitions: 8, reads: 0.5 });

  test('on partitions of its own, a core meets nobody', async () => {
    const transfers = new Set<string>();
    const job = await jobOf(alone, 'partition-locking', { dispatch: 'dealt' });
    const owners = new Map<string, number>();
    simulate(job, {
      model,
      observer: (core, _operation, place, index) => {
        const line = `${place?.name} ${index}`;
        if ((owners.get(line) ?? core) !== core) transfers.add(line);
        owners.set(line, core);
      },
    });
    expect([...transfers]).toEqual([]);
  });

  test('keeps its guarantee where transactions spread over partitions', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          partitions: fc.integer({ min: 1, max: 5 }),
          locks: fc.integer({ min: 0, max: 5 }),
          spread: fc.constantFrom(0, 0.5, 1),
          touched: fc.integer({ min: 1, max: 4 }),
          timestamps: fc.constantFrom('none', 'atomic'),
          seed: fc.nat(1e6),
        }),
        async ({ locks, timestamps, seed, ...parameters }) => {
          const drawn = { ...payments(20, 4, { keys: 80, ...parameters }), seed };
          const job = await jobOf(drawn, 'partition-locking', { partitions: locks, timestamps });
          expect(verdictOf(job, walk(job))).toMatchObject({ verdict: 'valid' });
        },
      ),
      { numRuns: RUNS, seed: 8 },
    );
  });
});

test('on many cores a counter is the limit, and clocks are not', async () => {
  const drawn = payments(1024, 256, { keys: 65_536, reads: 1 });
  const makespan = async (timestamps: string) => {
    const job = await jobOf(drawn, 'mvto', { timestamps, dispatch: 'dealt' });
    return simulate(job, { model: models['chip-1024'] }).makespan_ns;
  };
  const [counter, clock] = [await makespan('atomic'), await makespan('clock')];
  expect(counter).toBeGreaterThan(2 * clock);
});

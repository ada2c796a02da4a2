import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { COMPARE_EXCHANGE, LOAD } from '../../harness/machine/simulated/access.ts';
import { models } from '../../harness/machine/simulated/models/index.ts';
import { simulate } from '../../harness/machine/simulated/simulate.ts';
import { type BlockData, COMMITTED, defineWorkload, z } from '../../workloads/workload.ts';
import { cases, jobOf } from './cases.ts';
import { aborted, jobOn, RUNS, verdictOf, versionsWritten, walk } from './judge.ts';

/** Every transaction writes the one key, and what it writes is what it read. */
const silent = defineWorkload({
  name: 'silent',
  summary: 'writes what is there already',
  source: 'a test',
  parameters: z.strictObject({}),
  procedures: [
    function* (tx) {
      const value = yield* tx.read(0);
      tx.work(1000);
      yield* tx.write(0, value);
      return COMMITTED;
    },
  ],
  generate: (_, transactions): BlockData => ({
    transactions,
    keys: 1,
    initial: new Float64Array([7]),
    procedure: new Uint8Array(transactions),
    args: new Float64Array(0),
    argsFrom: new Int32Array(transactions + 1),
    maxReads: 1,
    maxWrites: 1,
  }),
  accessSets({ transactions }) {
    const from = Int32Array.from({ length: transactions + 1 }, (_, t) => t);
    const keys = new Int32Array(transactions);
    return { reads: { from, keys }, writes: { from, keys } };
  },
  check: (_, state) => (state[0] === 7 ? undefined : `key 0 is ${state[0]}`),
});

test('a write of the same value aborts nobody, though it does with versions', async () => {
  const block = silent.generate({}, 40, { integer: () => 0, unit: () => 0 });
  const run = walk(await jobOn(silent, block, { algorithm: 'norec', cores: 8, seed: 1 }));
  expect(aborted(run, 'value')).toBe(0);
  const versioned = walk(await jobOn(silent, block, { algorithm: 'tl2', cores: 8, seed: 1 }));
  expect(versionsWritten(versioned)).toHaveLength(40);
  expect(aborted(versioned, 'read') + aborted(versioned, 'validation')).toBeGreaterThan(0);
});

test('points: each writer has an even one of its own, and a reader comes half a step after a writer', async () => {
  await fc.assert(
    fc.asyncProperty(cases, async (drawn) => {
      const { points } = walk(await jobOf(drawn, 'norec'));
      const writers = [...points].filter(Number.isInteger).sort((a, b) => a - b);
      // From 2 on without a gap: the lock is taken only by those that commit.
      expect(writers).toEqual(writers.map((_, i) => 2 * (i + 1)));
      for (const point of points) {
        if (!Number.isInteger(point)) expect([0, ...writers]).toContain(point - 0.5);
      }
    }),
    { numRuns: RUNS, seed: 6 },
  );
});

test('a transaction that only reads writes no shared memory, and looks at the clock once more than it reads', async () => {
  const counts: Record<string, number> = {};
  const parameters = { keys: 64, operations: 4, reads: 1, repeats: 'redrawn' };
  const job = await jobOf({ workload: 'ycsb', parameters, transactions: 50, cores: 4, seed: 1 }, 'norec');
  walk(job, (_core, operation, place) => {
    const name = `${place?.name} ${operation}`;
    counts[name] = (counts[name] ?? 0) + 1;
  });
  expect(counts).toEqual({ [`clock ${LOAD}`]: 50 * 5, [`data ${LOAD}`]: 50 * 4, 'next 2': 54 });
});

describe.each([
  ['server-32', 32],
  ['two-socket', 64],
] as const)('on %s with %i cores', (machine, cores) => {
  test('rotations of a ring of three come to an end, and each time one of the contenders commits', async () => {
    const drawn = { workload: 'cycle', parameters: { keys: 3 }, transactions: 200, cores, seed: 1 };
    const job = await jobOf(drawn, 'norec');
    let taken = 0;
    const run = simulate(job, {
      model: models[machine],
      stepLimit: 2_000_000,
      observer: (_core, operation, _place, _index, result) => {
        if (operation === COMPARE_EXCHANGE && result === 2 * taken) taken++;
      },
    });
    expect(verdictOf(job, run)).toMatchObject({ verdict: 'valid' });
    expect(taken).toBe(200);
    expect(aborted(run, 'value')).toBeLessThan(200 * cores);
  });
});

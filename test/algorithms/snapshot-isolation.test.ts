import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { models } from '../../harness/machine/simulated/models/index.ts';
import { simulate } from '../../harness/machine/simulated/simulate.ts';
import { type BlockData, COMMITTED, defineWorkload, REVERTED, z } from '../../workloads/workload.ts';
import writeSkew from '../../workloads/write-skew.ts';
import { makeBlock } from '../workloads/serial.ts';
import { cases, jobOf } from './cases.ts';
import { jobOn, RUNS, verdictOf, walk } from './judge.ts';

test('has no anomaly but G2, on any workload', async () => {
  const found: Record<string, number> = {};
  await fc.assert(
    fc.asyncProperty(cases, async (drawn) => {
      const job = await jobOf(drawn, 'snapshot-isolation');
      const verdict = verdictOf(job, walk(job));
      const name = verdict.verdict === 'invalid' ? verdict.anomaly : verdict.verdict;
      found[name] = (found[name] ?? 0) + 1;
    }),
    { numRuns: RUNS, seed: 7 },
  );
  expect(Object.keys(found).sort()).toEqual(['G2', 'valid']);
});

describe('two withdrawals of all there is, from two accounts', () => {
  /** What became of them under many schedules: the outcomes, each with a run that came to them. */
  async function outcomes(algorithm: string) {
    const block = makeBlock(writeSkew, { pairs: 1, balance: 1, amount: 2 }, 2, 1);
    block.args[0] = block.args[5] = 0;
    block.args[1] = block.args[4] = 1;
    const seen = new Map<string, { broken: string | undefined; verdict: ReturnType<typeof verdictOf> }>();
    for (let seed = 0; seed < 50; seed++) {
      const job = await jobOn(writeSkew, block, { algorithm, cores: 2, seed });
      const run = walk(job);
      const broken = writeSkew.check(block, run.state, run.outcomes);
      seen.set([...run.outcomes].sort().join(), { broken, verdict: verdictOf(job, run) });
    }
    return seen;
  }

  test('both commit if they overlap: verification names the anomaly, the workload what is broken', async () => {
    const seen = await outcomes('snapshot-isolation');
    expect(seen.get([COMMITTED, REVERTED].join())).toMatchObject({ verdict: { verdict: 'valid' } });
    expect(seen.get([COMMITTED, COMMITTED].join())).toMatchObject({
      broken: 'pair 0 is overdrawn: -1 and -1 sum to -2',
      verdict: { verdict: 'invalid', anomaly: 'G2' },
    });
  });

  test.each(['silo', 'tl2', 'norec', 'block-stm'])('one reverts under %s', async (algorithm) => {
    expect([...(await outcomes(algorithm)).keys()]).toEqual([[COMMITTED, REVERTED].join()]);
  });
});

/** One writer of two keys after the other, and readers of both, which count how often they are executed. */
function readersAndWriters(executed: { readers: number }) {
  return defineWorkload({
    name: 'readers and writers',
    summary: 'increments of two keys, and looks at them',
    source: 'a test',
    parameters: z.strictObject({}),
    procedures: [
      function* (tx) {
        const value = yield* tx.read(0);
        yield* tx.write(0, value + 1);
        yield* tx.write(1, value + 1);
        return COMMITTED;
      },
      function* (tx) {
        executed.readers++;
        const value = yield* tx.read(0);
        tx.work(500);
        return (yield* tx.read(1)) === value ? COMMITTED : REVERTED;
      },
    ],
    generate: (_, transactions): BlockData => ({
      transactions,
      keys: 2,
      initial: new Float64Array(2),
      procedure: Uint8Array.from({ length: transactions }, (_unused, t) => t % 2),
      args: new Float64Array(0),
      argsFrom: new Int32Array(transactions + 1),
      maxReads: 2,
      maxWrites: 2,
    }),
    accessSets({ transactions }) {
      const from = Int32Array.from({ length: transactions + 1 }, (_, t) => 2 * t);
      const keys = Int32Array.from({ length: 2 * transactions }, (_, i) => i % 2);
      return { reads: { from, keys }, writes: { from, keys } };
    },
    check: (_, state) => (state[0] === state[1] ? undefined : `the keys are ${state[0]} and ${state[1]}`),
  });
}

test('loses no update, and a transaction that only reads is executed once, on one snapshot', async () => {
  for (let seed = 0; seed < 20; seed++) {
    const executed = { readers: 0 };
    const workload = readersAndWriters(executed);
    const block = workload.generate({}, 40, { integer: () => 0, unit: () => 0 });
    const run = walk(await jobOn(workload, block, { algorithm: 'snapshot-isolation', cores: 8, seed }));
    expect([...run.state]).toEqual([20, 20]);
    expect(run.outcomes.every((outcome) => outcome === COMMITTED)).toBe(true);
    expect(executed.readers).toBe(20);
  }
});

describe.each([
  ['server-32', 32],
  ['two-socket', 64],
] as const)('on %s with %i cores', (machine, cores) => {
  test('rotations of a ring of three come to an end', async () => {
    const drawn = { workload: 'cycle', parameters: { keys: 3 }, transactions: 200, cores, seed: 1 };
    const job = await jobOf(drawn, 'snapshot-isolation');
    const run = simulate(job, { model: models[machine], stepLimit: 2_000_000 });
    // Each rotation writes all that it reads: then snapshot isolation is serializable.
    expect(verdictOf(job, run)).toMatchObject({ verdict: 'valid' });
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { COMPARE_EXCHANGE, LOAD, STORE } from '../../harness/machine/simulated/access.ts';
import { models } from '../../harness/machine/simulated/models/index.ts';
import { simulate } from '../../harness/machine/simulated/simulate.ts';
import { type BlockData, COMMITTED, defineWorkload, type Procedure, z } from '../../workloads/workload.ts';
import { cases, jobOf } from './cases.ts';
import { Gate } from './gate.ts';
import { aborted, jobOn, model, RUNS, verdictOf, versionsWritten, walk } from './judge.ts';

const [X, Y, Z] = [0, 1, 2];

/** Transactions 0, 1, 2 on the keys x, y, z; transaction i calls procedure i. */
function workloadOf(procedures: readonly Procedure[]) {
  const block: BlockData = {
    transactions: procedures.length,
    keys: 3,
    initial: new Float64Array(3),
    procedure: Uint8Array.from(procedures.keys()),
    args: new Float64Array(0),
    argsFrom: new Int32Array(procedures.length + 1),
    maxReads: 3,
    maxWrites: 3,
  };
  const workload = defineWorkload({
    name: 'three-keys',
    summary: 'an example',
    source: 'a test',
    parameters: z.strictObject({}),
    procedures,
    generate: () => block,
    accessSets: () => {
      throw new Error('nobody asks for them');
    },
    check: () => undefined,
  });
  return { workload, block };
}

describe('time travel: a commit in the past of what was overwritten meanwhile', () => {
  async function example(algorithm: string) {
    const gate = new Gate();
    const { workload, block } = workloadOf([
      // Leaves x valid until 1, since it commits there.
      function* (tx) {
        yield* tx.write(Z, yield* tx.read(X));
        return COMMITTED;
      },
      // A: reads x, then B overwrites it, then A writes y.
      function* (tx) {
        const x = yield* tx.read(X);
        gate.open();
        yield* tx.write(Y, x + 1);
        return COMMITTED;
      },
      // B
      function* (tx) {
        yield* tx.write(X, 7);
        return COMMITTED;
      },
    ]);
    const job = await jobOn(workload, block, { algorithm, cores: 2, seed: 1 });
    const run = simulate(job, { model, schedule: gate });
    return { run, verdict: verdictOf(job, run) };
  }

  test('A commits at 1, before B at 2, though B was done first', async () => {
    const { run, verdict } = await example('tictoc');
    expect(run.cores.map(({ attempts }) => attempts)).toEqual([2, 1]);
    expect(versionsWritten(run).sort()).toEqual([
      [0, Z, 1],
      [1, Y, 1],
      [2, X, 2],
    ]);
    expect(verdict).toMatchObject({ verdict: 'valid', order: Int32Array.of(0, 1, 2) });
  });

  test('where Silo has to execute A again', async () => {
    const { run, verdict } = await example('silo');
    expect(aborted(run, 'validation')).toBe(1);
    expect(verdict).toMatchObject({ verdict: 'valid', order: Int32Array.of(0, 2, 1) });
  });
});

test('reads stay invisible while nothing is written: no access but loads', async () => {
  const parameters = { keys: 8, operations: 4, reads: 1 };
  const job = await jobOf({ workload: 'ycsb', parameters, transactions: 60, cores: 4, seed: 1 }, 'tictoc');
  const operations = new Set<number>();
  const run = simulate(job, {
    model,
    observer: (_core, operation, place) => {
      if (place?.name.startsWith('rows')) operations.add(operation);
    },
  });
  expect([...operations]).toEqual([LOAD]);
  expect(aborted(run, 'validation') + aborted(run, 'preemptive')).toBe(0);
});

/** Small enough for many conflicts, and with enough reads that write skew lies near: rts has to hold. */
const skew = fc.record({
  workload: fc.constant('ycsb'),
  parameters: fc.record({
    keys: fc.integer({ min: 4, max: 6 }),
    operations: fc.constant(3),
    reads: fc.constantFrom(0.6, 0.7),
    writes: fc.constantFrom('rmw', 'blind'),
    repeats: fc.constant('redrawn'),
  }),
  transactions: fc.constantFrom(24, 40),
  cores: fc.integer({ min: 4, max: 6 }),
  seed: fc.nat(1_000_000),
});
const options = fc.record({
  locking: fc.constantFrom('no-wait', 'wait'),
  preemptiveAborts: fc.constantFrom('on', 'off'),
  backoff: fc.constantFrom(0, 100),
});

test('keeps its guarantee where reads and writes nearly skew, under all options together', async () => {
  await fc.assert(
    fc.asyncProperty(skew, options, async (drawn, chosen) => {
      const job = await jobOf(drawn, 'tictoc', chosen);
      expect(verdictOf(job, walk(job))).toMatchObject({ verdict: 'valid' });
    }),
    { numRuns: 2 * RUNS, seed: 4 },
  );
});

test('who relies on an rts looks at the TID word after it, unless it holds the lock', async () => {
  await fc.assert(
    fc.asyncProperty(skew, async (drawn) => {
      const job = await jobOf(drawn, 'tictoc');
      // By core: the keys locked, the last TID word loaded, and the key whose rts nothing vouches for yet.
      const cores = Array.from({ length: drawn.cores }, () => ({
        locked: new Set<number>(),
        word: Number.NaN,
        open: Number.NaN,
      }));
      walk(job, (core, operation, place, key, result) => {
        const mine = cores[core];
        if (place?.name === 'rows.rts' && !mine.locked.has(key)) mine.open = key;
        if (place?.name !== 'rows.tid') return;
        if (!Number.isNaN(mine.open)) expect([operation, key]).toEqual([LOAD, mine.open]);
        mine.open = Number.NaN;
        if (operation === LOAD) mine.word = result;
        if (operation === COMPARE_EXCHANGE && result === mine.word) mine.locked.add(key);
        if (operation === STORE) mine.locked.delete(key);
      });
      expect(cores.map(({ open }) => open)).toEqual(cores.map(() => Number.NaN));
    }),
    { numRuns: Math.ceil(RUNS / 4), seed: 5 },
  );
});

describe('the optimizations', () => {
  const contended = {
    workload: 'cycle',
    parameters: { keys: 4 },
    transactions: 60,
    cores: 8,
    seed: 3,
  };

  test('no-wait starts the validation over at a held lock, wait never does', async () => {
    const retries = async (locking: string) => {
      const run = walk(await jobOf(contended, 'tictoc', { locking }));
      return run.cores.reduce((sum, { counters }) => sum + counters.lockRetries, 0);
    };
    expect(await retries('no-wait')).toBeGreaterThan(0);
    expect(await retries('wait')).toBe(0);
  });

  test('a preemptive abort only anticipates: off, the same attempts fail in validation', async () => {
    const aborts = async (preemptiveAborts: string) => {
      const run = walk(await jobOf(contended, 'tictoc', { preemptiveAborts }));
      return { preemptive: aborted(run, 'preemptive'), validation: aborted(run, 'validation') };
    };
    const on = await aborts('on');
    expect(on.preemptive).toBeGreaterThan(on.validation);
    expect(await aborts('off')).toMatchObject({ preemptive: 0, validation: expect.any(Number) });
  });

  test('a preemptive abort hits no attempt of a transaction that runs alone', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async (drawn) => {
        const run = walk(await jobOf({ ...drawn, cores: 1 }, 'tictoc'));
        expect(aborted(run, 'preemptive') + aborted(run, 'validation')).toBe(0);
      }),
      { numRuns: Math.ceil(RUNS / 4), seed: 6 },
    );
  });
});

test.each([
  ['two-socket', 64],
  ['server-32', 32],
] as const)('three keys on %s with %i cores come to an end', async (name, cores) => {
  for (const locking of ['no-wait', 'wait']) {
    const drawn = { workload: 'cycle', parameters: { keys: 3 }, transactions: 200, cores, seed: 1 };
    const job = await jobOf(drawn, 'tictoc', { locking });
    const run = simulate(job, { model: models[name], stepLimit: 2_000_000 });
    expect(verdictOf(job, run)).toMatchObject({ verdict: 'valid' });
  }
});

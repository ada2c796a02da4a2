import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Sightings, zombies } from '../../harness/check/zombies.ts';
import type { Run } from '../../harness/machine/run.ts';
import { COMPARE_EXCHANGE, STORE } from '../../harness/machine/simulated/access.ts';
import { models } from '../../harness/machine/simulated/models/index.ts';
import { simulate } from '../../harness/machine/simulated/simulate.ts';
import { seededRandom } from '../../workloads/random.ts';
import { scripts } from '../verify/arbitraries.ts';
import { type Script, workloadOf } from '../verify/scripts.ts';
import { cases, jobOf } from './cases.ts';
import { aborted, jobOn, model, RUNS, verdictOf, walk } from './judge.ts';
import { declaredBy, scripted, thinned, walked } from './known-sets.ts';

const KEYS = 5;
const options = fc.record({
  build: fc.constantFrom('timed', 'given'),
  ccCores: fc.nat(5),
  batch: fc.integer({ min: 1, max: 7 }),
  unready: fc.constantFrom('execute', 'wait'),
});
const runs = fc.record({ cores: fc.integer({ min: 1, max: 6 }), seed: fc.nat(1_000_000), options });

function attempts(run: Run): number {
  return run.cores.reduce((sum, core) => sum + core.attempts, 0);
}

describe('with access sets that are right', () => {
  test('executes each transaction once, whoever builds and however it waits', async () => {
    await fc.assert(
      fc.asyncProperty(scripts(KEYS, 20), runs, async (drawn, setting) => {
        const { job, run } = await walked(scripted(drawn, KEYS), { algorithm: 'bohm', ...setting });
        expect(verdictOf(job, run)).toMatchObject({ verdict: 'valid' });
        expect(attempts(run)).toBe(drawn.length);
      }),
      { numRuns: RUNS, seed: 1 },
    );
  });

  test('copies the value before through what is declared but not written, and through reverts', async () => {
    const reverts: Script = [['write', 0, 3], ['revert']];
    const block = scripted([[['write', 0, 7]], reverts, reverts, [['read', 0]]], 1);
    const { job, run } = await walked(block, { algorithm: 'bohm', cores: 4, seed: 3 });
    expect(verdictOf(job, run)).toMatchObject({ verdict: 'valid' });
    expect(run.state[0]).toBe(7);
  });
});

describe('with access sets that lie', () => {
  test('about reads only: searches for the version, and needs no other help', async () => {
    await fc.assert(
      fc.asyncProperty(scripts(KEYS, 20), runs, async (drawn, setting) => {
        const { reads, writes } = declaredBy(drawn);
        const block = scripted(drawn, KEYS, { reads: thinned(reads, setting.seed, 2), writes });
        const { job, run } = await walked(block, { algorithm: 'bohm', ...setting });
        expect(verdictOf(job, run)).toMatchObject({ verdict: 'valid' });
        expect(attempts(run)).toBe(drawn.length);
      }),
      { numRuns: RUNS, seed: 2 },
    );
  });

  test('about writes: still ends rightly, by executing the block serially', async () => {
    let fellBack = 0;
    await fc.assert(
      fc.asyncProperty(scripts(KEYS, 20), runs, async (drawn, setting) => {
        const { reads, writes } = declaredBy(drawn);
        const block = scripted(drawn, KEYS, { reads, writes: thinned(writes, setting.seed, 8) });
        const { job, run } = await walked(block, { algorithm: 'bohm', ...setting });
        expect(verdictOf(job, run)).toMatchObject({ verdict: 'valid' });
        expect(attempts(run)).toBe(drawn.length + aborted(run, 'undeclared'));
        if (aborted(run, 'undeclared') > 0) fellBack++;
      }),
      { numRuns: RUNS, seed: 3 },
    );
    expect(fellBack).toBeGreaterThan(RUNS / 4);
  });

  test('about writes: still shows no attempt an inconsistent state, nor a version that is void', async () => {
    const seen: Sightings = { traps: 0, rounds: 0 };
    const workload = zombies(seen);
    let fellBack = 0;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 3 }), runs, async (pairs, setting) => {
        const data = workload.generate({ pairs }, 24, seededRandom(setting.seed));
        const { reads, writes } = workload.accessSets(data);
        const block = { ...data, accessSets: { reads, writes: thinned(writes, setting.seed, 12) } };
        const run = walk(await jobOn(workload, block, { algorithm: 'bohm', ...setting }));
        expect(seen).toEqual({ traps: 0, rounds: 0 });
        if (aborted(run, 'undeclared') > 0) fellBack++;
      }),
      { numRuns: RUNS, seed: 6 },
    );
    expect(fellBack).toBeGreaterThan(RUNS / 4);
  });
});

describe('a reader whose writer nobody has started, as the core responsible is busy', () => {
  const long: Script = [['work', 100_000]];
  // Of two cores the first is responsible for 0 and 2; the second comes to 3 while that one is at 0.
  const block = scripted([long, [], [['add', 0, 1]], [['read', 0], ...long]], 1);

  async function observed(unready: string) {
    const job = await jobOn(workloadOf(), block, {
      algorithm: 'bohm',
      options: { unready },
      cores: 2,
      seed: 1,
    });
    const claims: [core: number, t: number][] = [];
    const run = simulate(job, {
      model,
      observer: (core, operation, place, t, result) => {
        const claimed = place?.name === 'claimed' && operation === COMPARE_EXCHANGE && result === 0;
        if (claimed) claims.push([core, t]);
      },
    });
    expect(verdictOf(job, run)).toMatchObject({ verdict: 'valid' });
    return { claims, makespan: run.makespan_ns / 100_000 };
  }

  test('executes it', async () => {
    const { claims, makespan } = await observed('execute');
    expect(claims).toContainEqual([1, 2]);
    expect(makespan).toBeCloseTo(1, 0);
  });

  test('or waits for that core', async () => {
    const { claims, makespan } = await observed('wait');
    expect(claims).toContainEqual([0, 2]);
    expect(makespan).toBeCloseTo(2, 0);
  });
});

test('separate CC cores do not execute, while the others start before all is built', async () => {
  const parameters = { accounts: 1000, variant: 'plain', work: 1000 };
  const drawn = { workload: 'transfers', parameters, transactions: 200, cores: 4, seed: 1 };
  const job = await jobOf(drawn, 'bohm', { ccCores: 2, batch: 10 });
  let started = 0;
  let built = 0;
  const run = simulate(job, {
    model: models['server-32'],
    observer: (_core, operation, place) => {
      // 20 batches by each of the two.
      if (place?.name === 'claimed' && built < 40) started++;
      if (place?.name === 'built' && operation === STORE) built++;
    },
  });
  expect(verdictOf(job, run)).toMatchObject({ verdict: 'valid' });
  expect(run.cores.map((core) => core.attempts > 0)).toEqual([false, false, true, true]);
  expect(started).toBeGreaterThan(0);
});

test('keeps its guarantee on all workloads with any number of CC cores', async () => {
  await fc.assert(
    fc.asyncProperty(cases, options, async (drawn, given) => {
      const job = await jobOf(drawn, 'bohm', given);
      expect(verdictOf(job, walk(job))).toMatchObject({ verdict: 'valid' });
    }),
    { numRuns: RUNS, seed: 5 },
  );
});

test.each([
  ['server-32', 32],
  ['two-socket', 64],
] as const)('comes to an end on a ring of three keys, on %s with %i cores', async (machine, cores) => {
  const drawn = { workload: 'cycle', parameters: { keys: 3 }, transactions: 200, cores, seed: 1 };
  for (const given of [{}, { unready: 'wait' }, { ccCores: 8 }]) {
    const job = await jobOf(drawn, 'bohm', given);
    const run = simulate(job, { model: models[machine], stepLimit: 100_000 });
    expect(verdictOf(job, run)).toMatchObject({ verdict: 'valid' });
  }
});

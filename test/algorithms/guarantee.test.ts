/**
 * The law: on the simulated machine every algorithm keeps its declared guarantee, whatever the workload, its
 * parameters and the schedule; and the controls, which promise nothing, are caught.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { resolve } from '../../harness/machine/declared.ts';
import type { Job } from '../../harness/machine/job.ts';
import type { Run } from '../../harness/machine/run.ts';
import { models } from '../../harness/machine/simulated/models/index.ts';
import { RandomWalk } from '../../harness/machine/simulated/schedules/random-walk.ts';
import { simulate } from '../../harness/machine/simulated/simulate.ts';
import { bound } from '../../harness/verify/bound.ts';
import { type Verdict, verify } from '../../harness/verify/verify.ts';
import { seededRandom } from '../../workloads/random.ts';
import { cases, jobOf, variants } from './cases.ts';

const model = models['server-32'];
const RUNS = Number(process.env.CONTEND_CASES ?? 200);

function walk(job: Job): Run {
  const random = seededRandom(job.seed);
  const schedule = new RandomWalk((bound) => random.integer(bound));
  return simulate(job, { model, schedule, stepLimit: 3_000_000 });
}

function verdictOf(job: Job, run: Run): Verdict {
  const { declaration } = job.workload;
  const block = { ...job.block, procedures: declaration.procedures };
  return verify(declaration, block, resolve(job.algorithm.declaration, job.options).guarantee, run);
}

describe.each(await variants())('$name $options', ({ name, options }) => {
  test('keeps its guarantee under random schedules', async () => {
    let rejected = 0;
    let controls = false;
    await fc.assert(
      fc.asyncProperty(cases, async (drawn) => {
        const job = await jobOf(drawn, name, options);
        const verdict = verdictOf(job, walk(job));
        const { guarantee } = resolve(job.algorithm.declaration, job.options);
        controls = guarantee === 'none' || guarantee === 'snapshot-isolation';
        if (controls) rejected += Number(verdict.verdict === 'invalid');
        else expect(verdict).toMatchObject({ verdict: 'valid' });
      }),
      { numRuns: RUNS, seed: 1 },
    );
    if (controls) expect(rejected).toBeGreaterThan(0);
  });

  test('keeps it in virtual time, and no run beats its bound', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async (drawn) => {
        const job = await jobOf(drawn, name, options);
        const run = simulate(job, { model });
        const verdict = verdictOf(job, run);
        if (verdict.verdict !== 'valid') return;
        const { guarantee } = resolve(job.algorithm.declaration, job.options);
        const block = { ...job.block, procedures: job.workload.declaration.procedures };
        const costs = { read_ns: model.hit_ns, work_ns: model.work_ns };
        const { bound_ns } = bound(block, verdict.order, guarantee, job.cores, costs);
        expect(run.makespan_ns).toBeGreaterThanOrEqual(bound_ns * (1 - 1e-9));
      }),
      { numRuns: RUNS, seed: 2 },
    );
  });

  test('is deterministic: the same seed gives the same accesses at the same times', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async (drawn) => {
        const job = await jobOf(drawn, name, options);
        expect(traceOf(job)).toEqual(traceOf(job));
      }),
      { numRuns: Math.ceil(RUNS / 6), seed: 3 },
    );
  });
});

function traceOf(job: Job): { trace: number[]; run: Run } {
  const trace: number[] = [];
  const run = simulate(job, {
    model,
    observer: (core, operation, _place, index, result, time_ns) =>
      trace.push(core, operation, index, result, time_ns),
  });
  return { trace, run };
}

test('uncontrolled is rejected on cycle', async () => {
  const drawn = { workload: 'cycle', parameters: { keys: 4 }, transactions: 40, cores: 4, seed: 5 };
  const job = await jobOf(drawn, 'uncontrolled');
  expect(verdictOf(job, walk(job))).toMatchObject({ verdict: 'invalid' });
});

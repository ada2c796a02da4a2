/** Blocks that a test makes itself, under random schedules; the suite's judge judges them. */
import type { Algorithm } from '../../algorithms/algorithm.ts';
import { MODEL } from '../../harness/check/judge.ts';
import type { Job } from '../../harness/machine/job.ts';
import { loadAlgorithm } from '../../harness/machine/load.ts';
import type { Run } from '../../harness/machine/run.ts';
import type { Observer } from '../../harness/machine/simulated/access.ts';
import { RandomWalk } from '../../harness/machine/simulated/schedules/random-walk.ts';
import { simulate } from '../../harness/machine/simulated/simulate.ts';
import { seededRandom } from '../../workloads/random.ts';
import type { BlockData, Workload } from '../../workloads/workload.ts';

export { MODEL as model, verdictOf } from '../../harness/check/judge.ts';

const STEP_LIMIT = 3_000_000;

/** Small random cases a property: more in a longer test. */
export const RUNS = Number(process.env.CONTEND_CASES ?? 40);

export interface Setting {
  readonly algorithm: string;
  readonly options?: Record<string, unknown>;
  readonly cores: number;
  readonly seed: number;
}

/** The job of a block that a test made itself. */
export async function jobOn(workload: Workload, block: BlockData, setting: Setting): Promise<Job> {
  const algorithm = await loadAlgorithm(setting.algorithm);
  const { declaration }: { declaration: Algorithm } = algorithm;
  return {
    algorithm,
    options: declaration.options.parse(setting.options ?? {}),
    workload: { reference: workload.name, declaration: workload },
    block,
    cores: setting.cores,
    seed: setting.seed,
    audit: true,
  };
}

/** Runs a job under a random walk that its seed decides. */
export function walk(job: Job, observer?: Observer): Run {
  const random = seededRandom(job.seed);
  const schedule = new RandomWalk((bound) => random.integer(bound));
  return simulate(job, { model: MODEL, schedule, stepLimit: STEP_LIMIT, ...(observer && { observer }) });
}

/** How often attempts were undone for a cause, on all cores. */
export function aborted(run: Run, cause: string): number {
  return run.cores.reduce((sum, { aborts }) => sum + aborts[cause], 0);
}

/** Each transaction's writes as the run reported them: [transaction, key, version]. */
export function versionsWritten(run: Run): [number, number, number][] {
  const writes: [number, number, number][] = [];
  for (const { versions } of run.cores) {
    for (let at = 0; at < versions.length; ) {
      const [t, reads, count] = versions.subarray(at, at + 3);
      at += 3 + 2 * reads;
      for (let i = 0; i < count; i++, at += 3) writes.push([t, versions[at], versions[at + 1]]);
    }
  }
  return writes;
}

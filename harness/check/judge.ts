/** Runs a configuration on the simulated machine and judges it: what came of it, or what is wrong with it. */

import { seededRandom } from '../../workloads/random.ts';
import type { Configuration } from '../experiment/configuration.ts';
import { resolve } from '../machine/declared.ts';
import type { Job } from '../machine/job.ts';
import type { Run } from '../machine/run.ts';
import type { Observer } from '../machine/simulated/access.ts';
import type { MachineModel } from '../machine/simulated/model.ts';
import { models } from '../machine/simulated/models/index.ts';
import { RandomWalk } from '../machine/simulated/schedules/random-walk.ts';
import { Recording } from '../machine/simulated/schedules/recorded.ts';
import type { Schedule } from '../machine/simulated/schedules/schedule.ts';
import { UnevenWalk } from '../machine/simulated/schedules/uneven-walk.ts';
import { simulate } from '../machine/simulated/simulate.ts';
import { told } from '../machine/told.ts';
import type { Verdict } from '../verify/verdict.ts';
import { verify } from '../verify/verify.ts';
import { jobOf, type Variant } from './cases.ts';

/** What is wrong with a run. */
export interface Finding {
  /** A verdict that is not valid, an error that ended the run, or a law of the suite's own that is broken. */
  readonly kind: 'invalid' | 'unknown' | 'error' | 'law';
  /** The anomaly's name, or the error's. */
  readonly name: string;
  readonly explanation: string;
}

/** A run with its verdict, or what ended it. */
export type Judged =
  | { readonly run: Run; readonly verdict: Verdict; readonly finding: Finding | undefined }
  | { readonly run?: undefined; readonly verdict?: undefined; readonly finding: Finding };

export const MODEL: MachineModel = models['server-32'];

export interface Conditions {
  readonly model?: MachineModel;
  /** Virtual time unless said otherwise. */
  readonly schedule?: Schedule;
  readonly stepLimit: number;
  readonly observer?: Observer;
}

/** Runs the job; an error that ends the run is a finding like any other. */
export function judge(job: Job, { model = MODEL, ...conditions }: Conditions): Judged {
  try {
    const run = simulate(job, { model, ...conditions });
    const verdict = verdictOf(job, run);
    return { run, verdict, finding: findingOf(verdict) };
  } catch (error) {
    return { finding: failure(error) };
  }
}

export function failure(error: unknown): Finding {
  return { kind: 'error', name: error instanceof Error ? error.name : 'error', explanation: told(error) };
}

export function verdictOf(job: Job, run: Run): Verdict {
  const { declaration } = job.workload;
  const block = { ...job.block, procedures: declaration.procedures };
  return verify(declaration, block, resolve(job.algorithm.declaration, job.options).guarantee, run);
}

export function findingOf(verdict: Verdict): Finding | undefined {
  switch (verdict.verdict) {
    case 'valid':
      return undefined;
    case 'invalid':
      return { kind: 'invalid', name: verdict.anomaly, explanation: verdict.explanation };
    case 'unknown':
      return { kind: 'unknown', name: 'unknown', explanation: verdict.reason };
  }
}

/** Whether the variant promises less than serializability, so that its runs may be, and should be, rejected. */
export function isControl({ algorithm, options }: Variant): boolean {
  const { guarantee } = resolve(algorithm.declaration, options);
  return guarantee === 'none' || guarantee === 'snapshot-isolation';
}

/** A random walk that can be told again, since its choices are kept: even or uneven, as the seed has it. */
export function randomWalk(seed: number): Recording {
  const random = seededRandom(seed);
  const Walk = random.integer(2) === 0 ? RandomWalk : UnevenWalk;
  return new Recording(new Walk((bound) => random.integer(bound)));
}

/** Runs a configuration, whose model decides. */
export function judgeConfiguration(configuration: Configuration, conditions: Conditions): Judged {
  const { model = MODEL } = configuration;
  return judge(jobOf(configuration), { ...conditions, model });
}

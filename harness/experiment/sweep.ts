/** Runs an experiment into a results folder: what `contend sweep` does, and all that runs a grid. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type Experiment, resolved } from './file/experiment.ts';
import { trialId } from './identity.ts';
import { lockFolder } from './lock.ts';
import { measure } from './measure.ts';
import { ResultsFolder } from './record.ts';
import { dealt, type Shard } from './shard.ts';
import type { Summary } from './summary.ts';
import type { Trial } from './trial.ts';
import { isEnough } from './until.ts';
import { UserError } from './user-error.ts';
import { type Work, workOf } from './work.ts';

export interface SweepOptions {
  /** The results folder. One that holds a part of this experiment is completed. */
  readonly out: string;
  /** Start afresh, whatever the folder holds. */
  readonly overwrite?: boolean;
  /** Run again what failed or was rejected. */
  readonly retry?: boolean;
  /** Go on in another environment than the rows come from that are there. */
  readonly mixed?: boolean;
  /** A part of the grid only. */
  readonly shard?: Shard | undefined;
  /** How many simulated trials run at once, as many as the host has cores by default; 0 for one in this thread. */
  readonly workers?: number | undefined;
  /** A simulated trial that takes longer has failed. */
  readonly timeout_ms?: number | undefined;
  /** Ends the sweep; the folder is left in order, to be resumed. */
  readonly signal?: AbortSignal | undefined;
  /** Told what there is to do, before anything is done. */
  readonly onPlan?: (plan: Plan) => void;
  /** Told what is being done. */
  readonly onProgress?: (message: string) => void;
  /** Told each trial once its row is on disk. */
  readonly onTrial?: (trial: Trial) => void;
}

export interface Plan {
  readonly todo: readonly Work[];
  /** How many trials have a row already. */
  readonly done: number;
}

export interface Swept {
  /** One a configuration that has a row, in the order of the grid. */
  readonly summaries: readonly Summary[];
  /** Whether the signal ended it before all was done. */
  readonly interrupted: boolean;
}

/** Runs every cell of the experiment that has no row yet. Rows are on disk as their trials end. */
export async function runExperiment(experiment: Experiment, options: SweepOptions): Promise<Swept> {
  const { out, signal } = options;
  const resume = !options.overwrite && isPartOf(experiment, out);
  const lock = lockFolder(out);
  try {
    const folder = open(experiment, options, resume);
    if (options.retry) folder.forgetRejected();
    const before = folder.trials;
    const todo = pending(experiment, options.shard, before);
    options.onPlan?.({ todo, done: before.length });
    const { until } = experiment;
    const { workers = availableParallelism(), timeout_ms, onProgress } = options;
    for await (const trial of measure(todo, { workers, timeout_ms, until, signal, onProgress })) {
      folder.add(trial);
      options.onTrial?.(trial);
    }
    return { summaries: folder.close(), interrupted: signal?.aborted ?? false };
  } finally {
    lock.release();
  }
}

function open(experiment: Experiment, { out, mixed = false }: SweepOptions, resume: boolean): ResultsFolder {
  const { configurations, name, repetitions } = experiment;
  const file = resolved(experiment, out);
  return new ResultsFolder(out, { experiment: name, configurations, repetitions, file, resume, mixed });
}

/** Whether the folder holds this very experiment. Throws a UserError where it holds another one. */
export function isPartOf(experiment: Experiment, directory: string): boolean {
  const path = join(directory, 'experiment.yaml');
  if (existsSync(path)) {
    if (readFileSync(path, 'utf8') === resolved(experiment, directory)) return true;
    throw new UserError(
      `${directory} holds another experiment (its experiment.yaml differs from this one): ` +
        'choose another --out, or lose what is there with --overwrite',
    );
  }
  const foreign = existsSync(directory) && readdirSync(directory).includes('runs.csv');
  if (!foreign) return false;
  throw new UserError(
    `${directory} holds results that no experiment file made: choose another --out, or lose them with --overwrite`,
  );
}

/** What has no row yet. With a limit on the interval, what has all its rows may still need more. */
function pending(
  { configurations, repetitions, until }: Experiment,
  shard: Shard | undefined,
  done: readonly Trial[],
): Work[] {
  const whole = workOf(configurations, repetitions);
  const mine = shard === undefined ? whole : dealt(whole, shard);
  const ids = new Set(done.map((trial) => trialId(trial.configuration, trial.repetition)));
  const of = Map.groupBy(done, ({ configuration }) => configuration);
  return mine.flatMap(({ configuration, repetitions: all }): Work[] => {
    const left = all.filter((repetition) => !ids.has(trialId(configuration, repetition)));
    const trials = of.get(configuration) ?? [];
    const earlier = trials
      .filter(({ verdict }) => verdict.verdict === 'valid')
      .map(({ metrics }) => metrics.throughput_tps);
    if (left.length > 0) return [{ configuration, repetitions: left, earlier }];
    if (until === undefined || configuration.model !== undefined) return [];
    const taken = Math.max(...trials.map(({ repetition }) => repetition));
    return isEnough(earlier, taken, until) ? [] : [{ configuration, repetitions: [taken + 1], earlier }];
  });
}

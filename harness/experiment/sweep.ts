/** Runs an experiment into a results folder: what `contend sweep` does, and all that runs a grid. */
import type { Experiment } from './file/experiment.ts';
import { measure } from './measure.ts';
import { ResultsFolder } from './record.ts';
import { type Summary, summarize } from './summary.ts';
import type { Trial } from './trial.ts';
import { workOf } from './work.ts';

export interface SweepOptions {
  /** The results folder. */
  readonly out: string;
  /** Told what is being done. */
  readonly onProgress?: (message: string) => void;
  /** Told each trial once its row is on disk. */
  readonly onTrial?: (trial: Trial) => void;
}

export interface Swept {
  /** One a configuration, in the order of the grid. */
  readonly summaries: readonly Summary[];
}

/** Runs every cell of the experiment. Rows are on disk as their trials end. */
export async function runExperiment(experiment: Experiment, options: SweepOptions): Promise<Swept> {
  const { configurations, name, repetitions } = experiment;
  const folder = new ResultsFolder(options.out, { experiment: name, configurations, repetitions });
  const trials: Trial[] = [];
  for await (const trial of measure(workOf(configurations, repetitions), options)) {
    folder.add(trial);
    trials.push(trial);
    options.onTrial?.(trial);
  }
  folder.close();
  return { summaries: summarize(trials) };
}

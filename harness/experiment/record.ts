/**
 * A results folder: what an experiment leaves on disk.
 *
 *   environment.json   written at opening
 *   runs.csv           a row a valid trial, on disk as the trial ends
 *   rejected.csv       a row any other trial, and counterexamples/<trial>.json
 *   summary.csv        a row a configuration, written at the end
 *
 * Rows are appended as trials end, which on real threads is in a random order; closing the folder puts them in
 * the fixed one: simulated before threads, then the order of the configurations, then the repetition. Rows of
 * simulated trials hold nothing that differs from one run to the next, so these are the same bytes each time.
 */
import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { commandFor } from '../report/command.ts';
import { type Configuration, THREADS } from './configuration.ts';
import { environment } from './environment.ts';
import { configurationId, refuseNamesakes, requestOf, trialId } from './identity.ts';
import {
  counterexampleOf,
  csvLine,
  extraColumns,
  REJECTED_COLUMNS,
  RUN_COLUMNS,
  SCHEMA,
  SUMMARY_COLUMNS,
  summaryRow,
  trialRow,
} from './row.ts';
import { summarize } from './summary.ts';
import type { Trial } from './trial.ts';
import { UserError } from './user-error.ts';

export interface RecordOptions {
  /** The experiment's name, the first thing a row says of itself after its schema. */
  readonly experiment: string;
  /** All that will run, in order: they decide which columns there are. */
  readonly configurations: readonly Configuration[];
  readonly repetitions: number;
}

export class ResultsFolder {
  readonly #directory: string;
  readonly #options: RecordOptions;
  readonly #columns: readonly string[];
  readonly #order: ReadonlyMap<string, number>;
  readonly #trials: Trial[] = [];
  readonly #files: Readonly<Record<'runs' | 'rejected', number>>;

  /** Starts the folder afresh. Throws a UserError where nothing can be written, before anything is lost. */
  constructor(directory: string, options: RecordOptions) {
    refuseNamesakes(options.configurations);
    this.#directory = directory;
    this.#options = options;
    this.#columns = extraColumns(options.configurations);
    this.#order = new Map(inOrder(options.configurations).map((c, at) => [configurationId(c), at]));
    try {
      this.#files = this.#start();
    } catch (error) {
      throw new UserError(`cannot write results to ${directory}: ${(error as Error).message}`);
    }
  }

  #start(): { runs: number; rejected: number } {
    makeFolder(this.#directory);
    const models = new Map(
      this.#options.configurations.flatMap(({ model }) => (model ? [[model.name, model]] : [])),
    );
    this.#writeJson('environment.json', environment([...models.values()]));
    clearCounterexamples(join(this.#directory, 'counterexamples'));
    const start = (name: string, header: readonly string[]): number => {
      const file = openSync(join(this.#directory, name), 'w');
      appendFileSync(file, csvLine(header));
      return file;
    };
    closeSync(start('summary.csv', [...SUMMARY_COLUMNS, ...this.#columns]));
    return {
      runs: start('runs.csv', this.#header('runs')),
      rejected: start('rejected.csv', this.#header('rejected')),
    };
  }

  /** Writes the trial's row, to the file that its verdict says. The row is on disk when this returns. */
  add(trial: Trial): void {
    this.#trials.push(trial);
    const file = fileOf(trial);
    if (file === 'rejected') this.#writeCounterexample(trial);
    appendFileSync(this.#files[file], this.#line(file, trial));
  }

  /** Puts the rows in their fixed order and writes the summary. */
  close(): void {
    for (const file of ['runs', 'rejected'] as const) {
      closeSync(this.#files[file]);
      const trials = this.#trials.filter((trial) => fileOf(trial) === file);
      const sorted = this.#sorted(trials);
      if (sorted.every((trial, at) => trial === trials[at])) continue;
      this.#replace(
        `${file}.csv`,
        csvLine(this.#header(file)) + sorted.map((t) => this.#line(file, t)).join(''),
      );
    }
    const header = [...SUMMARY_COLUMNS, ...this.#columns];
    const rows = summarize(this.#sorted(this.#trials)).map((summary) => {
      const row = summaryRow(this.#options.experiment, summary);
      return csvLine(header.map((column) => row[column] ?? ''));
    });
    this.#replace('summary.csv', csvLine(header) + rows.join(''));
  }

  #header(file: 'runs' | 'rejected'): readonly string[] {
    return [...RUN_COLUMNS, ...this.#columns, ...(file === 'rejected' ? REJECTED_COLUMNS : [])];
  }

  #line(file: 'runs' | 'rejected', trial: Trial): string {
    const row = trialRow(this.#options.experiment, trial);
    return csvLine(this.#header(file).map((column) => row[column] ?? ''));
  }

  #sorted(trials: readonly Trial[]): Trial[] {
    const place = ({ configuration }: Trial): number => this.#order.get(configurationId(configuration)) ?? -1;
    return trials.toSorted((a, b) => place(a) - place(b) || a.repetition - b.repetition);
  }

  #writeCounterexample(trial: Trial): void {
    const { configuration, repetition, verdict } = trial;
    if (verdict.verdict === 'valid') return;
    mkdirSync(join(this.#directory, 'counterexamples'), { recursive: true });
    this.#writeJson(counterexampleOf(trial), {
      schema: SCHEMA,
      trial: trialId(configuration, repetition),
      repetition,
      configuration: requestOf(configuration),
      ...verdict,
      command: commandFor(configuration, this.#options),
    });
  }

  #writeJson(name: string, content: unknown): void {
    writeFileSync(join(this.#directory, name), `${JSON.stringify(content, null, 2)}\n`);
  }

  /** Whole or not at all: whoever reads meanwhile, or kills us, finds one version or the other. */
  #replace(name: string, content: string): void {
    const path = join(this.#directory, name);
    writeFileSync(`${path}.partial`, content);
    renameSync(`${path}.partial`, path);
  }
}

/** Only what an earlier experiment left here goes; a folder may hold other things too. */
function clearCounterexamples(directory: string): void {
  if (!existsSync(directory)) return;
  for (const name of readdirSync(directory)) {
    if (/^[0-9a-f]{12}\.json$/.test(name)) rmSync(join(directory, name));
  }
}

function fileOf({ verdict }: Trial): 'runs' | 'rejected' {
  return verdict.verdict === 'valid' ? 'runs' : 'rejected';
}

function inOrder(configurations: readonly Configuration[]): Configuration[] {
  const isThreads = ({ machine }: Configuration): number => Number(machine === THREADS);
  return configurations.toSorted((a, b) => isThreads(a) - isThreads(b));
}

/** One folder at a time: the recursive form of Node 24 never ends under /proc. */
export function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path);
}

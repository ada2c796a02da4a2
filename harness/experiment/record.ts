/**
 * A results folder: what an experiment leaves on disk.
 *
 *   experiment.yaml    of a sweep: the experiment, every default written out
 *   environment.json   written at opening
 *   runs.csv           a row a valid trial, on disk as the trial ends
 *   rejected.csv       a row any other trial, and counterexamples/<trial>.json
 *   summary.csv        a row a configuration, written at the end
 *
 * Rows are appended as trials end, in whatever order; closing the folder puts them in the fixed one: simulated
 * before threads, then the order of the configurations, then the repetition. Rows of simulated trials hold
 * nothing that differs from one run to the next, so these are the same bytes each time. The summary is made
 * from the rows as they stand in the files, so a sweep that was cut short and resumed has the same one.
 */
import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { commandFor } from '../report/command.ts';
import { type Configuration, machineName, THREADS } from './configuration.ts';
import { differences, type Environment, environment } from './environment.ts';
import { configurationId, refuseNamesakes, requestOf, trialId } from './identity.ts';
import { readRows, repairRows } from './results.ts';
import {
  counterexampleOf,
  csvLine,
  header,
  line,
  type Row,
  SCHEMA,
  summaryRow,
  trialOf,
  trialRow,
} from './row.ts';
import { type Summary, summarize } from './summary.ts';
import type { Trial } from './trial.ts';
import { UserError } from './user-error.ts';

export interface RecordOptions {
  /** The experiment's name, the first thing a row says of itself after its schema. */
  readonly experiment: string;
  /** All that may have a row, in order: they decide which columns there are. */
  readonly configurations: readonly Configuration[];
  readonly repetitions: number;
  /** The experiment as YAML, to be kept beside its results. */
  readonly file?: string;
  /** Keep the rows that are there, rather than start afresh. */
  readonly resume?: boolean;
  /** Rows may come from differing environments; all of these go on record. */
  readonly mixed?: boolean;
  /** Where the rows come from that will be added; from here unless said otherwise. */
  readonly environments?: readonly Environment[];
}

type TrialsFile = 'runs' | 'rejected';

/** A row that is on disk, and what it tells of. */
interface Recorded {
  readonly file: TrialsFile;
  readonly row: Row;
  readonly trial: Trial;
}

export class ResultsFolder {
  readonly #directory: string;
  readonly #options: RecordOptions;
  readonly #environments: readonly Environment[];
  readonly #headers: Readonly<Record<TrialsFile | 'summary', readonly string[]>>;
  readonly #order: ReadonlyMap<string, number>;
  /** By what is cheap to tell of a row. */
  readonly #candidates: ReadonlyMap<string, readonly Configuration[]>;
  /** By trial. */
  readonly #recorded = new Map<string, Recorded>();
  readonly #files: Readonly<Record<TrialsFile, number>>;

  /** Opens the folder for rows. Throws a UserError where nothing can be written, before anything is lost. */
  constructor(directory: string, options: RecordOptions) {
    const { configurations } = options;
    refuseNamesakes(configurations);
    this.#directory = directory;
    this.#options = options;
    // Before anything is written: a folder that git knows would make the working copy a changed one.
    this.#environments = options.environments ?? [environment(configurations)];
    this.#headers = {
      runs: header('runs', configurations),
      rejected: header('rejected', configurations),
      summary: header('summary', configurations),
    };
    this.#order = new Map(inOrder(configurations).map((c, at) => [configurationId(c), at]));
    this.#candidates = Map.groupBy(configurations, coarseKey);
    try {
      this.#files = options.resume ? this.#resume() : this.#start();
    } catch (error) {
      if (error instanceof UserError) throw error;
      throw new UserError(`cannot write results to ${directory}: ${(error as Error).message}`);
    }
  }

  /** Every trial that has a row, in the fixed order. */
  get trials(): Trial[] {
    return this.#sorted().map(({ trial }) => trial);
  }

  /** Writes the trial's row, to the file that its verdict says. The row is on disk when this returns. */
  add(trial: Trial): void {
    const file = trial.verdict.verdict === 'valid' ? 'runs' : 'rejected';
    if (file === 'rejected' && trial.failure === undefined) this.#writeCounterexample(trial);
    this.#append(file, trialRow(this.#options.experiment, trial));
  }

  /** Takes over a row from elsewhere, and its counterexample. Returns whether it was new here. */
  adopt(file: TrialsFile, row: Row, from: string): boolean {
    if (this.#recorded.has(row.trial)) return false;
    if (row.counterexample) {
      mkdirSync(join(this.#directory, 'counterexamples'), { recursive: true });
      this.#replace(row.counterexample, readFileSync(join(from, row.counterexample), 'utf8'));
    }
    this.#append(file, row);
    return true;
  }

  /** The row of a trial, if there is one. */
  rowOf(trial: string): Row | undefined {
    return this.#recorded.get(trial)?.row;
  }

  /** Forgets the trials that have no valid verdict, so that they can be run again. */
  forgetRejected(): void {
    for (const [id, { file, row }] of this.#recorded) {
      if (file !== 'rejected') continue;
      this.#recorded.delete(id);
      if (row.counterexample) rmSync(join(this.#directory, row.counterexample), { force: true });
    }
    // The open file stays what is appended to, so it is emptied rather than replaced.
    writeFileSync(join(this.#directory, 'rejected.csv'), csvLine(this.#headers.rejected));
  }

  /** Puts the rows in their fixed order and writes the summary. */
  close(): Summary[] {
    const sorted = this.#sorted();
    for (const file of ['runs', 'rejected'] as const) {
      closeSync(this.#files[file]);
      const rows = sorted.filter((recorded) => recorded.file === file).map(({ row }) => row);
      this.#replaceIfOther(`${file}.csv`, this.#text(file, rows));
    }
    const summaries = summarize(sorted.map(({ trial }) => trial));
    const rows = summaries.map((summary) => summaryRow(this.#options.experiment, summary));
    this.#replace('summary.csv', this.#text('summary', rows));
    return summaries;
  }

  #start(): Record<TrialsFile, number> {
    makeFolder(this.#directory);
    clearCounterexamples(join(this.#directory, 'counterexamples'));
    for (const name of ['experiment.yaml', 'summary.csv', 'runs.csv', 'rejected.csv']) {
      rmSync(join(this.#directory, name), { force: true });
    }
    this.#admitEnvironments([]);
    // The last of what says whose folder this is: where it is missing, nothing is lost by starting again.
    if (this.#options.file !== undefined) this.#replace('experiment.yaml', this.#options.file);
    this.#replace('summary.csv', csvLine(this.#headers.summary));
    return this.#open();
  }

  #resume(): Record<TrialsFile, number> {
    this.#admitEnvironments(this.#knownEnvironments());
    for (const file of ['runs', 'rejected'] as const) {
      const path = join(this.#directory, `${file}.csv`);
      if (!existsSync(path)) continue;
      repairRows(path, csvLine(this.#headers[file]));
      for (const row of readRows(path)) this.#keep(file, row, path);
      this.#replaceIfOther(`${file}.csv`, this.#text(file, this.#rowsOf(file)));
    }
    return this.#open();
  }

  /** Rows come from one environment, unless somebody says that it does not matter. */
  #admitEnvironments(before: readonly Environment[]): void {
    const { configurations, mixed } = this.#options;
    const measured = configurations.some(({ model }) => model === undefined);
    const known = [...before];
    for (const one of this.#environments) {
      const nearest = known.map((other) => differences(other, one, measured));
      if (nearest.some((differing) => differing.length === 0)) continue;
      if (nearest.length > 0 && !mixed) {
        throw new UserError(
          `the rows in ${this.#directory} come from another environment: ${nearest[0].join('; ')} ` +
            '(--mixed adds to them all the same, --overwrite starts afresh)',
        );
      }
      known.push(one);
    }
    const [own, ...also] = known;
    this.#writeJson('environment.json', also.length > 0 ? { ...own, also } : own);
  }

  #knownEnvironments(): Environment[] {
    const path = join(this.#directory, 'environment.json');
    if (!existsSync(path)) return [];
    const { also = [], ...own }: Environment = JSON.parse(readFileSync(path, 'utf8'));
    return [own, ...also];
  }

  #open(): Record<TrialsFile, number> {
    const open = (file: TrialsFile): number => {
      const path = join(this.#directory, `${file}.csv`);
      if (!existsSync(path)) this.#replace(`${file}.csv`, csvLine(this.#headers[file]));
      return openSync(path, 'a');
    };
    return { runs: open('runs'), rejected: open('rejected') };
  }

  #append(file: TrialsFile, row: Row): void {
    this.#keep(file, row, `the row of ${file}.csv`);
    appendFileSync(this.#files[file], line(this.#headers[file], row));
  }

  #keep(file: TrialsFile, row: Row, path: string): void {
    const configuration = this.#configurationOf(row);
    if (configuration === undefined) {
      throw new UserError(
        `${path} has a trial that this experiment has not: ${row.trial}, ${row.algorithm} on ${row.workload}; ` +
          'did another version of an algorithm or a machine model run it?',
      );
    }
    if (!this.#recorded.has(row.trial)) {
      this.#recorded.set(row.trial, { file, row, trial: trialOf(row, configuration) });
    }
  }

  /** The configuration that a row tells of: the one whose trial of that repetition has the row's hash. */
  #configurationOf(row: Row): Configuration | undefined {
    const candidates = this.#candidates.get(coarseKeyOfRow(row)) ?? [];
    return candidates.find((candidate) => trialId(candidate, Number(row.repetition)) === row.trial);
  }

  #rowsOf(file: TrialsFile): Row[] {
    return [...this.#recorded.values()].filter((recorded) => recorded.file === file).map(({ row }) => row);
  }

  #text(file: TrialsFile | 'summary', rows: readonly Row[]): string {
    const columns = this.#headers[file];
    return csvLine(columns) + rows.map((row) => line(columns, row)).join('');
  }

  #sorted(): Recorded[] {
    const place = ({ trial }: Recorded): number =>
      this.#order.get(configurationId(trial.configuration)) ?? -1;
    const placed = [...this.#recorded.values()].map((recorded) => ({ recorded, at: place(recorded) }));
    placed.sort((a, b) => a.at - b.at || a.recorded.trial.repetition - b.recorded.trial.repetition);
    return placed.map(({ recorded }) => recorded);
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
    this.#replace(name, `${JSON.stringify(content, null, 2)}\n`);
  }

  #replaceIfOther(name: string, content: string): void {
    if (readFileSync(join(this.#directory, name), 'utf8') !== content) this.#replace(name, content);
  }

  /** Whole or not at all: whoever reads meanwhile, or kills us, finds one version or the other. */
  #replace(name: string, content: string): void {
    const path = join(this.#directory, name);
    writeFileSync(`${path}.partial`, content);
    renameSync(`${path}.partial`, path);
  }
}

/** Cheap to tell of both a configuration and a row, so that hashes are compared with a few only. */
function coarseKey(configuration: Configuration): string {
  const { algorithm, workload, cores, transactions, seed } = configuration;
  const names = [algorithm.declaration.name, workload.declaration.name, machineName(configuration)];
  return [...names, cores, transactions, seed].join();
}

function coarseKeyOfRow({ algorithm, workload, machine, cores, transactions, seed }: Row): string {
  return [algorithm, workload, machine, cores, transactions, seed].join();
}

/** Only what an earlier experiment left here goes; a folder may hold other things too. */
function clearCounterexamples(directory: string): void {
  if (!existsSync(directory)) return;
  for (const name of readdirSync(directory)) {
    if (/^[0-9a-f]{12}\.json$/.test(name)) rmSync(join(directory, name));
  }
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

/** Joins results folders of one experiment, as shards on several machines leave them. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Configuration } from './configuration.ts';
import { differences, type Environment } from './environment.ts';
import { type Experiment, readExperiment, resolved } from './file/experiment.ts';
import { trialId } from './identity.ts';
import { lockFolder } from './lock.ts';
import { ResultsFolder } from './record.ts';
import { type Results, readResults } from './results.ts';
import type { Row } from './row.ts';
import type { Summary } from './summary.ts';
import { isPartOf } from './sweep.ts';
import { UserError } from './user-error.ts';
import { workOf } from './work.ts';

export interface MergeOptions {
  /** The folder for the whole. One that holds a part of the experiment already is added to. */
  readonly out: string;
  readonly overwrite?: boolean;
  /** Join rows of differing environments, and put all of these on record. */
  readonly mixed?: boolean;
}

export interface Merged {
  readonly summaries: readonly Summary[];
  /** Rows that were not in the folder before. */
  readonly added: number;
  /** Trials of the experiment that no folder has a row of. */
  readonly missing: readonly MissingTrial[];
}

interface MissingTrial {
  readonly configuration: Configuration;
  readonly repetition: number;
}

/**
 * Throws a UserError where the folders are not parts of one experiment, of one schema and, unless told otherwise,
 * of one environment, or where two have a trial with different numbers. Nothing is written then. Merging again
 * changes nothing.
 */
export async function merge(directories: readonly string[], options: MergeOptions): Promise<Merged> {
  const { out, mixed = false } = options;
  const parts = [...new Set(directories.map((directory) => resolve(directory)))]
    .filter((directory) => directory !== resolve(out))
    .map(readPart);
  if (parts.length === 0) throw new UserError('no folder to merge but the one that is written to');
  refuseOthers(parts);
  if (!mixed) refuseStrangers(parts);
  const experiment = await readExperiment(join(parts[0].directory, 'experiment.yaml'));
  refuseContradictions(parts);
  const resume = !options.overwrite && isPartOf(experiment, out);
  const lock = lockFolder(out);
  try {
    const { configurations, name, repetitions } = experiment;
    const file = resolved(experiment, out);
    const folder = new ResultsFolder(out, {
      ...{ experiment: name, configurations, repetitions, file, resume, mixed },
      environments: environmentsOf(parts),
    });
    const added = parts.reduce((sum, part) => sum + adopted(folder, part), 0);
    const missing = missingFrom(experiment, folder);
    return { summaries: folder.close(), added, missing };
  } finally {
    lock.release();
  }
}

function readPart(directory: string): Results {
  const part = readResults(directory);
  if (existsSync(join(directory, 'experiment.yaml'))) return part;
  throw new UserError(`${directory} is no part of a sweep: it has no experiment.yaml`);
}

function refuseOthers(parts: readonly Results[]): void {
  const [first, ...others] = parts.map(({ directory }) => ({
    directory,
    text: readFileSync(join(directory, 'experiment.yaml'), 'utf8'),
  }));
  const other = others.find(({ text }) => text !== first.text);
  if (other === undefined) return;
  throw new UserError(`${other.directory} holds another experiment than ${first.directory}`);
}

function refuseStrangers(parts: readonly Results[]): void {
  const [first] = parts;
  for (const { directory, environment, runs } of parts) {
    const measured = [...runs, ...first.runs].some(({ machine }) => machine === 'threads');
    const differing = differences(first.environment, environment, measured);
    if (differing.length === 0) continue;
    throw new UserError(
      `${directory} comes from another environment than ${first.directory}: ${differing.join('; ')} ` +
        '(--mixed joins them all the same)',
    );
  }
}

/** A trial that two folders have must be the same row in both: a simulated one is, a measured one never. */
function refuseContradictions(parts: readonly Results[]): void {
  const known = new Map<string, { readonly row: Row; readonly directory: string }>();
  for (const { directory, rejected, runs } of parts) {
    for (const row of [...runs, ...rejected]) {
      const before = known.get(row.trial);
      if (before !== undefined && JSON.stringify(before.row) !== JSON.stringify(row)) {
        throw new UserError(
          `trial ${row.trial} (${row.algorithm} on ${row.workload}, ${row.machine}) has other numbers in ` +
            `${directory} than in ${before.directory}: which are to count?`,
        );
      }
      known.set(row.trial, { row, directory });
    }
  }
}

function environmentsOf(parts: readonly Results[]): readonly Environment[] {
  return parts.flatMap(({ environment: { also = [], ...own } }) => [own, ...also]);
}

function adopted(folder: ResultsFolder, { directory, rejected, runs }: Results): number {
  const count = (file: 'runs' | 'rejected', rows: readonly Row[]): number =>
    rows.filter((row) => folder.adopt(file, row, directory)).length;
  return count('runs', runs) + count('rejected', rejected);
}

function missingFrom({ configurations, repetitions }: Experiment, folder: ResultsFolder): MissingTrial[] {
  return workOf(configurations, repetitions).flatMap(({ configuration, repetitions: all }) =>
    all
      .filter((repetition) => folder.rowOf(trialId(configuration, repetition)) === undefined)
      .map((repetition) => ({ configuration, repetition })),
  );
}

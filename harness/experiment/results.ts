/** A results folder, read back. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { Environment } from './environment.ts';
import { type Row, SCHEMA } from './row.ts';
import { UserError } from './user-error.ts';

export interface Results {
  readonly directory: string;
  readonly environment: Environment;
  /** A row a valid trial; cells as they stand in the file, the empty string where there is nothing. */
  readonly runs: readonly Row[];
  /** A row any other trial. */
  readonly rejected: readonly Row[];
  /** A row a configuration. */
  readonly summary: readonly Row[];
}

/** Throws a UserError where the folder is none of ours, or of another schema. */
export function readResults(directory: string): Results {
  const path = join(directory, 'environment.json');
  if (!existsSync(path)) throw new UserError(`${directory} is no results folder: it has no environment.json`);
  return {
    directory,
    environment: JSON.parse(readFileSync(path, 'utf8')),
    runs: readRows(join(directory, 'runs.csv')),
    rejected: readRows(join(directory, 'rejected.csv')),
    summary: readRows(join(directory, 'summary.csv')),
  };
}

/** The rows of one results file, by column. Throws a UserError where it cannot be read, or is of another schema. */
export function readRows(path: string): Row[] {
  const rows = parseRows(path);
  const other = rows.find(({ schema }) => schema !== `${SCHEMA}`);
  if (other === undefined) return rows;
  throw new UserError(`${path} has rows of schema ${other.schema ?? '(none)'}; this version reads ${SCHEMA}`);
}

function parseRows(path: string): Row[] {
  try {
    const text = readFileSync(path, 'utf8');
    // Whoever writes it may be at the last line, or have been killed there.
    return parse(text.slice(0, endOfLastLine(text)), { columns: true });
  } catch (error) {
    throw new UserError(`cannot read ${path}: ${(error as Error).message}`);
  }
}

/**
 * Takes a last line away that was not written whole, as a killed process may leave it. Throws a UserError where
 * the file's header is not this one.
 */
export function repairRows(path: string, header: string): void {
  const text = readFileSync(path, 'utf8');
  const whole = text.slice(0, endOfLastLine(text));
  if (whole !== '' && !whole.startsWith(header)) {
    throw new UserError(`${path} has other columns than this version writes for this experiment`);
  }
  if (whole === text && text !== '') return;
  writeFileSync(`${path}.partial`, whole === '' ? header : whole);
  renameSync(`${path}.partial`, path);
}

/** Where the last whole line ends; a line break within quotes ends none. */
function endOfLastLine(text: string): number {
  let end = 0;
  let isQuoted = false;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '"') isQuoted = !isQuoted;
    else if (text[at] === '\n' && !isQuoted) end = at + 1;
  }
  return end;
}

/** The columns of rows as charts use them: those of the files and a few that follow from them. */
import { unknown } from '../../experiment/configuration.ts';
import type { Row } from '../../experiment/row.ts';
import { UserError } from '../../experiment/user-error.ts';

/** What follows from a row's own cells, by the name of its column. Ratios and shares, so without a unit. */
const DERIVED: Readonly<Record<string, (cell: (name: string) => number) => number>> = {
  aborts_per_commit: (cell) => cell('aborts') / (cell('committed') + cell('reverted')),
  attempts_per_commit: (cell) => cell('attempts') / (cell('committed') + cell('reverted')),
  bound_speedup: (cell) => cell('baseline_ns') / cell('bound_ns'),
  bound_tps: (cell) => (cell('transactions') / cell('bound_ns')) * 1e9,
  baseline_tps: (cell) => (cell('transactions') / cell('baseline_ns')) * 1e9,
  useful: (cell) => cell('useful_ns') / coreTime(cell),
  wasted: (cell) => cell('wasted_ns') / coreTime(cell),
  blocked: (cell) => cell('blocked_ns') / coreTime(cell),
  idle: (cell) => cell('idle_ns') / coreTime(cell),
  engine: (cell) => {
    const told = cell('useful_ns') + cell('wasted_ns') + cell('blocked_ns') + cell('idle_ns');
    return Math.max(0, 1 - told / coreTime(cell));
  },
};

function coreTime(cell: (name: string) => number): number {
  return cell('cores') * cell('makespan_ns');
}

/** The cell as a number; NaN where there is none. */
export function numberAt(row: Row, column: string): number {
  const derive = row[column] === undefined ? DERIVED[column] : undefined;
  if (derive !== undefined) return derive((name) => numberAt(row, name));
  const cell = row[column] ?? '';
  return cell.trim() === '' ? Number.NaN : Number(cell);
}

/** The cell as text; the empty string where there is none. */
export function textAt(row: Row, column: string): string {
  if (row[column] !== undefined || DERIVED[column] === undefined) return row[column] ?? '';
  const value = numberAt(row, column);
  return Number.isNaN(value) ? '' : `${value}`;
}

/** Its different values, in the order in which they first appear; numbers by size. The empty one does not count. */
export function valuesOf(rows: readonly Row[], column: string): string[] {
  const values = [...new Set(rows.map((row) => textAt(row, column)))].filter((value) => value !== '');
  return values.every(isNumber) ? values.toSorted((a, b) => Number(a) - Number(b)) : values;
}

export function isNumeric(rows: readonly Row[], column: string): boolean {
  const values = valuesOf(rows, column);
  return values.length > 0 && values.every(isNumber);
}

function isNumber(value: string): boolean {
  return value.trim() !== '' && Number.isFinite(Number(value));
}

/** Whether two cells mean the same: numbers do however they are written. */
export function sameValue(cell: string, other: string): boolean {
  return cell === other || (isNumber(cell) && isNumber(other) && Number(cell) === Number(other));
}

/**
 * The column that is meant: its name, or where only one column ends so, what follows the dot: `accounts` for
 * `workload.accounts`. Throws a UserError where there is none.
 */
export function resolveColumn(rows: readonly Row[], name: string): string {
  const known = [...new Set(rows.flatMap(Object.keys)), ...Object.keys(DERIVED)];
  if (known.includes(name)) return name;
  const ends = known.filter((column) => column.endsWith(`.${name}`));
  if (ends.length === 1) return ends[0];
  if (ends.length > 1) throw new UserError(`${name} may mean ${ends.join(' or ')}: say which`);
  throw unknown('column', name, known);
}

/** All that decides a trial but chance: columns that differ in these tell of different experiments. */
export function isSetting(column: string): boolean {
  return (
    ['algorithm', 'workload', 'machine', 'cores', 'transactions'].includes(column) ||
    /^(algorithm|workload|machine)\./.test(column)
  );
}

/**
 * The settings that differ between these rows. An option counts where one algorithm's rows differ in it, since two
 * algorithms may have options of one name; so with a workload's parameters and a machine's figures.
 */
export function varying(rows: readonly Row[]): string[] {
  return Object.keys(rows[0] ?? {})
    .filter(isSetting)
    .filter((column) => {
      const owner = ownerOf(column);
      const groups = owner === undefined ? [rows] : Map.groupBy(rows, (row) => row[owner]).values();
      return [...groups].some((group) => new Set(group.map((row) => row[column])).size > 1);
    });
}

/** Whose setting it is: `workload` for `workload.accounts`. */
function ownerOf(column: string): string | undefined {
  return /^(\w+)\./.exec(column)?.[1];
}

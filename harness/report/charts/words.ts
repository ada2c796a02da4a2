/** What a chart says in words: where it ran, what was the same for all, and how its points are to be read. */
import { THREADS } from '../../experiment/configuration.ts';
import type { Row } from '../../experiment/row.ts';
import { counted, grouped } from '../units.ts';
import { isSetting, textAt, valuesOf, varying } from './columns.ts';
import { quantityOf } from './quantity.ts';

/** Simulated and measured numbers are never to be taken for one another. */
export function placeOf(machine: string): string {
  return machine === THREADS ? `measured, ${machine}` : `virtual time, simulated ${machine}`;
}

/** A setting as a panel's title or a column's head has it. */
export function settingOf(row: Row, column: string): string {
  const value = textAt(row, column);
  if (value === '') return '';
  if (column === 'machine') return placeOf(value);
  if (column === 'cores') return counted(Number(value), 'core');
  if (column === 'transactions') return counted(Number(value), 'transaction');
  if (['algorithm', 'workload', 'setting', 'claim'].includes(column)) return value;
  return `${column.replace(/^\w+\./, '')}=${value}`;
}

/** The title of the panel in which a row is drawn. */
export function facetOf(row: Row, facets: readonly string[], between = ', '): string {
  return facets
    .map((column) => settingOf(row, column))
    .filter((text) => text !== '')
    .join(between);
}

/** Where all of these ran, and on how many cores where that is the same too; nothing where they ran in several places. */
export function commonPlace(rows: readonly Row[]): string {
  const machines = valuesOf(rows, 'machine');
  const cores = valuesOf(rows, 'cores');
  if (machines.length !== 1) return '';
  const place = placeOf(machines[0]);
  return cores.length === 1 ? `${place}, ${counted(Number(cores[0]), 'core')}` : place;
}

/** The settings that are the same in all rows, but where they ran and the algorithms' own. */
export function context(rows: readonly Row[]): string {
  const differ = new Set(varying(rows));
  const same = Object.keys(rows[0])
    .filter((column) => isSetting(column) && !differ.has(column))
    .filter((column) => !/^(algorithm|machine|cores)/.test(column))
    // A parameter says little where its workload is one of several.
    .filter((column) => !column.startsWith('workload.') || !differ.has('workload'));
  const [first] = rows;
  const settings = same.filter((column) => column !== 'transactions');
  const words = settings.map((column) => settingOf(first, column)).filter((text) => text !== '');
  const size = same.includes('transactions') ? `blocks of ${settingOf(first, 'transactions')}` : '';
  return [words.join(' '), size].filter((text) => text !== '').join('; ');
}

/** How many trials stand behind a point, and whether their interval is drawn. */
export function sampling(sizes: readonly number[], hasInterval = true): string {
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
  if (most === 1) return 'one trial a point';
  const n = least === most ? grouped(most) : `${grouped(least)} to ${grouped(most)}`;
  const interval = hasInterval ? '; shaded or ruled: bootstrap interval of the median, 95 %' : '';
  return `medians of ${n} trials${interval}`;
}

/** What the mark of these kinds of warnings means; kinds may repeat. */
export function warningNote(kinds: readonly string[], mark: string): string[] {
  const different = [...new Set(kinds)].filter((kind) => kind !== '');
  return different.length === 0
    ? []
    : [`${mark}: ${different.map((kind) => kind.replaceAll('-', ' ')).join(', ')}`];
}

/** Whose trials were refused, so that no line of theirs means no valid number rather than no trial. */
function rejectedNote(rejected: readonly Row[]): string[] {
  const counts = [...Map.groupBy(rejected, (row) => row.algorithm)].map(
    ([name, group]) => `${name} (${group.length})`,
  );
  return counts.length === 0 ? [] : [`not drawn, since without a valid verdict: ${counts.join(', ')}`];
}

/** The words of a chart; `lines` go into the picture, the caption beside it. */
export interface Texts {
  readonly name: string;
  readonly title: string;
  readonly lines: readonly string[];
  readonly caption: string;
  readonly notes: readonly string[];
}

/** Puts the words of a chart together: what is the same in all of its rows, then its notes. */
export function wording(given: {
  readonly subject: string;
  /** The columns that name its files. */
  readonly slug: readonly string[];
  readonly rows: readonly Row[];
  /** For the picture and the caption. */
  readonly notes: readonly string[];
  /** For the caption alone. */
  readonly asides: readonly string[];
  readonly rejected: readonly Row[];
}): Texts {
  const { subject, slug, rows, notes, asides, rejected } = given;
  const title = subject[0].toUpperCase() + subject.slice(1);
  const place = commonPlace(rows);
  const same = context(rows);
  const words = [...slug.map((column) => quantityOf(column).name), ...valuesOf(rows, 'machine')];
  const reading = [...asides, ...rejectedNote(rejected), ...notes];
  return {
    name: words.join('-').replaceAll(/[^\w-]+/g, '-'),
    title,
    lines: [place, same, ...notes].filter((line) => line !== ''),
    caption: `${joined([title, place, same, ...reading], '. ')}.`,
    notes: reading,
  };
}

export function joined(parts: readonly string[], between: string): string {
  return parts.filter((part) => part !== '').join(between);
}

/** Rows of an experiment, picked by what stands in their columns. */
import { median } from 'simple-statistics';
import type { Row } from '../experiment/row.ts';

type Cell = string | number | boolean;
/** What some columns must hold: a value, or one of several. An empty string: nothing. */
export type Cells = Readonly<Record<string, Cell | readonly Cell[]>>;

/** A claim looked for rows that are not there. */
export class MissingRows extends Error {
  override readonly name = 'MissingRows';
}

export class Rows {
  readonly all: readonly Row[];
  /** What they were picked by, for the message that there are none. */
  readonly #picked: string;

  constructor(all: readonly Row[], picked = '') {
    this.all = all;
    this.#picked = picked;
  }

  /** Those with these cells. A column that the file does not have counts as empty. */
  where(cells: Cells): Rows {
    const wanted = Object.entries(cells).map(
      ([column, values]) => [column, (Array.isArray(values) ? values : [values]).map(String)] as const,
    );
    const words = wanted.map(([column, values]) => `${column} ${values.join(' or ') || '(none)'}`).join(', ');
    return new Rows(
      this.all.filter((row) => wanted.every(([column, values]) => values.includes(row[column] ?? ''))),
      [this.#picked, words].filter((part) => part !== '').join(', '),
    );
  }

  /** The different values of a column, numbers in their order before anything else. */
  values(column: string): string[] {
    return [...new Set(this.all.map((row) => row[column] ?? ''))].sort(
      (a, b) => Number(a) - Number(b) || Number(a < b) * -2 + 1,
    );
  }

  /** The column's median over these rows: one a seed, say. Throws MissingRows where there are none. */
  median(column: string): number {
    const numbers = this.all.map((row) => row[column] ?? '').filter((cell) => cell !== '');
    if (numbers.length === 0) throw new MissingRows(`no rows: ${this.#picked || 'none at all'}`);
    return median(numbers.map(Number));
  }
}

/** From rows to what is drawn: one point for all trials that differ by chance only. */
import { median } from 'simple-statistics';
import type { Row } from '../../experiment/row.ts';
import { bootstrapInterval } from '../../experiment/summary.ts';
import { numberAt, textAt } from './columns.ts';
import { quantityOf } from './quantity.ts';

export interface Point {
  readonly series: string;
  readonly x: number | string;
  /** The median of the n trials in the SI's base unit, and its bootstrap interval, 95 %; both ends are null where there is none. */
  readonly y: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly n: number;
  /** Kinds of warnings, with blanks between; a point that has some is drawn hollow. */
  readonly warnings: string;
}

export interface Channels {
  readonly x: string;
  readonly y: string;
  readonly series: (row: Row) => string;
  /** Whether x is a number. */
  readonly numeric: boolean;
}

/** A point each series and x, in the order in which they first appear; rows without a y are left out. */
export function pointsOf(rows: readonly Row[], { x, y, series, numeric }: Channels): Point[] {
  const told = rows.filter(
    (row) => Number.isFinite(numberAt(row, y)) && (!numeric || Number.isFinite(numberAt(row, x))),
  );
  const [xFactor, yFactor] = [x, y].map((column) => quantityOf(column).factor);
  const groups = Map.groupBy(told, (row) => JSON.stringify([series(row), textAt(row, x)]));
  return [...groups.values()].map((group) => {
    const [row] = group;
    const sample = group.map((one) => numberAt(one, y) * yFactor);
    const { low, high } = bootstrapInterval(sample, 1);
    return {
      series: series(row),
      x: numeric ? numberAt(row, x) * xFactor : textAt(row, x),
      y: median(sample),
      low: Number.isNaN(low) ? null : low,
      high: Number.isNaN(high) ? null : high,
      n: sample.length,
      warnings: warningsOf(group).join(' '),
    };
  });
}

/** The kinds of warnings that these rows bear. */
export function warningsOf(rows: readonly Row[]): string[] {
  return [...new Set(rows.flatMap((row) => (row.warnings ?? '').split(' ')))].filter((kind) => kind !== '');
}

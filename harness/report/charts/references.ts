/** What lines are compared with: what no correct schedule can beat, and as many times the plain loop as cores. */
import { max, median } from 'simple-statistics';
import type { Row } from '../../experiment/row.ts';
import { numberAt } from './columns.ts';
import type { Reference } from './lines.ts';
import { GREY, GREYS } from './palette.ts';
import { quantityOf } from './quantity.ts';

/** The column of the bound of a quantity that has one. */
const BOUNDS: Readonly<Record<string, string | undefined>> = {
  throughput_tps: 'bound_tps',
  speedup: 'bound_speedup',
};

/** Of two bounds, which often end alike. */
const SHADES = { 'block order': GREYS[0], 'any order': GREYS[1] };
const BOUND_DASH = [2, 2];
const IDEAL_DASH = [6, 3];
/** Bounds that differ by less are drawn as one. */
const ALIKE = 1.02;

/** A run that keeps the block's order is bound by more than one that may choose its order. */
export function orderOf({ guarantee }: Row): 'block order' | 'any order' {
  return guarantee === 'block-order' ? 'block order' : 'any order';
}

/** Of one panel's rows: the bounds, then the ideal. */
export function referencesOf(rows: readonly Row[], x: string, y: string): Reference[] {
  // Of one place there is no line to draw.
  return [...boundLines(rows, x, y), ...idealLine(rows, x, y)].filter(({ points }) => points.length > 1);
}

function boundLines(rows: readonly Row[], x: string, y: string): Reference[] {
  const column = BOUNDS[y];
  if (column === undefined) return [];
  const [first, second] = [...Map.groupBy(rows, orderOf)].map(([order, group]) => ({
    name: `bound, ${order}`,
    colour: SHADES[order],
    dash: BOUND_DASH,
    points: along(group, x, (at) => highest(at, column)),
  }));
  if (second === undefined || areAlike(first, second)) return [{ ...first, name: 'bound', colour: GREY }];
  return [first, second];
}

function areAlike(one: Reference, other: Reference): boolean {
  if (one.points.length !== other.points.length) return false;
  return one.points.every(({ y }, at) => {
    const ratio = y / other.points[at].y;
    return Math.max(ratio, 1 / ratio) < ALIKE;
  });
}

function idealLine(rows: readonly Row[], x: string, y: string): Reference[] {
  if (x !== 'cores' || BOUNDS[y] === undefined) return [];
  const one = (row: Row): number => (y === 'speedup' ? 1 : numberAt(row, 'baseline_tps'));
  const points = along(rows, x, (at) => median(at.map((row) => one(row) * numberAt(row, x))));
  return [{ name: 'ideal', colour: GREY, dash: IDEAL_DASH, points }];
}

/** The bound of each series' rows, of a quantity that has one. */
export function boundsAlong(
  rows: readonly Row[],
  y: string,
  series: (row: Row) => string,
): ReadonlyMap<string, number> {
  const column = BOUNDS[y];
  if (column === undefined) return new Map();
  const bounds = [...Map.groupBy(rows, series)].map(([name, group]): [string, number] => [
    name,
    highest(group, column),
  ]);
  return new Map(bounds.filter(([, bound]) => Number.isFinite(bound)));
}

/** A bound is of the serial order that a run took; none of a group's runs beats the highest. */
function highest(rows: readonly Row[], column: string): number {
  return max(rows.map((row) => numberAt(row, column)));
}

function along(
  rows: readonly Row[],
  x: string,
  y: (at: readonly Row[]) => number,
): { x: number; y: number }[] {
  const { factor } = quantityOf(x);
  const told = rows.filter((row) => Number.isFinite(numberAt(row, 'bound_speedup')));
  return [...Map.groupBy(told, (row) => numberAt(row, x))]
    .map(([at, group]) => ({ x: at * factor, y: y(group) }))
    .sort((a, b) => a.x - b.x);
}

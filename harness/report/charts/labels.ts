/** Names beside the ends of lines, moved apart so that none covers another. */
import type { Part } from './frame.ts';
import { placeOn, type Scale } from './scale.ts';
import { FONT_SIZE } from './type.ts';

/** The last point of a line, in the units of the axes, and what to write there. */
export interface End {
  readonly name: string;
  readonly colour: string;
  readonly x: number;
  readonly y: number;
}

export interface Extent {
  readonly xScale: Scale;
  readonly yScale: Scale;
  readonly size: { readonly width: number; readonly height: number };
  /** Where names are cut, in pixels; 0 if nowhere. */
  readonly limit: number;
}

/** From one name to the next, in pixels. */
export const LABEL_GAP = FONT_SIZE + 0.5;
/** From the panel to its names. */
export const LEADER = 12;

/** Layers of a panel: a thin line from each end to its name. What leaves the panel at the top says so. */
export function endLabels(ends: readonly End[], { xScale, yScale, size, limit }: Extent): Part[] {
  const toX = placeOn(xScale, [0, size.width]);
  const toY = placeOn(yScale, [size.height, 0]);
  const wanted = ends.map(({ y }) => Math.max(0, toY(y)));
  const places = spread(wanted, { gap: LABEL_GAP, low: 0, high: size.height });
  const values = ends.map(({ name, colour, x, y }, at) => ({
    name: toY(y) < 0 ? `${name} ↑` : name,
    colour,
    x0: toX(x) + 3,
    x1: size.width + LEADER - 3,
    y0: wanted[at],
    y1: places[at],
  }));
  // A line that ends early is known by its colour; a leader across the panel would look like one more line.
  const leaders = values.filter(({ x0 }) => x0 > size.width);
  const pixels = (field: string): Part => ({ field, type: 'quantitative', scale: null, axis: null });
  const colour = { field: 'colour', type: 'nominal', scale: null, legend: null };
  return [
    {
      data: { values: leaders },
      mark: { type: 'rule', strokeWidth: 0.6 },
      encoding: { x: pixels('x0'), x2: { field: 'x1' }, y: pixels('y0'), y2: { field: 'y1' }, color: colour },
    },
    {
      data: { values },
      mark: {
        type: 'text',
        align: 'left',
        baseline: 'middle',
        dx: 2,
        fontSize: FONT_SIZE,
        limit,
      },
      encoding: { x: pixels('x1'), y: pixels('y1'), text: { field: 'name' }, color: colour },
    },
  ];
}

/**
 * Places of at least `gap` from one another between `low` and `high`, in the order of the wanted ones and as near to
 * them as may be in sum of squares: where wanted places crowd, they spread around their mean. Where there
 * is no room for all, the gap shrinks.
 */
export function spread(
  wanted: readonly number[],
  { gap, low, high }: { gap: number; low: number; high: number },
): number[] {
  const room = Math.min(gap, (high - low) / Math.max(1, wanted.length - 1));
  const order = wanted.map((_, at) => at).sort((a, b) => wanted[a] - wanted[b]);
  // Without the gaps below it, a place need only be no lower than the one before: isotonic regression, solved by
  // pooling neighbours that violate it.
  const pools: { sum: number; size: number }[] = [];
  order.forEach((index, rank) => {
    let pool = { sum: wanted[index] - rank * room, size: 1 };
    for (let last = pools.at(-1); last && mean(last) > mean(pool); last = pools.at(-1)) {
      pool = { sum: pool.sum + last.sum, size: pool.size + last.size };
      pools.pop();
    }
    pools.push(pool);
  });
  const highest = high - (wanted.length - 1) * room;
  const places = pools.flatMap((pool) =>
    Array.from({ length: pool.size }, () => Math.min(highest, Math.max(low, mean(pool)))),
  );
  const result: number[] = [];
  order.forEach((index, rank) => {
    result[index] = places[rank] + rank * room;
  });
  return result;
}

function mean({ sum, size }: { sum: number; size: number }): number {
  return sum / size;
}

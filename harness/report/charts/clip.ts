/**
 * What of a line lies within a panel. A bound may be a thousand times what was reached, and coordinates so far outside
 * of a picture are more than some programs that draw it can take.
 */
import { placeOn, type Scale } from './scale.ts';

export interface Place {
  readonly x: number;
  /** Null where the line breaks. */
  readonly y: number | null;
}

/** The line of these points, which are in the order of x, up to the top of the y axis. */
export function belowTop(
  points: readonly { readonly x: number; readonly y: number }[],
  { xScale, yScale }: { xScale: Scale; yScale: Scale },
): Place[] {
  const top = yScale.domain[1];
  const [toX, toY] = [placeOn(xScale, [0, 1]), placeOn(yScale, [0, 1])];
  return points.flatMap((point, at): Place[] => {
    const own: Place[] = point.y <= top ? [point] : [];
    const next = points[at + 1];
    if (next === undefined || point.y <= top === next.y <= top) return own;
    // Drawn, the line is straight between the two points, whatever the scales are.
    const share = (toY(top) - toY(point.y)) / (toY(next.y) - toY(point.y));
    const crossing = { x: toX.invert(toX(point.x) + share * (toX(next.x) - toX(point.x))), y: top };
    return point.y <= top ? [...own, crossing, { x: crossing.x, y: null }] : [crossing];
  });
}

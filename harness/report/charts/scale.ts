/** How the values of an axis are spread out, from where to where, and where its ticks are. */
import { scale as scaleOf } from 'vega';

export interface Scale {
  readonly type: 'linear' | 'log' | 'symlog';
  readonly domain: readonly [low: number, high: number];
  /** Of a log scale. */
  readonly base?: number;
  /** Of a symlog scale: where it turns from linear to logarithmic. */
  readonly constant?: number;
  /** Where ticks are, unless Vega is to choose. */
  readonly ticks?: readonly number[];
}

/** Largest / smallest from which values span decades, so that they are spread by their logarithm. */
const DECADES = 100;

/** Of the axis on which the quantity is read off: from zero, unless the values span decades. */
export function readingScale(values: readonly number[]): Scale {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const positive = values.filter((value) => value > 0);
  const least = Math.min(...positive);
  if (positive.length === 0 || high / least < DECADES) {
    return { type: 'linear', domain: [Math.min(0, low * 1.04), high > 0 ? high * 1.04 : 1] };
  }
  if (low > 0) {
    const domain = [low / 1.2, high * 1.2] as const;
    return { type: 'log', domain, ticks: roundNumbers(...domain) };
  }
  const constant = Math.max(10 ** Math.floor(Math.log10(least)), high / 1e4);
  const ticks = [0, ...powers(10, constant, high)];
  return { type: 'symlog', domain: [low, high * 1.2], constant, ticks };
}

/** Of the axis along which it varies: just as far as the values reach, with ticks where there are few of them. */
export function varyingScale(values: readonly number[]): Scale {
  const different = [...new Set(values)].sort((a, b) => a - b);
  const domain = [different[0], different[different.length - 1]] as const;
  const isFew = different.length <= 10;
  if (domain[0] > 0 && domain[1] / domain[0] >= DECADES) {
    const base = different.every((value) => Number.isInteger(Math.log2(value))) ? 2 : 10;
    return { type: 'log', base, domain, ticks: isFew ? different : powers(base, ...domain) };
  }
  return { type: 'linear', domain, ...(isFew ? { ticks: different } : {}) };
}

/** Steps within a decade; the first that gives an axis this many ticks. */
const STEPS = [[1], [1, 3], [1, 2, 5]];
const FEW_TICKS = 4;
const MANY_TICKS = 11;

/** Round numbers from low to high, evenly by their logarithm. */
function roundNumbers(low: number, high: number): number[] {
  const decades = powers(10, low / 10, high);
  const ticks = STEPS.map((steps) =>
    decades
      .flatMap((decade) => steps.map((step) => step * decade))
      .filter((tick) => tick >= low && tick <= high),
  );
  return ticks.find((some) => some.length >= FEW_TICKS) ?? ticks[ticks.length - 1];
}

/** As Vega-Lite has it; ticks belong to the axis. */
export function scalePart({ ticks, ...scale }: Scale): Readonly<Record<string, unknown>> {
  return { ...scale, nice: false, ...(scale.type === 'linear' ? { zero: false } : {}) };
}

/** What puts a value in its place, and back. */
interface Placing {
  (value: number): number;
  invert(place: number): number;
}

/** A scale's places in a range, by the very functions that draw it. */
export function placeOn({ type, domain, constant }: Scale, range: readonly number[]): Placing {
  const made = scaleOf(type)().domain(domain).range(range);
  return constant === undefined ? made : made.constant(constant);
}

/** The powers of the base from low to high; every second, third … one where they are many. */
function powers(base: number, low: number, high: number): number[] {
  const first = Math.ceil(Math.log(low) / Math.log(base) - 1e-9);
  const last = Math.floor(Math.log(high) / Math.log(base) + 1e-9);
  const step = Math.ceil((last - first + 1) / MANY_TICKS);
  return last < first
    ? []
    : Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, i) => base ** (first + i * step));
}

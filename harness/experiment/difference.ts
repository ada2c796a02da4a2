/** Whether two algorithms differ: how much, how sure that is, and whether chance could have done it. */
import { median, permutationTest, quantileSorted, sampleWithReplacement } from 'simple-statistics';
import { seededRandom } from '../../workloads/random.ts';
import type { Interval } from './summary.ts';

/** From which chance is no explanation any more. */
const SIGNIFICANCE = 0.05;
const RESAMPLES = 2000;
const CONFIDENCE = 0.95;
const PERMUTATIONS = 10_000;
/** So many pairs at most have all their signs tried. */
const MOST_EXACT = 13;
/** The same samples give the same answer. */
const SEED = 1;

export interface Difference {
  /** Trials of the one and the other; pairs where they are paired. */
  readonly n: readonly [number, number];
  readonly paired: boolean;
  /** The one's throughput over the other's: of the medians, or the median of the pairs'. */
  readonly ratio: number;
  /** Bootstrap interval of the ratio, 95 %. */
  readonly interval: Interval;
  /** How often, of a trial of each, the one's is faster; ties count half. 0.5 is no difference. */
  readonly superiority: number;
  /** How probable a difference as large is if there is none. */
  readonly p: number;
  /** So few trials that even the clearest difference could be chance. */
  readonly tooFew: boolean;
  readonly isReal: boolean;
}

/**
 * Of two samples of throughputs: repetitions of one block on real threads. A permutation test of the difference of
 * the means, of the logarithms, so that a factor counts alike in both directions.
 */
export function difference(one: readonly number[], other: readonly number[]): Difference {
  const random = seededRandom(SEED);
  const unit = (): number => random.unit();
  const resampled = resamples(() => {
    const [a, b] = [one, other].map((sample) =>
      median(sampleWithReplacement(sample as number[], sample.length, unit)),
    );
    return a / b;
  });
  const [logOne, logOther] = [one, other].map((sample) => sample.map(Math.log));
  const p = permutationTest(logOne, logOther, 'two_side', PERMUTATIONS, unit);
  const wins = one.flatMap((a) => other.map((b) => win(a, b)));
  return told({
    n: [one.length, other.length],
    paired: false,
    ratio: median(one as number[]) / median(other as number[]),
    interval: resampled,
    superiority: meanOf(wins),
    p,
    least: 2 / choose(one.length + other.length, one.length),
  });
}

/**
 * Of pairs of throughputs: both on the same blocks, one of each seed. A permutation test of the mean logarithm of the
 * pairs' ratios: if there is no difference, each sign is as likely as the other.
 */
export function pairedDifference(one: readonly number[], other: readonly number[]): Difference {
  const ratios = one.map((value, at) => value / other[at]);
  const random = seededRandom(SEED);
  const interval = resamples(() => median(sampleWithReplacement(ratios, ratios.length, () => random.unit())));
  return told({
    n: [ratios.length, ratios.length],
    paired: true,
    ratio: median(ratios),
    interval,
    superiority: meanOf(one.map((value, at) => win(value, other[at]))),
    p: signTest(ratios.map(Math.log), () => random.unit()),
    least: 2 / 2 ** ratios.length,
  });
}

function told({ least, p, ...rest }: Omit<Difference, 'tooFew' | 'isReal'> & { least: number }): Difference {
  // Permutations are drawn, so a probability of none is one of less than they can tell.
  const probability = Math.max(p, Math.min(1, Math.max(least, 1 / PERMUTATIONS)));
  const tooFew = least > SIGNIFICANCE;
  return { ...rest, p: probability, tooFew, isReal: !tooFew && probability < SIGNIFICANCE };
}

/** How many choices of signs have a mean as far from 0 as this one's: all choices where that is feasible. */
function signTest(values: readonly number[], random: () => number): number {
  const observed = Math.abs(sum(values)) - 1e-12;
  const isExact = values.length <= MOST_EXACT;
  const choices = isExact ? 2 ** values.length : PERMUTATIONS;
  let extreme = 0;
  for (let choice = 0; choice < choices; choice++) {
    const flipped = values.map((value, at) =>
      (isExact ? (choice >> at) & 1 : random() < 0.5) ? -value : value,
    );
    if (Math.abs(sum(flipped)) >= observed) extreme++;
  }
  return extreme / choices;
}

function resamples(draw: () => number): Interval {
  const sorted = Array.from({ length: RESAMPLES }, draw).sort((a, b) => a - b);
  const tail = (1 - CONFIDENCE) / 2;
  return { low: quantileSorted(sorted, tail), high: quantileSorted(sorted, 1 - tail) };
}

function win(a: number, b: number): number {
  return a > b ? 1 : a === b ? 0.5 : 0;
}

function meanOf(values: readonly number[]): number {
  return sum(values) / values.length;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** n over k. */
function choose(n: number, k: number): number {
  return Array.from({ length: k }, (_, at) => (n - at) / (at + 1)).reduce(
    (product, factor) => product * factor,
    1,
  );
}

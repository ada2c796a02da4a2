/** When a configuration has been repeated often enough: its interval is narrow, or there is no more patience. */
import { median } from 'simple-statistics';
import { bootstrapInterval } from './summary.ts';

export interface Until {
  /** Half the width of the interval of the median throughput, as a part of that median. */
  readonly percent: number;
  /** No more repetitions than this. */
  readonly most: number;
}

/** The bootstrap's resamples: the same for the same number of repetitions. */
const SEED = 1;

/** @param throughputs of the valid trials so far; @param taken repetitions so far, the failed ones too */
export function isEnough(throughputs: readonly number[], taken: number, { percent, most }: Until): boolean {
  if (taken >= most) return true;
  // Nothing that fails gets better by being repeated.
  if (throughputs.length < 2) return throughputs.length < taken;
  const { high, low } = bootstrapInterval(throughputs, SEED);
  return (high - low) / 2 <= (percent / 100) * median(throughputs as number[]);
}

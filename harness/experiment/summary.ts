/** What the repetitions of a configuration come to: medians, and how sure the throughput is. */
import {
  mean,
  median,
  quantileSorted,
  sampleStandardDeviation,
  sampleWithReplacement,
} from 'simple-statistics';
import type { Guarantee, WitnessForm } from '../../algorithms/algorithm.ts';
import { seededRandom } from '../../workloads/random.ts';
import type { Configuration } from './configuration.ts';
import { configurationId } from './identity.ts';
import type { Metrics, Trial, Warning } from './trial.ts';

const RESAMPLES = 2000;
const CONFIDENCE = 0.95;
/** (largest - smallest) / median from which a spread is worth a warning. */
const WIDE_SPREAD = 0.1;

/** An interval; NaN at both ends where there is none. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

export interface Summary {
  readonly id: string;
  readonly configuration: Configuration;
  readonly guarantee: Guarantee;
  readonly witness: WitnessForm;
  /** Trials with a valid verdict, and those without. */
  readonly n: number;
  readonly rejected: readonly Trial[];
  /** Medians, each of its own column; over the valid trials, or if there is none over the rejected ones. */
  readonly metrics: Metrics;
  readonly throughput: {
    readonly mean: number;
    /** Sample standard deviation; NaN for one trial. */
    readonly deviation: number;
    /** Bootstrap interval of the median, 95 %. */
    readonly interval: Interval;
    /** (largest - smallest) / median. */
    readonly spread: number;
  };
  readonly warnings: readonly Warning[];
}

/** One summary a configuration, in the order in which they first appear. */
export function summarize(trials: readonly Trial[]): Summary[] {
  return [...Map.groupBy(trials, ({ configuration }) => configurationId(configuration))].map(([id, group]) =>
    summary(id, group),
  );
}

function summary(id: string, trials: readonly Trial[]): Summary {
  // In order of repetition, so that the order in which they ended does not reach the bootstrap.
  const ordered = trials.toSorted((a, b) => a.repetition - b.repetition);
  const valid = ordered.filter(({ verdict }) => verdict.verdict === 'valid');
  const ran = ordered.filter(({ failure }) => failure === undefined);
  const told = [valid, ran, ordered].find((some) => some.length > 0) ?? ordered;
  const throughputs = told.map(({ metrics }) => metrics.throughput_tps);
  const { configuration, guarantee, witness } = trials[0];
  const spread = (Math.max(...throughputs) - Math.min(...throughputs)) / median(throughputs);
  const wide: Warning[] = spread > WIDE_SPREAD ? ['spread-over-10-percent'] : [];
  return {
    id,
    configuration,
    guarantee,
    witness,
    n: valid.length,
    rejected: ordered.filter(({ verdict }) => verdict.verdict !== 'valid'),
    metrics: medians(told.map(({ metrics }) => metrics)),
    throughput: {
      mean: mean(throughputs),
      deviation: throughputs.length > 1 ? sampleStandardDeviation(throughputs) : Number.NaN,
      interval: bootstrapInterval(throughputs, Number.parseInt(id, 16)),
      spread,
    },
    warnings: [...new Set([...ordered.flatMap(({ warnings }) => warnings), ...wide])],
  };
}

/** The percentile bootstrap of the median. The seed fixes the resamples, so the same sample gives the same bytes. */
export function bootstrapInterval(sample: readonly number[], seed: number): Interval {
  if (sample.length < 2) return { low: Number.NaN, high: Number.NaN };
  const random = seededRandom(seed);
  const medians = Array.from({ length: RESAMPLES }, () =>
    median(sampleWithReplacement(sample as number[], sample.length, () => random.unit())),
  ).sort((a, b) => a - b);
  const tail = (1 - CONFIDENCE) / 2;
  return { low: quantileSorted(medians, tail), high: quantileSorted(medians, 1 - tail) };
}

function medians(all: readonly Metrics[]): Metrics {
  const one = (of: (metrics: Metrics) => number): number => {
    const values = all.map(of).filter((value) => !Number.isNaN(value));
    return values.length === 0 ? Number.NaN : median(values);
  };
  const counts = (of: (metrics: Metrics) => Readonly<Record<string, number>>): Record<string, number> => {
    const names = new Set(all.flatMap((metrics) => Object.keys(of(metrics))));
    return Object.fromEntries([...names].map((name) => [name, one((metrics) => of(metrics)[name] ?? 0)]));
  };
  const numbers = Object.entries(all[0]).filter(([, value]) => typeof value === 'number');
  return {
    ...(Object.fromEntries(
      numbers.map(([name]) => [name, one((metrics) => metrics[name as 'makespan_ns'])]),
    ) as unknown as Metrics),
    abortsByCause: counts(({ abortsByCause }) => abortsByCause),
    counters: counts(({ counters }) => counters),
  };
}

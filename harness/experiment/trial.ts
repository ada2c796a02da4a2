/** A trial: one repetition of a configuration, with its numbers and its verdict. One row. */
import type { Guarantee, WitnessForm } from '../../algorithms/algorithm.ts';
import type { Trace } from '../machine/trace.ts';
import type { Verdict } from '../verify/verdict.ts';
import type { Configuration } from './configuration.ts';

/** What may make a number mean less than it seems to. */
export type Warning =
  /** Real threads outnumber the host's cores. */
  | 'more-workers-than-cores'
  /** Warm-up ended before the times were stable. */
  | 'not-steady'
  /** The whole run took less than a millisecond of real time. */
  | 'short-run'
  /** Other processes kept more than 5 % of the host's cores busy meanwhile. */
  | 'busy-host'
  /** Over the repetitions of the configuration the throughput spread by more than 10 %. (summary.csv) */
  | 'spread-over-10-percent';

/** The trial threw, did not end in time, or lost a worker. */
export type Failure = 'error' | 'timeout' | 'worker-died';

/** The measured columns of runs.csv; units in the names. */
export interface Metrics {
  readonly makespan_ns: number;
  readonly throughput_tps: number;
  /** The plain loop's time for the same block on the same machine. */
  readonly baseline_ns: number;
  readonly speedup: number;
  readonly bound_ns: number;
  /** bound / makespan. */
  readonly efficiency: number;
  readonly committed: number;
  readonly reverted: number;
  readonly attempts: number;
  readonly aborts: number;
  /** Aborts by the causes that the algorithm declares. */
  readonly abortsByCause: Readonly<Record<string, number>>;
  /** Other events that the algorithm counts, `validations` among them. */
  readonly counters: Readonly<Record<string, number>>;
  /** Summed over cores: useful + wasted + blocked + idle + the engine's own = cores * makespan. */
  readonly useful_ns: number;
  readonly wasted_ns: number;
  readonly blocked_ns: number;
  readonly idle_ns: number;
  readonly latency_p50_ns: number;
  readonly latency_p95_ns: number;
  readonly latency_p99_ns: number;
  /** On real threads: how many of the host's cores other processes kept busy meanwhile. NaN where unknown. */
  readonly host_load: number;
}

export interface Trial {
  readonly configuration: Configuration;
  readonly guarantee: Guarantee;
  readonly witness: WitnessForm;
  /** From 1. */
  readonly repetition: number;
  readonly metrics: Metrics;
  readonly verdict: Verdict;
  readonly warnings: readonly Warning[];
  /** Why there was no run to verify; the verdict is unknown then, and says what happened. */
  readonly failure?: Failure;
  /** What each core did when, where that was asked for. */
  readonly trace?: Trace | undefined;
}

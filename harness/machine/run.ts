/** A run: what one execution of a block on a machine leaves behind, for verification and for the record. */
import type { WitnessForm } from '../../algorithms/algorithm.ts';
import type { Trace } from './trace.ts';

/** How often what happened on one core, and where its time went, in nanoseconds. */
export interface CoreReport {
  /** Attempts begun. */
  readonly attempts: number;
  /** Attempts undone, by declared cause. */
  readonly aborts: Readonly<Record<string, number>>;
  readonly counters: Readonly<Record<string, number>>;
  /** Time inside attempts, less what was blocked there. */
  readonly attempt_ns: number;
  /** Time parked inside an attempt. */
  readonly blocked_ns: number;
  /** Time parked outside any attempt, and from this core's end to the last one's. */
  readonly idle_ns: number;
  /**
   * The core's share of a versions witness, in order of commit: for each transaction
   * `t, r, w, (key, version) × r, (key, version, overwritten) × w`. Empty for other witnesses.
   */
  readonly versions: Int32Array;
  /** What its recorder took down, where the run was traced. */
  readonly log?: Float64Array | undefined;
}

/** What one execution of a block left behind. Times in nanoseconds of the machine's own time. */
export interface Run {
  /** From the start of the block to the end of the last core. */
  readonly makespan_ns: number;
  readonly witness: WitnessForm;
  /** For each transaction: its outcome (COMMITTED, REVERTED), or -1 if it never completed. */
  readonly outcomes: Int32Array;
  /** For each transaction: the digest of all that its last attempt read. */
  readonly digests: Int32Array;
  /** For each transaction: its serialization number, where the witness is points. */
  readonly points: Float64Array;
  /** For each transaction: how long its last attempt took, less blocking. NaN where it was not stamped. */
  readonly useful_ns: Float64Array;
  /** For each transaction: from the start of its first attempt to its commit. NaN where not stamped. */
  readonly latency_ns: Float64Array;
  /** The value of each key at the end. */
  readonly state: Float64Array;
  readonly cores: readonly CoreReport[];
  /** Shared accesses and other scheduling points; 0 where the machine does not count them. */
  readonly steps: number;
  /** What each core did when, where that was asked for. */
  readonly trace?: Trace;
}

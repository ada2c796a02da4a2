/** What verification says of a run: valid, invalid or unknown, and why. */

/** Plain data, as JSON has it. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/**
 * What is wrong with an invalid run. `G0` to `G2` are Adya's, found from a versions witness (anomaly.ts).
 * `block-order`: the run differs from the block executed in its preset order, which was promised. The rest
 * differ from the block executed in the order that the run witnessed: in an `outcome`, in what a transaction
 * `read`, or in the final `state`. `incomplete`: a transaction never completed. `invariant`: the workload's own
 * check fails.
 */
export type Anomaly =
  | 'G1a'
  | 'G1b'
  | 'G0'
  | 'G1c'
  | 'G-single'
  | 'G2'
  | 'block-order'
  | 'incomplete'
  | 'outcome'
  | 'read'
  | 'state'
  | 'invariant';

/** The run is equivalent to the block executed serially in this order. */
interface Valid {
  readonly verdict: 'valid';
  readonly order: Int32Array;
}

/** The run is not what it promised. */
export interface Invalid {
  readonly verdict: 'invalid';
  readonly anomaly: Anomaly;
  /** What happened, in plain sentences. */
  readonly explanation: string;
  /** The same as data. */
  readonly evidence: { readonly [name: string]: Json };
}

/** The run did not leave enough behind to tell. */
interface Unknown {
  readonly verdict: 'unknown';
  readonly reason: string;
}

export type Verdict = Valid | Invalid | Unknown;

/** A value as JSON can hold it: NaN, the infinities and -0 become strings. */
export function plain(value: number): Json {
  return Number.isFinite(value) && !Object.is(value, -0)
    ? value
    : Object.is(value, -0)
      ? '-0'
      : String(value);
}

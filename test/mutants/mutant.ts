/** A mutant: an algorithm with one fault put in, which the conformance suite must notice. */

export interface Mutant {
  /** The algorithm's name in the registry. */
  readonly of: string;
  /** The file that is changed, from the top of the repository. */
  readonly file: string;
  /** The fault, in a line. */
  readonly what: string;
  /** Text that occurs exactly once in the file, and what stands in its place. */
  readonly find: string;
  readonly replace: string;
  /**
   * What it may be rejected by: anomalies, or names of errors that end the run. Empty for a change that costs only
   * time: then the suite must not reject it.
   */
  readonly expect: readonly string[];
  /** The options under which the fault shows; the defaults unless said otherwise. */
  readonly options?: Readonly<Record<string, unknown>>;
}

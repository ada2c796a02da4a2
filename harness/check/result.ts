/** What the conformance suite says: a result a check, and of each failure all that is needed to see it again. */
import type { Configuration } from '../experiment/configuration.ts';
import type { Variant } from './cases.ts';
import type { Finding } from './judge.ts';

/** How the failing run came about: by recorded choices, in virtual time, on real threads, or without any run. */
export type Origin =
  | { readonly kind: 'choices'; readonly choices: readonly number[] }
  | { readonly kind: 'virtual-time' }
  | { readonly kind: 'threads' };

export interface Failure {
  readonly check: string;
  /** The check's law, in plain words. */
  readonly law: string;
  readonly finding: Finding;
  /** What was run, and how; nothing where the declaration itself is at fault. */
  readonly configuration?: Configuration;
  readonly origin?: Origin;
}

export interface CheckResult {
  readonly check: string;
  readonly law: string;
  readonly passed: boolean;
  /** Runs that were executed and judged, over all variants. */
  readonly runs: number;
  readonly variants: number;
  readonly elapsed_ms: number;
  /** What else it found out, a sentence each. */
  readonly notes: readonly string[];
  /** At most one a variant. */
  readonly failures: readonly Failure[];
}

/** How much is tried, for each variant. */
export interface Effort {
  /** Random schedules; the other checks take shares of it. */
  readonly runs: number;
  readonly seed: number;
  /** Repetitions of each configuration on real threads; 0: none. */
  readonly repetitions: number;
}

/** Told how far the suite is. */
export type OnProgress = (progress: { check: string; variant: Variant; runs: number }) => void;

/** What one check found out of one variant. */
export interface Report {
  readonly runs: number;
  readonly finding?: Finding;
  readonly configuration?: Configuration;
  readonly origin?: Origin;
  /** Attempts of a transaction, where the check counts them. */
  readonly attempts?: { readonly most: number; readonly mean: number };
  /** Of a control: how often each anomaly was found. */
  readonly anomalies?: ReadonlyMap<string, number>;
}

/** One check: a law, and how it is tried on a variant. */
export interface Check {
  readonly name: string;
  readonly law: string;
  run(variant: Variant, effort: Effort, tick: (runs: number) => void): Promise<Report>;
}

/** What the page and its worker say to each other. All of it is plain data. */

import type { Guarantee } from '../../algorithms/algorithm.ts';

/** An algorithm with options that differ from its defaults. */
export interface Choice {
  readonly algorithm: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** `block-stm estimates=false`. */
export function nameOf({ algorithm, options }: Choice): string {
  return [algorithm, ...Object.entries(options).map(([name, value]) => `${name}=${value}`)].join(' ');
}

/** One block on one machine, by each of the choices on each number of cores. */
export interface Settings {
  readonly choices: readonly Choice[];
  readonly workload: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly machine: string;
  /** Figures of the machine's model that differ. */
  readonly model?: Readonly<Record<string, unknown>>;
  /** Ascending. */
  readonly cores: readonly number[];
  readonly transactions: number;
  readonly seed: number;
}

/** Where the cores' time went, as shares of cores x makespan; they add up to 1. */
export const SHARES = ['useful', 'engine', 'wasted', 'blocked', 'idle'] as const;
export type Share = (typeof SHARES)[number];

/** A verified trial: what is drawn of it, and what verification said. */
export interface Point {
  /** The index of the choice. */
  readonly choice: number;
  readonly cores: number;
  readonly makespan_ns: number;
  readonly throughput_tps: number;
  /** Over the plain sequential loop on the same machine. */
  readonly speedup: number;
  /** The speed-up that no schedule can exceed; NaN without a valid verdict. */
  readonly bound: number;
  readonly attemptsPerTransaction: number;
  readonly shares: Readonly<Record<Share, number>>;
  readonly verdict: 'valid' | 'invalid' | 'unknown';
  /** Where the verdict is not valid: why, in plain sentences. */
  readonly explanation?: string;
}

/** One trial's timeline as an SVG document, and the trial itself. */
export interface Drawing {
  readonly svg: string;
  readonly point: Point;
}

/** To the worker. A sweep is answered by its points, in order of cores, then by its end. */
export type Order =
  | { readonly kind: 'catalogue' }
  | { readonly kind: 'sweep'; readonly settings: Settings }
  /** Of the first choice on the first number of cores; the width in pixels. */
  | { readonly kind: 'timeline'; readonly settings: Settings; readonly width: number };

/** Orders are numbered, and so is each answer by what it answers: one to a stale order may still be under way. */
export type Numbered<T> = T & { readonly number: number };

/** From the worker. */
export type Answer =
  /** The first answer to any order. */
  | { readonly kind: 'begun' }
  | { readonly kind: 'catalogue'; readonly algorithms: readonly Entry[] }
  | { readonly kind: 'point'; readonly point: Point }
  | { readonly kind: 'end' }
  | { readonly kind: 'timeline'; readonly drawing: Drawing }
  /** What went wrong, in one line. */
  | { readonly kind: 'failure'; readonly message: string };

/** What the page must know of an algorithm to offer it. */
export interface Entry {
  readonly name: string;
  readonly summary: string;
  readonly guarantee: Guarantee;
  readonly options: readonly Option[];
}

export interface Option {
  readonly name: string;
  readonly values: readonly (string | boolean)[];
  /** The default. */
  readonly value: string | boolean;
  readonly description: string;
}

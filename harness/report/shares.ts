/** Where the cores' time went, as fractions of cores × makespan. */
import type { Summary } from '../experiment/summary.ts';

export interface Shares {
  readonly useful: number;
  readonly wasted: number;
  readonly blocked: number;
  readonly idle: number;
  /** What remains: the algorithm's own scheduling, validation and bookkeeping between attempts. */
  readonly engine: number;
}

export function sharesOf({ configuration, metrics }: Summary): Shares {
  const whole = configuration.cores * metrics.makespan_ns;
  const useful = metrics.useful_ns / whole;
  const wasted = metrics.wasted_ns / whole;
  const blocked = metrics.blocked_ns / whole;
  const idle = metrics.idle_ns / whole;
  return { useful, wasted, blocked, idle, engine: Math.max(0, 1 - useful - wasted - blocked - idle) };
}

/** Attempts for each transaction that completed. */
export function attemptsPerCommit({ metrics }: Summary): number {
  return metrics.attempts / (metrics.committed + metrics.reverted);
}

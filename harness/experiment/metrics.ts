/** From a run to the numbers of its row. */
import { quantileSorted } from 'simple-statistics';
import { COMMITTED, REVERTED } from '../machine/machine.ts';
import type { Run } from '../machine/run.ts';
import type { Metrics } from './trial.ts';

/** What a run is measured against: the plain loop's time, and the best that any schedule could reach. */
export interface Yardstick {
  readonly baseline_ns: number;
  readonly bound_ns: number;
}

export function metricsOf(run: Run, { baseline_ns, bound_ns }: Yardstick): Metrics {
  const committed = run.outcomes.reduce((count, outcome) => count + Number(outcome === COMMITTED), 0);
  const reverted = run.outcomes.reduce((count, outcome) => count + Number(outcome === REVERTED), 0);
  const sum = (of: (core: Run['cores'][number]) => number): number =>
    run.cores.reduce((total, core) => total + of(core), 0);
  const abortsByCause = added(run.cores.map((core) => core.aborts));
  const useful_ns = usefulTime(run.useful_ns);
  const latencies = run.latency_ns.filter((latency) => !Number.isNaN(latency)).sort();
  const latency = (p: number): number =>
    latencies.length === 0 ? Number.NaN : quantileSorted(latencies as unknown as number[], p);
  return {
    makespan_ns: run.makespan_ns,
    throughput_tps: ((committed + reverted) / run.makespan_ns) * 1e9,
    baseline_ns,
    speedup: baseline_ns / run.makespan_ns,
    bound_ns,
    efficiency: bound_ns / run.makespan_ns,
    committed,
    reverted,
    attempts: sum((core) => core.attempts),
    aborts: Object.values(abortsByCause).reduce((total, count) => total + count, 0),
    abortsByCause,
    counters: added(run.cores.map((core) => core.counters)),
    useful_ns,
    wasted_ns: Math.max(0, sum((core) => core.attempt_ns) - useful_ns),
    blocked_ns: sum((core) => core.blocked_ns),
    idle_ns: sum((core) => core.idle_ns),
    latency_p50_ns: latency(0.5),
    latency_p95_ns: latency(0.95),
    latency_p99_ns: latency(0.99),
    host_load: Number.NaN,
  };
}

/** The last attempts' time. Transactions that were not stamped count as the mean of those that were. */
function usefulTime(useful_ns: Float64Array): number {
  const stamped = useful_ns.filter((duration) => !Number.isNaN(duration));
  if (stamped.length === 0) return 0;
  return (stamped.reduce((total, duration) => total + duration, 0) / stamped.length) * useful_ns.length;
}

function added(counts: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const total: Record<string, number> = {};
  for (const part of counts) {
    for (const [name, count] of Object.entries(part)) total[name] = (total[name] ?? 0) + count;
  }
  return total;
}

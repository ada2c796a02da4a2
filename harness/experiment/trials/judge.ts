/** From a run to what may be said of it: its verdict, and the bound for the order that verification found. */
import type { BlockData } from '../../../workloads/workload.ts';
import { resolve } from '../../machine/declared.ts';
import type { Run } from '../../machine/run.ts';
import { told } from '../../machine/told.ts';
import { type Bound, bound, type Costs } from '../../verify/bound.ts';
import { type Verdict, verify } from '../../verify/verify.ts';
import type { Configuration } from '../configuration.ts';
import type { Metrics, Trial } from '../trial.ts';

export type Judged = Pick<Trial, 'configuration' | 'guarantee' | 'witness' | 'verdict'>;

export function judge(configuration: Configuration, data: BlockData, run: Run): Judged {
  const { algorithm, options, workload } = configuration;
  const { guarantee, witness } = resolve(algorithm.declaration, options);
  const block = { ...data, procedures: workload.declaration.procedures };
  const verdict = withAttempts(verify(workload.declaration, block, guarantee, run), run);
  return { configuration, guarantee, witness, verdict };
}

/** A run whose attempts were not told is right perhaps, but what would be said of it is not. */
function withAttempts(verdict: Verdict, { cores, outcomes }: Run): Verdict {
  const begun = cores.reduce((sum, core) => sum + core.attempts, 0);
  if (verdict.verdict !== 'valid' || begun >= outcomes.length) return verdict;
  const reason =
    `${begun} attempts were begun, but ${outcomes.length} transactions were completed: attempts, useful time and ` +
    'latency are counted from core.begin(t), which an attempt has to call first';
  return { verdict: 'unknown', reason };
}

/** The bound for the order that verification found; none without a valid verdict. */
export function boundOf(
  { configuration, guarantee, verdict }: Judged,
  data: BlockData,
  costs: Costs,
): Bound | undefined {
  if (verdict.verdict !== 'valid') return undefined;
  const block = { ...data, procedures: configuration.workload.declaration.procedures };
  return bound(block, verdict.order, guarantee, configuration.cores, costs);
}

/** A trial that has no numbers, since it threw, hung or died. Nothing is known of what it would have done. */
export function failedTrial(configuration: Configuration, repetition: number, error: unknown): Trial {
  const { guarantee, witness } = resolve(configuration.algorithm.declaration, configuration.options);
  const verdict = { verdict: 'unknown', reason: told(error) } as const;
  return {
    configuration,
    guarantee,
    witness,
    repetition,
    metrics: NO_METRICS,
    verdict,
    warnings: [],
    failure: error instanceof Error ? (FAILURES[error.name] ?? 'error') : 'error',
  };
}

const FAILURES: Readonly<Record<string, Trial['failure']>> = {
  TimeoutError: 'timeout',
  WorkerDiedError: 'worker-died',
};

const NO_METRICS: Metrics = {
  makespan_ns: Number.NaN,
  throughput_tps: Number.NaN,
  baseline_ns: Number.NaN,
  speedup: Number.NaN,
  bound_ns: Number.NaN,
  efficiency: Number.NaN,
  committed: Number.NaN,
  reverted: Number.NaN,
  attempts: Number.NaN,
  aborts: Number.NaN,
  abortsByCause: {},
  counters: {},
  useful_ns: Number.NaN,
  wasted_ns: Number.NaN,
  blocked_ns: Number.NaN,
  idle_ns: Number.NaN,
  latency_p50_ns: Number.NaN,
  latency_p95_ns: Number.NaN,
  latency_p99_ns: Number.NaN,
  host_load: Number.NaN,
};

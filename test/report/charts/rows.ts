/** Rows of results files, made up: a grid with numbers that follow from its settings. */
import type { Row } from '../../../harness/experiment/row.ts';

export interface Grid {
  readonly algorithms?: readonly string[];
  readonly machines?: readonly string[];
  readonly cores?: readonly number[];
  readonly accounts?: readonly number[];
  readonly repetitions?: number;
}

const WORK_NS = 10_000;
const TRANSACTIONS = 100;

/** A row a trial. The first algorithm keeps the block's order, the others do not. */
export function gridRows(grid: Grid = {}): Row[] {
  const {
    algorithms = ['one', 'two'],
    machines = ['model'],
    cores = [1, 4, 16],
    accounts = [10, 1000],
    repetitions = 3,
  } = grid;
  return machines.flatMap((machine) =>
    accounts.flatMap((level) =>
      cores.flatMap((count) =>
        algorithms.flatMap((algorithm, at) =>
          Array.from({ length: repetitions }, (_, repetition) =>
            trial({ algorithm, at, machine, count, level, repetition }),
          ),
        ),
      ),
    ),
  );
}

interface Place {
  readonly algorithm: string;
  readonly at: number;
  readonly machine: string;
  readonly count: number;
  readonly level: number;
  readonly repetition: number;
}

function trial({ algorithm, at, machine, count, level, repetition }: Place): Row {
  const baseline = WORK_NS * TRANSACTIONS;
  const bound = baseline / Math.min(count, level / 2);
  const makespan = Math.round(bound * (1.2 + 0.3 * at + 0.02 * repetition));
  const idle = Math.max(0, count * makespan - baseline * 1.25);
  return {
    schema: '1',
    experiment: 'made-up',
    trial: `${algorithm}-${machine}-${count}-${level}-${repetition}`,
    repetition: `${repetition}`,
    seed: '1',
    algorithm,
    guarantee: at === 0 ? 'block-order' : 'serializable',
    workload: 'payments',
    machine,
    cores: `${count}`,
    transactions: `${TRANSACTIONS}`,
    makespan_ns: `${makespan}`,
    throughput_tps: `${(TRANSACTIONS / makespan) * 1e9}`,
    baseline_ns: `${baseline}`,
    speedup: `${baseline / makespan}`,
    bound_ns: `${Math.round(bound)}`,
    efficiency: `${bound / makespan}`,
    committed: `${TRANSACTIONS}`,
    reverted: '0',
    attempts: `${TRANSACTIONS + 20 * at}`,
    aborts: `${20 * at}`,
    useful_ns: `${baseline}`,
    wasted_ns: `${0.2 * baseline}`,
    blocked_ns: '0',
    idle_ns: `${Math.round(idle)}`,
    latency_p50_ns: `${WORK_NS}`,
    latency_p95_ns: `${WORK_NS * (2 + at)}`,
    latency_p99_ns: `${WORK_NS * (3 + at)}`,
    verdict: 'valid',
    warnings: '',
    'workload.accounts': `${level}`,
  };
}

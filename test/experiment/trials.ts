/** Trials made by hand, for tests of what becomes of them. */
import { type Algorithm, defineAlgorithm, z } from '../../algorithms/algorithm.ts';
import type { Configuration } from '../../harness/experiment/configuration.ts';
import type { Metrics, Trial } from '../../harness/experiment/trial.ts';
import { models } from '../../harness/machine/simulated/models/index.ts';
import type { Invalid } from '../../harness/verify/verdict.ts';
import { defineWorkload } from '../../workloads/workload.ts';

const stub = () => {
  throw new Error('nothing here is run');
};

export function algorithm(name: string, parts: Partial<Algorithm> = {}): Algorithm {
  return defineAlgorithm({
    name,
    summary: `what ${name} does`,
    source: 'a test',
    guarantee: 'serializable',
    witness: 'points',
    options: z.strictObject({}) as z.ZodObject,
    aborts: [],
    create: stub,
    ...parts,
  });
}

const ledger = defineWorkload({
  name: 'ledger',
  summary: 'moves money',
  source: 'a test',
  parameters: z.strictObject({ accounts: z.int().default(10), note: z.string().default('') }),
  procedures: [],
  generate: stub,
  accessSets: stub,
  check: stub,
});

export interface Parts extends Partial<Omit<Configuration, 'algorithm' | 'workload'>> {
  readonly algorithm?: Algorithm;
  /** Where the algorithm was loaded from; its name unless given. */
  readonly reference?: string;
}

export function configuration({
  algorithm: declared = algorithm('alpha'),
  reference,
  ...parts
}: Parts = {}): Configuration {
  const machine = parts.machine ?? 'server-32';
  return {
    algorithm: { reference: reference ?? declared.name, declaration: declared },
    options: {},
    workload: {
      reference: 'ledger',
      declaration: ledger as unknown as Configuration['workload']['declaration'],
    },
    parameters: { accounts: 10, note: '' },
    machine,
    model: models[machine],
    figures: {},
    cores: 4,
    transactions: 100,
    seed: 1,
    ...parts,
  };
}

export const METRICS: Metrics = {
  makespan_ns: 500_000,
  throughput_tps: 200_000,
  baseline_ns: 1_000_000,
  speedup: 2,
  bound_ns: 250_000,
  efficiency: 0.5,
  committed: 98,
  reverted: 2,
  attempts: 125,
  aborts: 25,
  abortsByCause: {},
  counters: {},
  useful_ns: 1_000_000,
  wasted_ns: 500_000,
  blocked_ns: 100_000,
  idle_ns: 200_000,
  latency_p50_ns: 5000,
  latency_p95_ns: 9000,
  latency_p99_ns: 12_345,
  host_load: Number.NaN,
};

export const LOST_UPDATE: Invalid = {
  verdict: 'invalid',
  anomaly: 'G-single',
  explanation: 'No serial order fits: two transactions, 3 and 7, "overwrote" the same version.',
  evidence: { transactions: [3, 7] },
};

export function trial(parts: Partial<Omit<Trial, 'metrics'>> & { metrics?: Partial<Metrics> } = {}): Trial {
  const { metrics, ...rest } = parts;
  return {
    configuration: configuration(),
    guarantee: 'serializable',
    witness: 'points',
    repetition: 1,
    verdict: { verdict: 'valid', order: new Int32Array() },
    warnings: [],
    ...rest,
    metrics: { ...METRICS, ...metrics },
  };
}

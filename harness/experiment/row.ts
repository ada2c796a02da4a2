/** The columns of the results files, and what stands in them. */
import { stringify } from 'csv-stringify/sync';
import { type Configuration, machineName } from './configuration.ts';
import { trialId } from './identity.ts';
import type { Summary } from './summary.ts';
import type { Metrics, Trial } from './trial.ts';

/** Changes whenever a column's name or meaning does. */
export const SCHEMA = 2;

const IDENTITY = ['schema', 'experiment', 'trial', 'repetition', 'seed', 'algorithm', 'guarantee'];
const PLACE = ['workload', 'machine', 'cores', 'transactions'];
const RATIOS = ['throughput_tps', 'speedup', 'efficiency'];
const METRICS = [
  ...['makespan_ns', 'throughput_tps', 'baseline_ns', 'speedup', 'bound_ns', 'efficiency'],
  ...['committed', 'reverted', 'attempts', 'aborts', 'validations'],
  ...['useful_ns', 'wasted_ns', 'blocked_ns', 'idle_ns'],
  ...['latency_p50_ns', 'latency_p95_ns', 'latency_p99_ns'],
];
export const RUN_COLUMNS = [...IDENTITY, ...PLACE, ...METRICS, 'witness', 'verdict', 'warnings'];
export const REJECTED_COLUMNS = ['failure', 'anomaly', 'explanation', 'counterexample'];
export const SUMMARY_COLUMNS = [
  ...['schema', 'experiment', 'configuration', 'seed', 'algorithm', 'guarantee'],
  ...PLACE,
  ...['n', 'rejected'],
  ...METRICS,
  ...['throughput_mean_tps', 'throughput_low_tps', 'throughput_high_tps', 'throughput_spread'],
  ...['witness', 'warnings'],
];

export type Row = Readonly<Record<string, string>>;

/** The path of a rejected trial's counterexample in its results folder. */
export function counterexampleOf({ configuration, repetition }: Trial): string {
  return `counterexamples/${trialId(configuration, repetition)}.json`;
}

/** A declared counter has a column of its own, but `validations`, which every row has. */
export function extraColumns(configurations: readonly Configuration[]): string[] {
  const names = (prefix: string, of: (configuration: Configuration) => readonly string[]): string[] => [
    ...new Set(configurations.flatMap(of).map((name) => `${prefix}.${name}`)),
  ];
  return [
    ...names('aborts', ({ algorithm }) => algorithm.declaration.aborts),
    ...names('counters', (c) =>
      (c.algorithm.declaration.counters ?? []).filter((name) => name !== 'validations'),
    ),
    ...names('algorithm', ({ options }) => Object.keys(options)),
    ...names('workload', ({ parameters }) => Object.keys(parameters)),
    ...names('machine', ({ figures }) => Object.keys(figures)),
  ];
}

export function trialRow(experiment: string, trial: Trial): Row {
  const { configuration, guarantee, metrics, repetition, verdict, warnings, witness } = trial;
  return {
    ...configurationRow(experiment, configuration),
    ...metricsRow(configuration, metrics),
    trial: trialId(configuration, repetition),
    repetition: `${repetition}`,
    guarantee,
    witness,
    verdict: verdict.verdict,
    warnings: warnings.join(' '),
    ...(trial.failure === undefined ? {} : { failure: trial.failure }),
    ...(verdict.verdict === 'valid' ? {} : { counterexample: counterexampleOf(trial) }),
    ...(verdict.verdict === 'invalid' ? { anomaly: verdict.anomaly, explanation: verdict.explanation } : {}),
    ...(verdict.verdict === 'unknown' ? { explanation: verdict.reason } : {}),
  };
}

/** No number without a verdict: where no trial is valid there are only the counts. */
export function summaryRow(experiment: string, summary: Summary): Row {
  const { configuration, guarantee, metrics, n, rejected, throughput, warnings, witness } = summary;
  const numbers = {
    ...metricsRow(configuration, metrics),
    throughput_mean_tps: ratio(throughput.mean),
    throughput_low_tps: ratio(throughput.interval.low),
    throughput_high_tps: ratio(throughput.interval.high),
    throughput_spread: ratio(throughput.spread),
  };
  return {
    ...configurationRow(experiment, configuration),
    ...(n > 0 ? numbers : {}),
    configuration: summary.id,
    guarantee,
    witness,
    n: `${n}`,
    rejected: `${rejected.length}`,
    warnings: warnings.join(' '),
  };
}

/** What a row says of what was to run. */
export function configurationRow(experiment: string, configuration: Configuration): Row {
  const { algorithm, cores, figures, options, parameters, seed, transactions, workload } = configuration;
  return {
    schema: `${SCHEMA}`,
    experiment,
    seed: `${seed}`,
    algorithm: algorithm.declaration.name,
    workload: workload.declaration.name,
    machine: machineName(configuration),
    cores: `${cores}`,
    transactions: `${transactions}`,
    ...prefixed('algorithm', options),
    ...prefixed('workload', parameters),
    ...prefixed('machine', figures),
  };
}

function metricsRow({ algorithm }: Configuration, metrics: Metrics): Row {
  const { aborts, counters = [] } = algorithm.declaration;
  const counts = (prefix: string, names: readonly string[], of: Readonly<Record<string, number>>): Row =>
    Object.fromEntries(names.map((name) => [`${prefix}.${name}`, integer(of[name] ?? 0)]));
  const values: Readonly<Record<string, unknown>> = {
    ...metrics,
    ...(counters.includes('validations') ? { validations: metrics.counters.validations ?? 0 } : {}),
  };
  const own = METRICS.filter((name) => values[name] !== undefined).map((name) => [
    name,
    (RATIOS.includes(name) ? ratio : integer)(values[name] as number),
  ]);
  return {
    ...Object.fromEntries(own),
    ...counts('aborts', aborts, metrics.abortsByCause),
    ...counts('counters', counters, metrics.counters),
  };
}

function prefixed(prefix: string, values: Readonly<Record<string, unknown>>): Row {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      `${prefix}.${name}`,
      typeof value === 'string' ? value : (JSON.stringify(value) ?? ''),
    ]),
  );
}

function integer(value: number): string {
  return Number.isFinite(value) ? `${Math.round(value)}` : '';
}

function ratio(value: number): string {
  return Number.isFinite(value) ? `${Number(value.toPrecision(6))}` : '';
}

export function csvLine(cells: readonly string[]): string {
  return stringify([cells]);
}

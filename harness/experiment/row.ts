/** What stands in the rows of the results files, written and read back. */
import { stringify } from 'csv-stringify/sync';
import type { Anomaly, Verdict } from '../verify/verdict.ts';
import { fixedColumns, MEASURED_COLUMNS } from './columns.ts';
import { type Configuration, machineName } from './configuration.ts';
import { trialId } from './identity.ts';
import type { Summary } from './summary.ts';
import type { Failure, Metrics, Trial, Warning } from './trial.ts';

/** Changes whenever a column's name or meaning does. */
export const SCHEMA = 2;

const RATIOS = ['throughput_tps', 'speedup', 'efficiency', 'host_load'];

export type Row = Readonly<Record<string, string>>;

export type ResultsFile = 'runs' | 'rejected' | 'summary';

/** The columns of one file, for these configurations. */
export function header(file: ResultsFile, configurations: readonly Configuration[]): string[] {
  const { before, after } = fixedColumns(file);
  return [...before, ...extraColumns(configurations), ...after];
}

/** The row as a line of a file with these columns. */
export function line(columns: readonly string[], row: Row): string {
  return csvLine(columns.map((column) => row[column] ?? ''));
}

/** The path of a rejected trial's counterexample in its results folder. */
export function counterexampleOf({ configuration, repetition }: Trial): string {
  return `counterexamples/${trialId(configuration, repetition)}.json`;
}

/** A declared counter has a column of its own, but `validations`, which every row has. */
function extraColumns(configurations: readonly Configuration[]): string[] {
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
    ...(verdict.verdict === 'valid' || trial.failure ? {} : { counterexample: counterexampleOf(trial) }),
    ...(verdict.verdict === 'invalid' ? { anomaly: verdict.anomaly, explanation: verdict.explanation } : {}),
    ...(verdict.verdict === 'unknown' ? { explanation: verdict.reason } : {}),
  };
}

/** The trial that a row tells of. Of the verdict there is less: no serial order, no evidence. */
export function trialOf(row: Row, configuration: Configuration): Trial {
  return {
    configuration,
    guarantee: row.guarantee as Trial['guarantee'],
    witness: row.witness as Trial['witness'],
    repetition: Number(row.repetition),
    metrics: metricsFrom(row, configuration),
    verdict: verdictFrom(row),
    warnings: (row.warnings === '' ? [] : row.warnings.split(' ')) as readonly Warning[],
    ...(row.failure ? { failure: row.failure as Failure } : {}),
  };
}

function verdictFrom({ anomaly, explanation, verdict }: Row): Verdict {
  if (verdict === 'valid') return { verdict, order: new Int32Array() };
  if (verdict === 'unknown') return { verdict, reason: explanation };
  return { verdict: 'invalid', anomaly: anomaly as Anomaly, explanation, evidence: {} };
}

function metricsFrom(row: Row, { algorithm }: Configuration): Metrics {
  const number = (name: string): number => (row[name] ? Number(row[name]) : Number.NaN);
  const counts = (names: readonly string[], column: (name: string) => string): Record<string, number> =>
    Object.fromEntries(names.filter((name) => row[column(name)]).map((name) => [name, number(column(name))]));
  const { aborts, counters = [] } = algorithm.declaration;
  const measured = MEASURED_COLUMNS.filter((name) => name !== 'validations');
  return {
    ...(Object.fromEntries(measured.map((name) => [name, number(name)])) as unknown as Metrics),
    abortsByCause: counts(aborts, (name) => `aborts.${name}`),
    counters: counts(counters, (name) => (name === 'validations' ? name : `counters.${name}`)),
  };
}

/** No number without a verdict: where no trial is valid there are only the counts. */
export function summaryRow(experiment: string, summary: Summary): Row {
  const { configuration, guarantee, metrics, n, rejected, throughput, warnings, witness } = summary;
  const numbers = {
    ...metricsRow(configuration, metrics),
    throughput_mean_tps: ratio(throughput.mean),
    throughput_sd_tps: ratio(throughput.deviation),
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
  const own = MEASURED_COLUMNS.filter((name) => values[name] !== undefined).map((name) => [
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

/** The columns of the results files: the one list of their names, their order and their meaning. */

type File = 'runs' | 'rejected' | 'summary';

export interface Column {
  /** Ends in its unit: ns (nanoseconds), tps (transactions a second). What has none is a count, a ratio or a word. */
  readonly name: string;
  readonly files: readonly File[];
  readonly type: 'integer' | 'number' | 'text';
  readonly meaning: string;
}

const TRIALS: readonly File[] = ['runs', 'rejected'];
const ALL: readonly File[] = ['runs', 'rejected', 'summary'];
const REJECTED: readonly File[] = ['rejected'];
const SUMMARY: readonly File[] = ['summary'];

type Entry = readonly [name: string, files: readonly File[], type: Column['type'], meaning: string];

const IDENTITY: readonly Entry[] = [
  ['schema', ALL, 'integer', 'version of these columns; changes whenever a name or a meaning does'],
  ['experiment', ALL, 'text', 'name of the experiment'],
  ['trial', TRIALS, 'text', 'hash of configuration, machine model and repetition; the key of the row'],
  ['configuration', SUMMARY, 'text', 'hash of configuration and machine model; the key of the row'],
  ['repetition', TRIALS, 'integer', 'from 1; a simulated run repeats itself exactly, so it has one'],
  ['seed', ALL, 'integer', 'fixes the block and every random choice'],
  ['algorithm', ALL, 'text', 'name of the algorithm; its options are in the columns algorithm.*'],
  ['guarantee', ALL, 'text', 'what it promises: block-order, serializable, snapshot-isolation or none'],
  ['workload', ALL, 'text', 'name of the workload; its parameters are in the columns workload.*'],
  [
    'machine',
    ALL,
    'text',
    'threads (real cores, measured time) or a machine model (simulated, virtual time)',
  ],
  ['cores', ALL, 'integer', 'how many cores ran the block'],
  ['transactions', ALL, 'integer', 'how many transactions the block has'],
  ['n', SUMMARY, 'integer', 'trials with a valid verdict, which the numbers of the row rest on'],
  ['rejected', SUMMARY, 'integer', 'trials without one; their rows are in rejected.csv'],
];

/** Of a trial; in summary.csv each is the median of its own column. */
const MEASURED: readonly Entry[] = [
  ['makespan_ns', ALL, 'integer', 'from the start of the block to the end of the last core'],
  ['throughput_tps', ALL, 'number', 'transactions completed a second, each counted once'],
  ['baseline_ns', ALL, 'integer', 'the plain sequential loop on the same block and machine'],
  ['speedup', ALL, 'number', 'baseline_ns / makespan_ns'],
  ['bound_ns', ALL, 'integer', 'the makespan that no correct schedule can beat on so many cores'],
  ['efficiency', ALL, 'number', 'bound_ns / makespan_ns'],
  ['committed', ALL, 'integer', 'transactions that committed'],
  ['reverted', ALL, 'integer', 'transactions that reverted, a normal outcome'],
  ['attempts', ALL, 'integer', 'executions of a transaction begun, repeated ones included'],
  ['aborts', ALL, 'integer', 'attempts undone; by cause in the columns aborts.*'],
  ['validations', ALL, 'integer', 'validations, where the algorithm counts them'],
  ['useful_ns', ALL, 'integer', 'over all cores: time in the last attempt of each transaction'],
  ['wasted_ns', ALL, 'integer', 'over all cores: time in all other attempts'],
  ['blocked_ns', ALL, 'integer', 'over all cores: time parked inside an attempt'],
  ['idle_ns', ALL, 'integer', 'over all cores: time parked outside any attempt, or done before the others'],
  ['latency_p50_ns', ALL, 'integer', 'median of the time from first attempt to commit'],
  ['latency_p95_ns', ALL, 'integer', '95th percentile of it'],
  ['latency_p99_ns', ALL, 'integer', '99th percentile of it'],
  [
    'host_load',
    ALL,
    'number',
    "real threads, on Linux: how many of the host's cores other processes kept busy meanwhile",
  ],
];

const VERDICT: readonly Entry[] = [
  ['throughput_mean_tps', SUMMARY, 'number', 'mean of throughput_tps'],
  ['throughput_sd_tps', SUMMARY, 'number', 'sample standard deviation of throughput_tps'],
  ['throughput_low_tps', SUMMARY, 'number', 'low end of the bootstrap 95 % interval of its median'],
  ['throughput_high_tps', SUMMARY, 'number', 'high end of it'],
  ['throughput_spread', SUMMARY, 'number', '(largest - smallest) / median of throughput_tps'],
  ['witness', ALL, 'text', 'the form of the evidence verified: preset, points or versions'],
  ['verdict', TRIALS, 'text', 'valid in runs.csv; invalid or unknown in rejected.csv'],
  ['warnings', ALL, 'text', 'why a number may mean less than it seems; names separated by blanks'],
];

const EVIDENCE: readonly Entry[] = [
  ['failure', REJECTED, 'text', 'why there was nothing to verify: error, timeout or worker-died'],
  ['anomaly', REJECTED, 'text', 'name of what is wrong with an invalid run'],
  ['explanation', REJECTED, 'text', 'what happened, in sentences'],
  ['counterexample', REJECTED, 'text', "path of the evidence, from the results folder; '' for a failure"],
];

/** Columns that depend on what runs: `prefix.name`, blank where a row's configuration has no such name. */
const FAMILIES: readonly Entry[] = [
  ['aborts.*', ALL, 'integer', 'attempts undone for one declared cause'],
  ['counters.*', ALL, 'integer', 'another event that the algorithm counts'],
  ['algorithm.*', ALL, 'text', 'an option of the algorithm, defaults written out (contend list algorithms)'],
  ['workload.*', ALL, 'text', 'a parameter of the workload, defaults written out (contend list workloads)'],
  ['machine.*', ALL, 'text', 'a figure by which the machine differs from its model'],
];

/** In the order in which they stand in the files. */
export const columns: readonly Column[] = [
  ...IDENTITY,
  ...MEASURED,
  ...VERDICT,
  ...FAMILIES,
  ...EVIDENCE,
].map(([name, files, type, meaning]) => ({ name, files, type, meaning }));

/** The names of the columns of trials that are measured. */
export const MEASURED_COLUMNS: readonly string[] = MEASURED.map(([name]) => name);

/** The columns that one file has whatever runs, before and after those that depend on it. */
export function fixedColumns(file: File): { readonly before: string[]; readonly after: string[] } {
  const of = (entries: readonly Entry[]): string[] =>
    entries.filter(([, files]) => files.includes(file)).map(([name]) => name);
  return { before: [...of(IDENTITY), ...of(MEASURED), ...of(VERDICT)], after: of(EVIDENCE) };
}

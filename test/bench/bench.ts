/**
 * The project's own figures, as commands: `npm run bench`, or `npm run bench -- simulator silo` for some.
 * Prints a table a section and writes all of it to results/bench.json. Times are of this host, which may be
 * shared: compare within one run, as ratios.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import Table from 'cli-table3';
import { median } from 'simple-statistics';
import { algorithms } from '../../algorithms/index.ts';
import { variantsOf } from '../../harness/check/cases.ts';
import { measured } from '../../harness/cli/measuring.ts';
import { Progress } from '../../harness/cli/progress.ts';
import { processTerminal } from '../../harness/cli/terminal.ts';
import { type Configuration, configure, type Request } from '../../harness/experiment/configuration.ts';
import { measure } from '../../harness/experiment/measure.ts';
import { type Summary, summarize } from '../../harness/experiment/summary.ts';
import { generate, jobOf } from '../../harness/experiment/trials/block.ts';
import { workOf } from '../../harness/experiment/work.ts';
import { loadAlgorithm } from '../../harness/machine/load.ts';
import { models } from '../../harness/machine/simulated/models/index.ts';
import { simulate } from '../../harness/machine/simulated/simulate.ts';
import { openThreads } from '../../harness/machine/threads/threads.ts';
import { warmUp } from '../../harness/machine/threads/warmup.ts';
import { labelOf } from '../../harness/report/words.ts';
import { evidence } from './evidence.ts';

type Row = Record<string, string | number>;

const base: Request = {
  algorithm: 'block-stm',
  options: {},
  workload: 'transfers',
  parameters: {},
  machine: 'threads',
  cores: 1,
  transactions: 1000,
  seed: 1,
};

/** Simulated accesses a second of one host core: 32 virtual cores, 1,000 payments. */
async function simulator(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const algorithm of ['block-stm', 'silo']) {
    for (const variant of ['diem', 'plain']) {
      const parameters = { variant, accounts: 1000, work: 10_000 };
      const request = { ...base, algorithm, parameters, machine: 'server-32', cores: 32 };
      const configuration = await configure(request);
      const job = jobOf(configuration, generate(configuration));
      const rates: number[] = [];
      let steps = 0;
      for (let i = 0; i < 15; i++) {
        const before = process.cpuUsage().user;
        steps = simulate(job, { model: models['server-32'] }).steps;
        rates.push(steps / (process.cpuUsage().user - before));
      }
      const rate = median(rates.slice(5));
      rows.push({
        algorithm,
        variant,
        steps,
        'million steps a second (median)': round(rate, 3),
        best: round(Math.max(...rates), 3),
      });
    }
  }
  return rows;
}

/** Block-STM paper, figures 3 and 4, digitised: thousand transactions a second at 4, 8, 16, 32 threads. */
const PAPER: Record<string, readonly number[]> = {
  '1000 / 2': [4.3, 3.8, 3.7, 3.6],
  '1000 / 10': [8.7, 7.7, 7.5, 7.3],
  '1000 / 100': [15.0, 21.8, 28.0, 29.7],
  '1000 / 1000': [15.4, 23.9, 33.9, 42.9],
  '1000 / 10000': [15.4, 23.9, 34.5, 44.3],
  '10000 / 2': [4.4, 3.9, 3.8, 3.7],
  '10000 / 10': [9.4, 8.5, 8.2, 8.0],
  '10000 / 100': [17.8, 30.1, 44.4, 48.4],
  '10000 / 1000': [18.6, 34.3, 59.9, 94.6],
  '10000 / 10000': [19.0, 34.9, 62.0, 95.1],
};
const PAPER_SEQUENTIAL = 5.1;
const PAPER_CORES = [4, 8, 16, 32];

/** Simulated Block-STM on Diem payments of 200 us, as speed-up over the plain loop, beside the paper's. */
async function paper(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [cell, digitised] of Object.entries(PAPER)) {
    const [transactions, accounts] = cell.split(' / ').map(Number);
    const row: Row = { block: transactions, accounts };
    for (const [i, cores] of PAPER_CORES.entries()) {
      const parameters = { variant: 'diem', accounts, work: 200_000 };
      const request = { ...base, parameters, transactions, cores, machine: 'server-32' };
      for await (const { metrics, verdict } of measure(workOf([await configure(request)], 1))) {
        row[`${cores} cores`] = verdict.verdict === 'valid' ? round(metrics.speedup, 3) : verdict.verdict;
        row[`paper @${cores}`] = round(digitised[i] / PAPER_SEQUENTIAL, 3);
        if (cores === 32) row['bound @32'] = round(metrics.baseline_ns / metrics.bound_ns, 3);
      }
    }
    rows.push(row);
  }
  return rows;
}

/** Silo on YCSB with real threads: 1,048,576 keys, 16 operations, half of them reads. */
async function silo(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const writes of ['rmw', 'blind']) {
    for (const theta of [0, 0.6, 0.9]) {
      for (const cores of threadCounts()) {
        const parameters = { keys: 1_048_576, operations: 16, reads: 0.5, theta, writes };
        const request = {
          ...base,
          algorithm: 'silo',
          workload: 'ycsb',
          parameters,
          cores,
          transactions: 200_000,
        };
        const trials = await all(measure(workOf([await configure(request)], 5)));
        const tps = trials.map(({ metrics }) => metrics.throughput_tps);
        const { aborts, attempts } = trials[0].metrics;
        rows.push({
          writes,
          theta,
          threads: cores,
          'thousand tps (median)': round(median(tps) / 1e3, 3),
          least: round(Math.min(...tps) / 1e3, 3),
          most: round(Math.max(...tps) / 1e3, 3),
          'aborts %': round((100 * aborts) / attempts, 2),
          'plain loop': round(
            (trials[0].configuration.transactions / trials[0].metrics.baseline_ns) * 1e6,
            3,
          ),
          verdicts: [...new Set(trials.map(({ verdict }) => verdict.verdict))].join(' '),
        });
      }
    }
  }
  return rows;
}

/** Block-STM on 10,000 payments with real threads: the engine's own cost, and two threads against the loop. */
async function engine(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const work of [0, 10_000]) {
    for (const accounts of [2, 10, 100, 1000, 10_000]) {
      const row: Row = { work, accounts };
      for (const cores of threadCounts()) {
        const parameters = { variant: 'plain', accounts, work };
        const request = { ...base, parameters, cores, transactions: 10_000 };
        const trials = await all(measure(workOf([await configure(request)], 7)));
        const makespan_ns = median(trials.map(({ metrics }) => metrics.makespan_ns));
        const { baseline_ns, attempts } = trials[0].metrics;
        row['loop us a tx'] = round(baseline_ns / 1e7, 3);
        row[`us a tx @${cores}`] = round(makespan_ns / 1e7, 3);
        row[`speed-up @${cores}`] = round(baseline_ns / makespan_ns, 3);
        row[`attempts a tx @${cores}`] = round(attempts / 10_000, 3);
      }
      rows.push(row);
    }
  }
  return rows;
}

/** What the audit (digests and witness) costs: the same runs with it and without, turn by turn. */
async function audit(): Promise<Row[]> {
  const rows: Row[] = [];
  const requests: Request[] = [
    {
      ...base,
      algorithm: 'silo',
      workload: 'ycsb',
      parameters: { keys: 1_048_576 },
      transactions: 100_000,
    },
    { ...base, parameters: { variant: 'plain', accounts: 1000, work: 0 }, transactions: 10_000 },
    { ...base, parameters: { variant: 'plain', accounts: 1000, work: 10_000 }, transactions: 10_000 },
  ];
  for (const request of requests) {
    const configuration = await configure(request);
    const job = jobOf(configuration, generate(configuration));
    const [on, off] = await Promise.all(
      [true, false].map((audited) =>
        openThreads({ ...job, audit: audited, stampEvery: 8, timeout_ms: 60_000 }),
      ),
    );
    await warmUp(on);
    await warmUp(off);
    const ratios: number[] = [];
    for (let i = 0; i < 15; i++) {
      const audited = (await on.run(i)).makespan_ns;
      ratios.push(audited / (await off.run(i)).makespan_ns);
    }
    await Promise.all([on.close(), off.close()]);
    rows.push({
      algorithm: request.algorithm,
      workload: `${request.workload} ${JSON.stringify(request.parameters)}`,
      'audited / not (median)': round(median(ratios), 4),
      least: round(Math.min(...ratios), 4),
      most: round(Math.max(...ratios), 4),
    });
  }
  return rows;
}

/** On real threads a block of transactions without work has to be so long for its time to be more than noise. */
const REAL_YCSB_TRANSACTIONS = 10_000;

/** The workloads that algorithms are compared on. */
const ARENAS: readonly [label: string, workload: string, parameters: Record<string, unknown>][] = [
  ...[2, 10, 100, 10_000].map(
    (accounts) =>
      [`transfers ${accounts}`, 'transfers', { variant: 'plain', accounts, work: 10_000 }] as const,
  ),
  ...[0, 0.6, 0.9].map((theta) => [`ycsb ${theta}`, 'ycsb', { keys: 100_000, theta }] as const),
].map(([label, workload, parameters]) => [label, workload, parameters]);

/** Every algorithm with each of its choices: speed-up (aborts per commit, efficiency in %) on every arena. */
async function families(machine: string, cores: number, repetitions: number): Promise<Row[]> {
  const variants = (await Promise.all(Object.keys(algorithms).map(loadAlgorithm))).flatMap(variantsOf);
  const arenaOf = new Map<Configuration, string>();
  for (const [arena, workload, parameters] of ARENAS) {
    const isLong = workload === 'ycsb' && machine === 'threads';
    const transactions = isLong ? REAL_YCSB_TRANSACTIONS : base.transactions;
    for (const { algorithm, options } of variants) {
      const name = algorithm.declaration.name;
      const request = {
        ...base,
        algorithm: name,
        options,
        workload,
        parameters,
        machine,
        cores,
        transactions,
      };
      arenaOf.set(await configure(request), arena);
    }
  }
  const configurations = [...arenaOf.keys()];
  const terminal = processTerminal();
  const progress = new Progress(terminal, workOf(configurations, repetitions));
  const rows = new Map<string, Row>(
    variants.map((variant) => [labelOf(variant), { algorithm: labelOf(variant) }]),
  );
  const trials = await measured(configurations, { repetitions, progress, terminal, folder: undefined });
  for (const summary of summarize(trials)) {
    const { configuration } = summary;
    const row = rows.get(labelOf(configuration)) as Row;
    row[arenaOf.get(configuration) as string] = cell(summary);
  }
  return [...rows.values()];
}

function cell({ metrics, n }: Summary): string {
  if (n === 0) return 'rejected';
  const { aborts, committed, efficiency, speedup } = metrics;
  return `${round(speedup, 3)} (${round(aborts / committed, 2)}, ${round(100 * efficiency, 2)}%)`;
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

function threadCounts(): number[] {
  return [1, ...(availableParallelism() > 1 ? [2] : [])];
}

function round(value: number, digits: number): number {
  return Number(value.toPrecision(digits));
}

function print(title: string, rows: readonly Row[]): void {
  const head = Object.keys(rows[0]);
  const table = new Table({ head, style: { head: [], border: [], compact: true } });
  for (const row of rows) table.push(head.map((name) => String(row[name] ?? '')));
  process.stdout.write(`\n${title}\n${table.toString()}\n`);
}

const sections: Record<string, () => Promise<Row[]>> = {
  simulator,
  paper,
  silo,
  engine,
  audit,
  evidence,
  'families-simulated': () => families('server-32', 32, 1),
  'families-threads': () => families('threads', Math.min(2, availableParallelism()), 3),
};
const chosen = process.argv.slice(2);
const wrong = chosen.filter((name) => !Object.hasOwn(sections, name));
if (wrong.length > 0) {
  process.stderr.write(`unknown section: ${wrong[0]} (known: ${Object.keys(sections).join(', ')})\n`);
  process.exit(2);
}
const figures: Record<string, Row[]> = {};
process.stdout.write(`${cpus()[0].model}, ${availableParallelism()} cores, Node ${process.versions.node}\n`);
for (const name of chosen.length > 0 ? chosen : Object.keys(sections)) {
  figures[name] = await sections[name]();
  print(name, figures[name]);
}
mkdirSync('results', { recursive: true });
writeFileSync('results/bench.json', `${JSON.stringify(figures, null, 2)}\n`);

/** A results folder: its columns, which file a row goes to, the order of rows, and that all reads back. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { z } from '../../algorithms/algorithm.ts';
import type { Configuration } from '../../harness/experiment/configuration.ts';
import { ResultsFolder } from '../../harness/experiment/record.ts';
import { csvLine } from '../../harness/experiment/row.ts';
import type { Trial } from '../../harness/experiment/trial.ts';
import { UserError } from '../../harness/experiment/user-error.ts';
import { algorithm, configuration, LOST_UPDATE, trial } from './trials.ts';

fc.configureGlobal({ seed: 42 });

/** As the design has them. */
const COLUMNS =
  'schema,experiment,trial,repetition,seed,algorithm,guarantee,workload,machine,cores,' +
  'transactions,makespan_ns,throughput_tps,baseline_ns,speedup,bound_ns,efficiency,committed,reverted,' +
  'attempts,aborts,validations,useful_ns,wasted_ns,blocked_ns,idle_ns,latency_p50_ns,latency_p95_ns,' +
  'latency_p99_ns,host_load,witness,verdict,warnings';

const locking = algorithm('locking', {
  aborts: ['deadlock'],
  options: z.strictObject({ policy: z.string().default('no-wait') }),
});
const optimistic = algorithm('optimistic', { aborts: ['read'], counters: ['validations', 'retries'] });
const first = configuration({ algorithm: locking, options: { policy: 'wait-die' } });
const second = configuration({ algorithm: optimistic });
const onThreads = configuration({ algorithm: locking, machine: 'threads', options: { policy: 'no-wait' } });

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'contend-record-'));
});

function record(configurations: readonly Configuration[], trials: readonly Trial[]): void {
  const folder = new ResultsFolder(directory, { experiment: 'test', configurations, repetitions: 3 });
  for (const each of trials) folder.add(each);
  folder.close();
}

const file = (name: string): string => readFileSync(join(directory, name), 'utf8');
const rows = (name: string): Record<string, string>[] => parse(file(name), { columns: true });

test("the header is the design's, and declared names follow: causes, counters, options, parameters", () => {
  record([first, second], []);
  const extra =
    'aborts.deadlock,aborts.read,counters.retries,algorithm.policy,workload.accounts,workload.note';
  expect(file('runs.csv')).toBe(`${COLUMNS},${extra}\n`);
  expect(file('rejected.csv')).toBe(`${COLUMNS},${extra},failure,anomaly,explanation,counterexample\n`);
});

test('a row holds whole nanoseconds, six digits of a ratio, and blanks where nothing applies', () => {
  const metrics = {
    makespan_ns: 1234.56,
    throughput_tps: 123_456_789.123,
    speedup: 1 / 3,
    bound_ns: Number.NaN,
    efficiency: Number.NaN,
    abortsByCause: { read: 4 },
    counters: { validations: 9, retries: 2 },
  };
  record([first, second], [trial({ configuration: second, warnings: ['not-steady', 'short-run'], metrics })]);
  expect(rows('runs.csv')).toEqual([
    expect.objectContaining({
      ...{ schema: '2', experiment: 'test', repetition: '1', seed: '1', algorithm: 'optimistic' },
      ...{ makespan_ns: '1235', throughput_tps: '123457000', speedup: '0.333333' },
      ...{ bound_ns: '', efficiency: '', validations: '9' },
      ...{ 'aborts.deadlock': '', 'aborts.read': '4', 'counters.retries': '2', 'algorithm.policy': '' },
      ...{ 'workload.accounts': '10', warnings: 'not-steady short-run', verdict: 'valid', witness: 'points' },
    }),
  ]);
});

test('an algorithm that does not count validations leaves them blank', () => {
  record([first], [trial({ configuration: first })]);
  expect(rows('runs.csv')[0].validations).toBe('');
});

test('a row is on disk as soon as it is added', () => {
  const folder = new ResultsFolder(directory, {
    experiment: 'test',
    configurations: [first],
    repetitions: 1,
  });
  folder.add(trial({ configuration: first }));
  expect(rows('runs.csv')).toHaveLength(1);
  folder.close();
});

test('a trial without a valid verdict goes to rejected.csv only, with its counterexample', () => {
  const rejected = trial({ configuration: first, verdict: LOST_UPDATE });
  const unknown = trial({ configuration: second, verdict: { verdict: 'unknown', reason: 'no points' } });
  record([first, second], [rejected, unknown]);
  expect(rows('runs.csv')).toEqual([]);
  const [row, other] = rows('rejected.csv');
  expect(row).toMatchObject({
    verdict: 'invalid',
    anomaly: 'G-single',
    explanation: LOST_UPDATE.explanation,
  });
  expect(other).toMatchObject({ verdict: 'unknown', anomaly: '', explanation: 'no points' });
  expect(row.counterexample).toBe(`counterexamples/${row.trial}.json`);
  expect(JSON.parse(file(row.counterexample))).toMatchObject({
    trial: row.trial,
    configuration: { algorithm: 'locking', options: { policy: 'wait-die' }, cores: 4 },
    ...LOST_UPDATE,
    command: expect.stringContaining('npx contend run locking --option policy=wait-die'),
  });
});

test('a configuration without a valid trial has a summary without numbers', () => {
  record([first], [trial({ configuration: first, verdict: LOST_UPDATE })]);
  expect(rows('summary.csv')).toEqual([
    expect.objectContaining({
      n: '0',
      rejected: '1',
      throughput_tps: '',
      speedup: '',
      throughput_low_tps: '',
    }),
  ]);
});

test('the summary has medians under the names of runs.csv, and a blank interval for one trial', () => {
  const rates = [100, 110, 104].map((throughput_tps, at) =>
    trial({ configuration: onThreads, repetition: at + 1, metrics: { throughput_tps } }),
  );
  record([second, onThreads], [trial({ configuration: second }), ...rates]);
  const [single, repeated] = rows('summary.csv');
  expect(single).toMatchObject({ n: '1', throughput_low_tps: '', throughput_high_tps: '' });
  expect(repeated).toMatchObject({ n: '3', throughput_tps: '104', throughput_mean_tps: '104.667' });
  expect(repeated.throughput_spread).toBe('0.0961538');
  expect(Number(repeated.throughput_low_tps)).toBe(100);
});

test('rows end in a fixed order, whatever the order in which trials ended: threads come last', () => {
  const ended = [
    trial({ configuration: onThreads, repetition: 2 }),
    trial({ configuration: second }),
    trial({ configuration: onThreads, repetition: 1 }),
    trial({ configuration: first }),
  ];
  record([onThreads, first, second], ended);
  const inOrder = file('runs.csv');
  expect(rows('runs.csv').map((row) => [row.algorithm, row.machine, row.repetition])).toEqual([
    ['locking', 'server-32', '1'],
    ['optimistic', 'server-32', '1'],
    ['locking', 'threads', '1'],
    ['locking', 'threads', '2'],
  ]);
  record([onThreads, first, second], ended.toReversed());
  expect(file('runs.csv')).toBe(inOrder);
});

test('the trial of each configuration and repetition has an identity of its own', () => {
  const variants: Configuration[] = [
    ...[first, second, onThreads],
    ...[
      { ...first, seed: 2 },
      { ...first, cores: 5 },
      { ...first, transactions: 101 },
    ],
    ...[
      { ...first, options: { policy: 'x' } },
      { ...first, parameters: { accounts: 11, note: '' } },
    ],
    { ...first, model: { ...(first.model as NonNullable<Configuration['model']>), hit_ns: 2 } },
  ];
  record(
    variants,
    variants.flatMap((c) => [1, 2].map((repetition) => trial({ configuration: c, repetition }))),
  );
  const names = rows('runs.csv').map((row) => row.trial);
  expect(new Set(names).size).toBe(2 * variants.length);
  expect(names.every((name) => /^[0-9a-f]{12}$/.test(name))).toBe(true);
});

test('a new experiment starts the folder afresh and leaves alone what is not its own', () => {
  record([first], [trial({ configuration: first, verdict: LOST_UPDATE })]);
  writeFileSync(join(directory, 'counterexamples', 'notes.txt'), 'mine');
  record([second], [trial({ configuration: second })]);
  expect(rows('rejected.csv')).toEqual([]);
  expect(rows('runs.csv')).toHaveLength(1);
  expect(readdirSync(join(directory, 'counterexamples'))).toEqual(['notes.txt']);
});

test('a folder that cannot be written is refused in a sentence, before anything runs', () => {
  writeFileSync(join(directory, 'file'), '');
  const open = () =>
    new ResultsFolder(join(directory, 'file', 'below'), {
      experiment: 'x',
      configurations: [first],
      repetitions: 1,
    });
  expect(open).toThrow(UserError);
  expect(open).toThrow(/^cannot write results to .*file.below: /);
});

test('two algorithms of one name are refused, and what was there stays', () => {
  record([first], [trial({ configuration: first })]);
  const before = file('runs.csv');
  const twin = configuration({ algorithm: locking, reference: 'file:///twin.ts', options: { policy: 'x' } });
  expect(() => record([first, twin], [])).toThrow(
    /two algorithms call themselves locking: locking and .*twin\.ts/,
  );
  expect(file('runs.csv')).toBe(before);
});

test('the environment tells the host, the versions and the models that ran', () => {
  record([first, onThreads], []);
  const environment = JSON.parse(file('environment.json'));
  expect(environment).toMatchObject({ node: process.version, v8: process.versions.v8 });
  expect(environment.cores).toBeGreaterThan(0);
  expect(Object.keys(environment.machines)).toEqual(['server-32']);
  expect(environment.machines['server-32'].hit_ns).toBe(first.model?.hit_ns);
  expect(Number.isNaN(Date.parse(environment.date))).toBe(false);
  expect(existsSync(join(directory, 'counterexamples'))).toBe(false);
});

test('any text reads back from a cell as it was', () => {
  const nasty = fc.stringMatching(/^[",;\r\n\t =+@'\\ a\ufeff\u2028é-]{0,8}$/);
  const text = fc.oneof(nasty, fc.string({ unit: 'binary', maxLength: 8 }));
  const law = fc.property(
    fc.array(fc.array(text, { minLength: 3, maxLength: 3 }), { maxLength: 4 }),
    (cells) => {
      const csv = ['a,b,c\n', ...cells.map((row) => csvLine(row))].join('');
      expect(parse(csv, { record_delimiter: '\n' }).slice(1)).toEqual(cells);
      expect(parse(csv).slice(1)).toEqual(cells);
    },
  );
  fc.assert(law, { numRuns: 100 });
});

test('any text of a parameter and an explanation reads back from the files', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 12 });
  fc.assert(
    fc.property(text, text, (note, explanation) => {
      const one = configuration({ parameters: { accounts: 10, note } });
      record([one], [trial({ configuration: one, verdict: { ...LOST_UPDATE, explanation } })]);
      expect(rows('rejected.csv')[0]).toMatchObject({ 'workload.note': note, explanation });
    }),
    { numRuns: 20 },
  );
});

/** Sweeps: the same rows however many workers, what is resumed and what refused, and that failures end nothing. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';
import { type Experiment, readExperiment } from '../../harness/experiment/file/experiment.ts';
import { readResults } from '../../harness/experiment/results.ts';
import { runExperiment, type SweepOptions } from '../../harness/experiment/sweep.ts';
import type { Trial } from '../../harness/experiment/trial.ts';

const fixture = (name: string): string => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));
const scratch = (): string => mkdtempSync(join(tmpdir(), 'contend-sweep-'));

function experiment(text: string): Promise<Experiment> {
  const path = join(scratch(), 'e.yaml');
  writeFileSync(path, text);
  return readExperiment(path);
}

const SMALL = `name: small
algorithms: [silo, sequential]
workloads: [transfers: { accounts: [3, 30], variant: plain, work: 100 }]
machines: [server-32]
cores: [1, 3]
transactions: [30]
seeds: [1, 2]
`;

const FILES = ['experiment.yaml', 'runs.csv', 'rejected.csv', 'summary.csv'];
const files = (out: string): string[] => FILES.map((name) => readFileSync(join(out, name), 'utf8'));

async function swept(text: string, options: Partial<SweepOptions> = {}) {
  const out = options.out ?? scratch();
  const told: Trial[] = [];
  const { interrupted, summaries } = await runExperiment(await experiment(text), {
    workers: 0,
    onTrial: (trial) => told.push(trial),
    ...options,
    out,
  });
  return { out, told, interrupted, summaries };
}

test('the same bytes in this thread and in two workers', async () => {
  const [one, two] = [await swept(SMALL), await swept(SMALL, { workers: 2 })];
  expect(files(two.out)).toEqual(files(one.out));
  expect(readResults(one.out).runs).toHaveLength(16);
  expect(one.summaries).toHaveLength(16);
});

test('what is done is not done again, and another experiment is refused unless told', async () => {
  const { out } = await swept(SMALL);
  const before = files(out);
  const again = await swept(SMALL, { out });
  expect(again.told).toEqual([]);
  expect(again.summaries).toHaveLength(16);
  expect(files(out)).toEqual(before);
  const other = SMALL.replace('seeds: [1, 2]', 'seeds: [1]');
  await expect(swept(other, { out })).rejects.toThrow(/holds another experiment .* --overwrite/);
  expect(files(out)).toEqual(before);
  const { told } = await swept(other, { out, overwrite: true });
  expect(told).toHaveLength(8);
  expect(readResults(out).runs).toHaveLength(8);
});

test('a folder with results of something else is refused', async () => {
  const out = scratch();
  writeFileSync(join(out, 'runs.csv'), 'mine\n');
  await expect(swept(SMALL, { out })).rejects.toThrow(/holds results that no experiment file made/);
  expect(readFileSync(join(out, 'runs.csv'), 'utf8')).toBe('mine\n');
});

test('rows of another environment are not added to unless told, and then it is on record', async () => {
  const { out } = await swept(SMALL);
  const path = join(out, 'environment.json');
  const here = JSON.parse(readFileSync(path, 'utf8'));
  writeFileSync(path, JSON.stringify({ ...here, contend: '0.0.1', cpu: 'an abacus' }));
  // The processor decides nothing of a simulated trial.
  await expect(swept(SMALL, { out })).rejects.toThrow(
    /another environment: contend 0\.0\.1, here \d[\d.]* \(/,
  );
  await swept(SMALL, { out, mixed: true });
  expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({
    cpu: 'an abacus',
    also: [{ cpu: here.cpu }],
  });
});

test('an interrupt leaves a folder in order, which is resumed', async () => {
  const controller = new AbortController();
  const out = scratch();
  const first = await swept(SMALL, {
    out,
    workers: 1,
    signal: controller.signal,
    onTrial: () => controller.abort(),
  });
  expect(first.interrupted).toBe(true);
  const { runs } = readResults(out);
  expect(runs.length).toBeGreaterThan(0);
  expect(runs.length).toBeLessThan(16);
  const rest = await swept(SMALL, { out });
  expect(rest.told).toHaveLength(16 - runs.length);
  expect(files(out)).toEqual(files((await swept(SMALL)).out));
});

test('a trial that throws, hangs or takes its worker along is recorded, and the sweep goes on', async () => {
  const text = `name: failing
algorithms: [${fixture('failing.ts')}: { how: [throw, hang, exit] }, sequential]
workloads: [cycle]
machines: [server-32]
cores: [2]
transactions: [10]
`;
  const { out, summaries } = await swept(text, { workers: 1, timeout_ms: 2000 });
  const { rejected, runs } = readResults(out);
  expect(runs.map(({ algorithm }) => algorithm)).toEqual(['sequential']);
  const told = rejected.map((row) => [row['algorithm.how'], row.failure, row.verdict, row.makespan_ns]);
  expect(told).toEqual([
    ['throw', 'error', 'unknown', ''],
    ['hang', 'timeout', 'unknown', ''],
    ['exit', 'worker-died', 'unknown', ''],
  ]);
  expect(rejected[0].explanation).toMatch(/^thrown on purpose \(.*fixtures\/failing\.ts:\d+:\d+\)$/);
  expect(rejected[1].explanation).toBe('failing did not end within 2 s');
  expect(summaries.map(({ n }) => n)).toEqual([0, 0, 0, 1]);
  expect((await swept(text, { out })).told).toEqual([]);
});

test('a trial that computes for ever without an access is ended long before its time is over', async () => {
  const text = `name: silent
algorithms: [${fixture('failing.ts')}: { how: hang }, sequential]
workloads: [cycle]
machines: [server-32]
cores: [2]
transactions: [10]
`;
  vi.stubEnv('CONTEND_PATIENCE', '0.5');
  const { out } = await swept(text, { workers: 1 });
  vi.unstubAllEnvs();
  const { rejected, runs } = readResults(out);
  expect(runs).toHaveLength(1);
  expect(rejected[0].failure).toBe('timeout');
  expect(rejected[0].explanation).toMatch(
    /^failing has computed for 0\.5 s without an access .* never ends\?/,
  );
});

test('what failed is run again where that is asked for', async () => {
  const text = SMALL.replace('[silo, sequential]', `[${fixture('failing.ts')}, sequential]`);
  const { out } = await swept(text);
  expect(readResults(out).rejected).toHaveLength(8);
  const before = files(out);
  const { told } = await swept(text, { out, retry: true });
  expect(told).toHaveLength(8);
  expect(files(out)).toEqual(before);
});

test('real threads: failures are recorded repetition by repetition, and repetitions go on until the interval is narrow', async () => {
  const text = `name: real
algorithms: [${fixture('failing.ts')}: { how: throw }, sequential]
workloads: [cycle]
machines: [threads]
cores: [1]
transactions: [20]
repetitions: 2
until: { percent: 0.001, most: 4 }
`;
  const { out } = await swept(text);
  const { rejected, runs } = readResults(out);
  expect(runs.map(({ algorithm, repetition }) => `${algorithm} ${repetition}`)).toEqual(
    [1, 2, 3, 4].map((repetition) => `sequential ${repetition}`),
  );
  expect(rejected.map(({ failure, repetition }) => `${failure} ${repetition}`)).toEqual([
    'error 1',
    'error 2',
  ]);
  expect(runs.every(({ host_load }) => process.platform !== 'linux' || Number(host_load) >= 0)).toBe(true);
  const again = await swept(text, { out });
  expect(again.told).toEqual([]);
});

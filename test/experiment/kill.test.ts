/**
 * A sweep that is killed at random instants and started again has, in the end, the very files of one that was not.
 * CONTEND_KILLS=20 kills a sweep of 200 trials twenty times.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { readExperiment } from '../../harness/experiment/file/experiment.ts';
import { runExperiment } from '../../harness/experiment/sweep.ts';
import { seededRandom } from '../../workloads/random.ts';

const BIN = fileURLToPath(new URL('../../harness/cli/contend.js', import.meta.url));
const KILLS = Number(process.env.CONTEND_KILLS ?? 1);
const SEEDS = KILLS > 1 ? 50 : 5;
const TRIALS = SEEDS * 4;

const EXPERIMENT = `name: killed
algorithms: [silo, uncontrolled]
workloads: [transfers: { accounts: 3, variant: plain }]
machines: [server-32]
cores: [2, 4]
transactions: [30]
seeds: [${Array.from({ length: SEEDS }, (_, at) => at + 1)}]
`;

/** Also in a clone in which somebody commits meanwhile. */
function sweep(file: string, out: string): { child: ChildProcess; ended: Promise<number | null> } {
  const words = ['sweep', file, '--out', out, '--workers', '2', '--mixed', '--no-report'];
  const child = spawn(process.execPath, [BIN, ...words], {
    stdio: 'ignore',
  });
  return { child, ended: new Promise((resolve) => child.on('exit', (code) => resolve(code))) };
}

/** The rows that a file has whole; the last may be cut off. */
function trials(out: string, name: string): string[] {
  const path = join(out, name);
  if (!existsSync(path)) return [];
  const text = readFileSync(path, 'utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  const rows = parse(whole, { columns: true, relax_column_count: true, relax_quotes: true });
  return (rows as { trial: string }[]).map(({ trial }) => trial);
}

const both = (out: string): string[] => [...trials(out, 'runs.csv'), ...trials(out, 'rejected.csv')];

test(`${KILLS} kills: no row lost, none twice`, { timeout: 600_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'contend-kill-'));
  const file = join(folder, 'e.yaml');
  writeFileSync(file, EXPERIMENT);
  const random = seededRandom(Number(process.env.CONTEND_SEED ?? 11));
  const out = join(folder, 'killed');
  let known: string[] = [];
  for (let kill = 0; kill < KILLS; kill++) {
    const { child, ended } = sweep(file, out);
    const wanted = known.length + random.integer(Math.ceil(TRIALS / KILLS));
    while (child.exitCode === null && both(out).length < wanted) await sleep(2);
    await sleep(random.integer(30));
    child.kill('SIGKILL');
    await ended;
    const now = both(out);
    expect(new Set(now).size, 'a row is there twice').toBe(now.length);
    expect(now, 'a row was lost').toEqual(expect.arrayContaining(known));
    known = now;
  }
  expect(await sweep(file, out).ended).toBe(0);
  const undisturbed = join(folder, 'undisturbed');
  await runExperiment(await readExperiment(file), { out: undisturbed, workers: 0, onTrial: () => {} });
  expect(both(out)).toHaveLength(TRIALS);
  for (const name of ['runs.csv', 'rejected.csv', 'summary.csv', 'experiment.yaml']) {
    expect(readFileSync(join(out, name), 'utf8')).toBe(readFileSync(join(undisturbed, name), 'utf8'));
  }
});

test('an interrupt ends it in order: the summary is written, the lock is gone, and the status says so', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'contend-interrupted-'));
  const file = join(folder, 'e.yaml');
  writeFileSync(file, EXPERIMENT.replace('[30]', '[2000]'));
  const out = join(folder, 'out');
  const { child, ended } = sweep(file, out);
  while (child.exitCode === null && both(out).length < 2) await sleep(5);
  child.kill('SIGINT');
  expect(await ended).toBe(130);
  expect(existsSync(join(out, '.lock'))).toBe(false);
  expect(both(out).length).toBeLessThan(TRIALS);
  expect(readFileSync(join(out, 'summary.csv'), 'utf8').split('\n')).toHaveLength(both(out).length + 2);
});

/** The program itself, as a process: streams, exit status, interrupts. Few, since each takes a while to start. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';

const BIN = fileURLToPath(new URL('../../harness/cli/contend.js', import.meta.url));
const FAILING = fileURLToPath(new URL('../experiment/fixtures/failing.ts', import.meta.url));
const PATIENCE = { timeout: 60_000 };

function contend(words: readonly string[], env: NodeJS.ProcessEnv = {}) {
  return spawnSync(process.execPath, [BIN, ...words], { encoding: 'utf8', env: { ...process.env, ...env } });
}

test('results go to one stream, complaints to the other, and the status says which', PATIENCE, () => {
  const listed = contend(['list', 'machines']);
  expect({ status: listed.status, stderr: listed.stderr }).toEqual({ status: 0, stderr: '' });
  expect(listed.stdout).toContain('server-32');
  const wrong = contend(['run', 'nothing']);
  expect({ status: wrong.status, stdout: wrong.stdout }).toEqual({ status: 2, stdout: '' });
  expect(wrong.stderr).toMatch(/^contend: unknown algorithm: nothing .*\n$/);
});

test('real threads: a run is repeated, verified and recorded', PATIENCE, () => {
  const out = mkdtempSync(join(tmpdir(), 'contend-process-'));
  const words = ['run', 'sequential', '--machine', 'threads', '--cores', '1', '--transactions', '200'];
  const { status, stdout, stderr } = contend([...words, '--repetitions', '2', '--out', out]);
  expect(status, stderr).toBe(0);
  expect(stdout).toContain('threads: 1 real thread, measured time');
  expect(stderr).not.toContain('ExperimentalWarning');
  const rows = parse(readFileSync(join(out, 'runs.csv'), 'utf8'), { columns: true }) as Record<
    string,
    string
  >[];
  expect(rows.map(({ machine, repetition }) => [machine, repetition])).toEqual([
    ['threads', '1'],
    ['threads', '2'],
  ]);
});

test('a loop without an access ends the process with a line that names it and its place', PATIENCE, () => {
  const hangs = ['run', FAILING, '--option', 'how=hang', '--transactions', '9', '--cores', '2'];
  const ended = contend(hangs, { CONTEND_PATIENCE: '0.5' });
  expect(ended.status).toBe(1);
  expect(ended.stdout).toBe('');
  expect(ended.stderr).toMatch(
    /^contend: failing has computed for 0\.5 s without an access to shared memory at \S+failing\.ts:17: .*\n$/,
  );
});

test('a reader that stops reading is no error', PATIENCE, () => {
  const line = `"${process.execPath}" "${BIN}" compare sequential --transactions 9 --machine threads --cores 1 | true; echo "\${PIPESTATUS[0]}"`;
  const { stdout, stderr } = spawnSync('bash', ['-c', line], { encoding: 'utf8' });
  expect(stdout).toBe('0\n');
  expect(stderr).not.toContain('EPIPE');
});

test('warnings are shown, but not of what Node calls experimental', PATIENCE, () => {
  const path = join(mkdtempSync(join(tmpdir(), 'contend-warns-')), 'warns.mjs');
  writeFileSync(path, "process.emitWarning('hidden', 'ExperimentalWarning'); process.emitWarning('shown');");
  const { status, stderr } = contend(['run', path]);
  expect(status).toBe(2);
  expect(stderr).toContain('Warning: shown');
  expect(stderr).not.toContain('hidden');
});

test('an interrupt ends the process at once and leaves whole rows', PATIENCE, async () => {
  const out = mkdtempSync(join(tmpdir(), 'contend-interrupt-'));
  const words = ['compare', 'sequential', '--machine', 'threads', '--cores', '1', '--repetitions', '10000'];
  const child = spawn(process.execPath, [BIN, ...words, '--transactions', '500', '--out', out], {
    stdio: 'ignore',
  });
  const ended = new Promise<unknown>((resolve) => {
    child.on('exit', (code, signal) => resolve(signal ?? code));
  });
  const runs = join(out, 'runs.csv');
  while (
    child.exitCode === null &&
    !(existsSync(runs) && readFileSync(runs, 'utf8').split('\n').length > 4)
  ) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  child.kill('SIGINT');
  // A shell tells this signal as status 130.
  expect(await ended).toBe('SIGINT');
  const text = readFileSync(runs, 'utf8');
  expect(text.endsWith('\n')).toBe(true);
  expect((parse(text, { columns: true }) as unknown[]).length).toBeGreaterThan(2);
});

test('the entry can be executed, and an old Node is told what to do', PATIENCE, () => {
  expect(statSync(BIN).mode & 0o111).not.toBe(0);
  const pretend = `Object.defineProperty(process, 'version', { value: 'v20.1.0' });
    Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.1.0' } });
    await import(${JSON.stringify(BIN)});`;
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', pretend], {
    encoding: 'utf8',
  });
  expect(status).toBe(2);
  expect(stderr).toMatch(/^contend: needs Node 22\.18 or newer, not v20\.1\.0: run "npm ci".*\n$/);
});

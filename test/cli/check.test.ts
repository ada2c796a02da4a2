/** check, replay and new: what they print, what they leave behind, what they refuse. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { main } from '../../harness/cli/main.ts';
import { fakeTerminal } from './terminal.ts';

const BIN = fileURLToPath(new URL('../../harness/cli/contend.js', import.meta.url));
const LIAR = './test/cli/fixtures/liar.ts';
const SMALL = ['--runs', '40', '--no-threads'];

async function contend(...words: string[]) {
  const terminal = fakeTerminal();
  const status = await main(words, terminal);
  return { status, ...terminal.said };
}

const scratch = (): string => mkdtempSync(join(tmpdir(), 'contend-check-'));

test('check prints a line a law, and passes', async () => {
  const { status, out, err } = await contend('check', 'silo', ...SMALL);
  expect({ status, err }).toEqual({ status: 0, err: '' });
  expect(out).toMatch(/^ silo: \d variants, seed 1$/m);
  for (const name of ['declaration', 'edges', 'any schedule', 'virtual time', 'progress', 'counters']) {
    expect(out).toMatch(new RegExp(`^ ✓ ${name} +([\\d,]+ runs?)? +[\\d.]+ [nµm]?s  `, 'm'));
  }
  expect(out).toMatch(/at the worst \d+ attempts at one transaction/);
});

test('an option picks one variant', async () => {
  const { out } = await contend('check', 'silo', '--option', 'order=preset', ...SMALL);
  expect(out).toContain(' silo: 1 variant, seed 1');
  expect(out).toMatch(/ any schedule +40 runs/);
  expect(out).toMatch(/at the worst 2 attempts at one transaction/);
});

test('a failure is told in words, saved, and replayed by the command that is printed', async () => {
  const folder = scratch();
  const { status, out } = await contend('check', LIAR, ...SMALL, '--out', folder);
  expect(status).toBe(1);
  expect(out).toMatch(/^ ✗ any schedule: G-single, lost update or read skew$/m);
  expect(out).toContain('The law: however the steps of the cores interleave, a run is what was promised.');
  expect(out).toMatch(/Transaction \d read version \d of key \d/);
  expect(out).toMatch(/The case: liar on 2 transactions of \w+ .*, 2 cores/);
  const [, ...words] = /npx contend (replay \S+any-schedule-\S+\.json)/.exec(out)?.[1].split(' ') ?? [];
  const replayed = await contend('replay', ...words);
  expect(replayed.status).toBe(1);
  expect(replayed.out).toMatch(/^ +step +core +transaction +operation +place +value +time$/m);
  expect(replayed.out).toMatch(/^ +\d +\d +\d +\w+ +\S+\[\d+\] .* ns$/m);
  expect(replayed.out).toMatch(/\n G-single, lost update or read skew\n {3}No serial order fits/);
});

test('only the last accesses are shown, unless all are asked for', async () => {
  const folder = scratch();
  await contend('check', LIAR, ...SMALL, '--out', folder);
  const long = readdirSync(folder).find((name) => name.includes('progress')) as string;
  const few = (await contend('replay', join(folder, long))).out;
  const all = (await contend('replay', join(folder, long), '--all')).out;
  const told =
    / the last (\d+) of transactions ([\d, ]+); \d+ other accesses are left out: --all/.exec(few) ?? [];
  const steps = (text: string) => [...text.matchAll(/^ +\d+ +\d+ +(\d+) .* ns$/gm)].map(([, t]) => t);
  const concerned = told[2].split(', ');
  expect(steps(few)).toHaveLength(Number(told[1]));
  expect(new Set(steps(few))).toEqual(new Set(concerned));
  // It names the transactions of the anomaly that is told below, and of them these accesses are the last.
  for (const t of concerned) expect(few).toMatch(new RegExp(`[Tt]ransaction ${t}\\b`));
  expect(steps(few)).toEqual(
    steps(all)
      .filter((t) => concerned.includes(t))
      .slice(-40),
  );
  expect(all.match(/ ns$/gm)?.length).toBeGreaterThan(300);
  expect(all).not.toContain('left out');
});

test('check as JSON is one document', async () => {
  const { status, out } = await contend('check', LIAR, ...SMALL, '--json', '--out', scratch());
  expect(status).toBe(1);
  expect(JSON.parse(out)).toMatchObject({
    algorithm: 'liar',
    passed: false,
    checks: [
      { check: 'declaration', passed: true },
      { check: 'edges' },
      { check: 'any schedule', passed: false },
      {},
      { check: 'opacity' },
      {},
      {},
    ],
    failures: expect.arrayContaining([
      expect.objectContaining({
        check: 'any schedule',
        name: 'G-single',
        replay: expect.stringContaining('npx contend replay '),
      }),
    ]),
  });
});

test('a run that is valid is told to be', async () => {
  const path = join(scratch(), 'valid.json');
  const saved = JSON.parse(readFileSync('test/regressions/silo-mixed.json', 'utf8'));
  // In virtual time: recorded steps fit no more once somebody has changed the algorithm.
  writeFileSync(path, JSON.stringify({ ...saved, schedule: 'virtual-time' }));
  const { status, out } = await contend('replay', path);
  expect(status).toBe(0);
  expect(out).toMatch(/\n valid\n$/);
});

test.each([
  ['check', 'which algorithm? known: '],
  ['check sillo', 'unknown algorithm: sillo (did you mean silo? '],
  ['check silo --runs 0', 'runs must be an integer from 1 to 10000000, not 0'],
  ['check silo --seed x', 'seed must be an integer from 0 to 2147483647, not x'],
  ['check silo --option polcy=x', 'unknown option of silo: polcy '],
  ['check ./mine.ts', 'no such algorithm file: ./mine.ts'],
  ['replay', 'which file? '],
  ['replay nothing.json', 'no such file: nothing.json'],
  ['replay test', 'cannot read test: '],
  ['replay package.json', 'package.json is no saved schedule: '],
  ['replay LICENSE', 'LICENSE is no saved schedule, nor any JSON: '],
  ['new', 'new what? known: algorithm, workload'],
  ['new algoritm', 'unknown kind: algoritm (did you mean algorithm? '],
  ['new algorithm', 'which name shall the algorithm have? contend new algorithm NAME'],
  ['new algorithm Mine', 'a name is small letters, digits and hyphens, and starts with a letter, not "Mine"'],
  ['new algorithm ../mine', 'a name is small letters, digits and hyphens'],
  ['new workload cycle', 'the name cycle is taken by the registry; known: '],
  ['new workload shop --dir package.json', 'cannot write package.json/shop.ts: '],
])('contend %s: %s', async (line, complaint) => {
  const { status, out, err } = await contend(...line.split(' '));
  expect({ status, out }).toEqual({ status: 2, out: '' });
  expect(err.startsWith(`contend: ${complaint}`), err).toBe(true);
  expect(err.trimEnd()).not.toContain('\n');
});

test('new says where the folder of a path belongs', async () => {
  const { err } = await contend('new', 'algorithm', './mine');
  expect(err).toMatch(/not "\.\/mine"; the folder goes to --dir$/m);
});

test('new leaves what is there as it is', async () => {
  const folder = scratch();
  writeFileSync(join(folder, 'mine.ts'), 'precious');
  const { status, err } = await contend('new', 'algorithm', 'mine', '--dir', folder);
  expect(status).toBe(2);
  expect(err).toMatch(/mine\.ts exists already; it is left as it is/);
  expect(readFileSync(join(folder, 'mine.ts'), 'utf8')).toBe('precious');
});

test('what new writes passes check, and runs on both machines, from a folder anywhere', {
  timeout: 120_000,
}, async () => {
  const folder = scratch();
  const inFolder = (...words: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...words], {
      encoding: 'utf8',
      cwd: folder,
    });
    expect(status, `${words.join(' ')}\n${stdout}${stderr}`).toBe(0);
    return stdout;
  };
  const said =
    inFolder('new', 'algorithm', 'mine') + (await contend('new', 'workload', 'shop', '--dir', folder)).out;
  expect(said).toContain('npx contend check ./mine.ts');
  expect(existsSync(join(folder, 'mine.ts'))).toBe(true);
  expect(readFileSync(join(folder, 'mine.ts'), 'utf8')).not.toContain('NAME');
  const checked = inFolder('check', './mine.ts', '--runs', '20', '--no-threads');
  expect(checked).not.toContain('✗');
  const block = ['--workload', './shop.ts', '--transactions', '200', '--cores', '3', '--repetitions', '1'];
  const simulated = await contend('run', join(folder, 'mine.ts'), ...block.with(1, join(folder, 'shop.ts')));
  expect(simulated.out).toMatch(/verdict +valid/);
  expect(inFolder('run', './mine.ts', ...block, '--machine', 'threads')).toMatch(/verdict +valid/);
});

/** `contend chart`: what it refuses and how, what it writes and where. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import { expect, test } from 'vitest';
import { main } from '../../harness/cli/main.ts';
import { SCHEMA } from '../../harness/experiment/row.ts';
import { gridRows } from '../report/charts/rows.ts';
import { fakeTerminal } from './terminal.ts';

async function contend(...words: string[]) {
  const terminal = fakeTerminal();
  const status = await main(words, terminal);
  return { status, ...terminal.said };
}

const scratch = mkdtempSync(join(tmpdir(), 'contend-chart-'));
/** A results folder with rows of this schema. */
function folder(name: string, schema = `${SCHEMA}`): string {
  const path = join(scratch, name);
  mkdirSync(path, { recursive: true });
  const rows = gridRows().map((row) => ({ ...row, schema }));
  writeFileSync(join(path, 'runs.csv'), stringify(rows, { header: true }));
  return path;
}

const good = folder('good');
writeFileSync(join(scratch, 'words.txt'), 'no rows');
writeFileSync(join(scratch, 'medians.csv'), `schema,n\n${SCHEMA},3\n`);
mkdirSync(join(scratch, 'empty'));

test.each<[words: string[], message: string]>([
  [[], 'charts of what? give a results folder, or a runs.csv'],
  [[join(scratch, 'none')], 'none is not there'],
  [[join(scratch, 'empty')], 'empty is no results folder: it has no runs.csv'],
  [[join(scratch, 'words.txt')], 'words.txt is no CSV file and no results folder'],
  [[join(scratch, 'medians.csv')], 'medians.csv has no row a trial'],
  [[folder('old', '0')], `has rows of schema 0; this version reads ${SCHEMA}`],
  [[good, '--format', 'gif'], 'unknown format: gif'],
  [[good, '--format', 'svg,'], 'unknown format: '],
  [[good, '--kind', 'pie'], 'unknown kind: pie'],
  [[good, '--x', 'core'], 'unknown column: core (did you mean cores?'],
  [[good, '--y', 'speedup'], 'differ in workload.accounts too'],
  [[good, '--filter', 'cores'], '--filter takes name=value'],
  [[good, '--filter', 'cores=5'], 'no row has cores=5 (known: 1, 4, 16)'],
  [[good, '--out', join(scratch, 'words.txt')], 'cannot write charts to'],
])('chart %j is refused in one line', async (words, message) => {
  const { status, out, err } = await contend('chart', ...words);
  expect(status).toBe(2);
  expect(out).toBe('');
  expect(err).toContain(message);
  expect(err.trim().split('\n')).toHaveLength(1);
});

test('one chart of any columns, with its specification beside it', async () => {
  const out = join(scratch, 'one');
  const words = ['--y', 'efficiency', '--x', 'accounts', '--filter', 'cores=4,16', '--facet', 'cores'];
  const { status, out: said } = await contend('chart', good, ...words, '--out', out, '--format', 'svg');
  expect(status).toBe(0);
  expect(readdirSync(out).sort()).toEqual([
    'efficiency-accounts-model.svg',
    'efficiency-accounts-model.vl.json',
  ]);
  expect(said).toContain('Efficiency against accounts. virtual time, simulated model.');
  const svg = readFileSync(join(out, 'efficiency-accounts-model.svg'), 'utf8');
  expect(svg).toMatch(/^<svg .*<\/svg>\n$/s);
  expect(svg).toContain('4 cores');
  expect(svg).not.toMatch(/NaN|undefined|Infinity/);
});

test('the specification alone, of one file, into the folder it lies in', async () => {
  const { status } = await contend('chart', join(good, 'runs.csv'), '--format', 'vega');
  expect(status).toBe(0);
  const files = readdirSync(join(good, 'charts'));
  expect(files).toHaveLength(9);
  expect(files.every((file) => file.endsWith('.vl.json'))).toBe(true);
  expect(existsSync(join(good, 'charts', 'throughput-cores-model.vl.json'))).toBe(true);
});

test('what is the same for many charts is told once', async () => {
  const { out } = await contend('chart', good, '--format', 'vega', '--out', join(scratch, 'many'));
  expect(out.match(/medians of 3 trials/g)).toHaveLength(1);
  expect(out.match(/virtual time, simulated model/g)).toHaveLength(9);
});

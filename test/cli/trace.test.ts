/** `contend trace`: the file that it writes, what it refuses, and how it ends. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { settings } from '../../harness/cli/arguments.ts';
import { main, parse } from '../../harness/cli/main.ts';
import { configurationOf } from '../../harness/cli/trials.ts';
import { configure } from '../../harness/experiment/configuration.ts';
import { requestOf } from '../../harness/experiment/identity.ts';
import { traceCommandFor } from '../../harness/report/command.ts';
import { fakeTerminal } from './terminal.ts';

const SMALL = ['--transactions', '30', '--cores', '3', '--set', 'accounts=4', '--set', 'work=100'];

async function contend(...words: string[]) {
  const terminal = fakeTerminal();
  const status = await main(words, terminal);
  return { status, ...terminal.said };
}

const scratch = (name: string): string => join(mkdtempSync(join(tmpdir(), 'contend-trace-')), name);

test.each([
  ['trace', 'which algorithm? known: '],
  ['trace silo --format sgv', 'unknown format: sgv (did you mean svg? known: '],
  ['trace silo --out results/x.foo', "unknown ending of the timeline's file: foo (known: json, png, svg)"],
  ['trace silo --repetitions 2', 'unknown option: --repetitions '],
  ['trace silo --out package.json/below.json', 'cannot write package.json/below.json: '],
])('contend %s: %s', async (line, complaint) => {
  const { status, out, err } = await contend(...line.split(' '));
  expect({ status, out }).toEqual({ status: 2, out: '' });
  expect(err.startsWith(`contend: ${complaint}`), err).toBe(true);
});

test('writes trace events, and says where and how to open them; the same bytes again', async () => {
  const files = [scratch('below/one.json'), scratch('two')];
  for (const file of files) {
    const { status, out, err } = await contend('trace', 'silo', ...SMALL, '--out', file);
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toMatch(/verdict +valid[\s\S]*again: +npx contend trace silo /);
    expect(out).toContain(`timeline in ${file}: open it at https://ui.perfetto.dev`);
  }
  const [one, two] = files.map((file) => readFileSync(file, 'utf8'));
  expect(one).toBe(two);
  const { otherData, traceEvents } = JSON.parse(one);
  expect(otherData).toMatchObject({ time: 'simulated', verdict: 'valid', guarantee: 'serializable' });
  expect(traceEvents.filter(({ name }: { name: string }) => name === 'thread_name').length).toBe(3);
});

test('a picture: by its name or by --format; its words tell whose time it is', async () => {
  for (const [name, ...format] of [['a.svg'], ['b', '--format', 'svg']]) {
    const file = scratch(name as string);
    const { status, out } = await contend('trace', 'block-stm', ...SMALL, '--out', file, ...format, '--json');
    expect(status).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ n: 1, file, format: 'svg' });
    const svg = readFileSync(file, 'utf8');
    expect(svg).toContain(
      '>simulated server-32: 3 virtual cores, virtual time; 30 transactions; valid</text>',
    );
  }
});

test('a picture of dots, for what shows no SVG', async () => {
  const file = scratch('a.png');
  const { status } = await contend('trace', 'silo', ...SMALL, '--out', file);
  expect(status).toBe(0);
  expect(readFileSync(file).subarray(1, 4).toString()).toBe('PNG');
});

test('the command that it prints is one that it takes, on real threads too', async () => {
  const configuration = await configure({
    ...{ algorithm: 'silo', options: { backoff: 7 }, workload: 'transfers', parameters: { accounts: 9 } },
    ...{ machine: 'threads', cores: 2, transactions: 20, seed: 3 },
  });
  const [npx, name, ...words] = traceCommandFor(configuration).split(' ');
  expect([npx, name]).toEqual(['npx', 'contend']);
  const { args, command } = (await parse(words, fakeTerminal())) ?? {};
  expect(command?.usage).toBe('trace [algorithm]');
  const again = await configurationOf(args!, { algorithm: 'silo', options: settings(args!, 'option') });
  expect(requestOf(again)).toEqual(requestOf(configuration));
});

test('a run that is not valid is traced all the same, and the exit status says so', async () => {
  const file = scratch('bad.svg');
  const { status } = await contend(
    ...['trace', 'uncontrolled', '--workload', 'cycle', '--set', 'keys=4'],
    ...['--transactions', '100', '--cores', '8', '--out', file],
  );
  expect(status).toBe(1);
  expect(readFileSync(file, 'utf8')).toMatch(/100 transactions; invalid: \w/);
});

test('a file that cannot be written is refused before anything is run, and one that can is not lost by a refusal', async () => {
  const file = scratch('kept.json');
  writeFileSync(file, 'precious');
  const { status } = await contend('trace', 'sillo', '--out', file);
  expect({ status, content: readFileSync(file, 'utf8') }).toEqual({ status: 2, content: 'precious' });
});

/** Shards joined are the sweep that was not dealt out; what does not belong together is refused. */
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { type Experiment, readExperiment } from '../../harness/experiment/file/experiment.ts';
import { merge } from '../../harness/experiment/merge.ts';
import { readResults } from '../../harness/experiment/results.ts';
import { runExperiment } from '../../harness/experiment/sweep.ts';

const FILES = ['experiment.yaml', 'runs.csv', 'rejected.csv', 'summary.csv'];
const files = (out: string): string[] => FILES.map((name) => readFileSync(join(out, name), 'utf8'));
const scratch = (): string => mkdtempSync(join(tmpdir(), 'contend-merge-'));

const TEXT = `name: dealt
algorithms: [silo, uncontrolled]
workloads: [transfers: { accounts: [3], variant: plain, work: 100 }]
machines: [server-32]
cores: [1, 3]
transactions: [30]
seeds: [1, 2, 3]
`;

async function experiment(text: string): Promise<Experiment> {
  const path = join(scratch(), 'e.yaml');
  writeFileSync(path, text);
  return readExperiment(path);
}

let whole: string;
let shards: string[];
beforeAll(async () => {
  const it = await experiment(TEXT);
  const run = async (shard?: { index: number; count: number }): Promise<string> => {
    const out = scratch();
    await runExperiment(it, { out, shard, workers: 0 });
    return out;
  };
  whole = await run();
  shards = [];
  for (const index of [1, 2, 3]) shards.push(await run({ index, count: 3 }));
});

test('shards in any order are the whole, counterexamples included, and merging again adds nothing', async () => {
  const out = scratch();
  const { added, missing } = await merge(shards.toReversed(), { out });
  expect({ added, missing }).toEqual({ added: 12, missing: [] });
  expect(files(out)).toEqual(files(whole));
  for (const { counterexample } of readResults(out).rejected) {
    expect(readFileSync(join(out, counterexample), 'utf8')).toBe(
      readFileSync(join(whole, counterexample), 'utf8'),
    );
  }
  expect(await merge([...shards, whole], { out })).toMatchObject({ added: 0, missing: [] });
  expect(files(out)).toEqual(files(whole));
});

test('what no shard has is named, and may come later', async () => {
  const out = scratch();
  const { missing } = await merge([shards[0], shards[2]], { out });
  const trials = readResults(shards[1]);
  expect(missing).toHaveLength(trials.runs.length + trials.rejected.length);
  expect(missing[0]).toMatchObject({ repetition: 1, configuration: { machine: 'server-32' } });
  expect((await merge([shards[1]], { out })).missing).toEqual([]);
  expect(files(out)).toEqual(files(whole));
});

function changed(directory: string, name: string, change: (text: string) => string): string {
  const copy = scratch();
  cpSync(directory, copy, { recursive: true });
  writeFileSync(join(copy, name), change(readFileSync(join(copy, name), 'utf8')));
  return copy;
}

test('another experiment, another schema, another environment and contradicting rows are refused', async () => {
  const out = scratch();
  const refused = async (part: string, message: RegExp): Promise<void> =>
    expect(merge([whole, part], { out })).rejects.toThrow(message);
  await refused(
    changed(whole, 'experiment.yaml', (text) => text.replace('name: dealt', 'name: other')),
    /holds another experiment than/,
  );
  await refused(
    changed(whole, 'runs.csv', (text) => text.replace(/^\d+,/m, '1,')),
    /runs\.csv has rows of schema 1; this version reads/,
  );
  const older = changed(whole, 'environment.json', (text) =>
    text.replace(/"contend": "[^"]*"/, '"contend": "0.0.1"'),
  );
  await refused(older, /comes from another environment than .*: contend \d.*, here 0\.0\.1 .*--mixed/);
  await refused(
    changed(whole, 'runs.csv', (text) => text.replace(/(,server-32,1,30,)(\d+)/, '$19')),
    /trial [0-9a-f]{12} \(silo on transfers, server-32\) has other numbers in/,
  );
  await refused(tmpdir(), /is no results folder/);
  await expect(merge([out], { out })).rejects.toThrow('no folder to merge but the one that is written to');
  const { added } = await merge([whole, older], { out, mixed: true });
  expect(added).toBe(12);
  expect(readResults(out).environment.also).toMatchObject([{ contend: '0.0.1' }]);
});

test('a shard that was killed in the middle of a line counts for what it has whole', async () => {
  const out = scratch();
  const cut = changed(whole, 'runs.csv', (text) => text.slice(0, -10));
  expect((await merge([cut], { out })).missing).toHaveLength(1);
});

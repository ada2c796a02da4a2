/** What the page on experiments says: its examples are read, its DuckDB line runs, its warnings are those there are. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, test } from 'vitest';
import { columns } from '../../harness/experiment/columns.ts';
import { readExperiment } from '../../harness/experiment/file/experiment.ts';
import { ResultsFolder } from '../../harness/experiment/record.ts';
import { WARNINGS } from '../../harness/report/words.ts';
import { ROOT } from '../tidy/source.ts';
import { configuration, LOST_UPDATE, trial } from './trials.ts';

const FOLDER = join(ROOT, 'harness/experiment');
const page = readFileSync(join(FOLDER, 'README.md'), 'utf8');
const examples = readdirSync(join(FOLDER, 'examples'));

test.each(examples)('%s is an experiment', async (name) => {
  const { configurations } = await readExperiment(join(FOLDER, 'examples', name));
  expect(configurations.length).toBeGreaterThan(5);
});

test('each warning is explained', () => {
  const explained = [...page.matchAll(/^\| `([a-z0-9-]+)` \|/gm)].map(([, name]) => name);
  expect(explained.sort()).toEqual(Object.keys(WARNINGS).sort());
});

function recorded(): string {
  const root = mkdtempSync(join(tmpdir(), 'contend-duckdb-'));
  mkdirSync(join(root, 'results'));
  const options = { policy: 'wait-die' };
  const configurations = [
    configuration({ options, seed: 1 }),
    configuration({ options, seed: 2 }),
    configuration({ options, cores: 8 }),
  ];
  const folder = new ResultsFolder(join(root, 'results/contention'), {
    ...{ experiment: 'test', configurations, repetitions: 1 },
  });
  folder.add(trial({ configuration: configurations[0], metrics: { throughput_tps: 100 } }));
  folder.add(trial({ configuration: configurations[1], metrics: { throughput_tps: 200 } }));
  folder.add(trial({ configuration: configurations[2], metrics: { throughput_tps: 700 } }));
  folder.add(trial({ configuration: configurations[2], repetition: 2, verdict: LOST_UPDATE }));
  folder.close();
  return root;
}

test('DuckDB reads the files as they are, with the types that the columns are said to have', async () => {
  const [, sql] = /^DuckDB:\n\n {4}(.*)$/m.exec(page) ?? [];
  const root = recorded();
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const rows = async (query: string) => (await connection.runAndReadAll(query)).getRowsJson();
  expect(await rows(sql.replaceAll("'results/", `'${root}/results/`))).toEqual([
    ['alpha', 'wait-die', '10', '4', 150],
    ['alpha', 'wait-die', '10', '8', 700],
  ]);
  const described = new Map(
    (await rows(`DESCRIBE SELECT * FROM '${root}/results/contention/runs.csv'`)).map(([name, type]) => [
      name,
      type,
    ]),
  );
  const kinds: Record<string, RegExp> = {
    integer: /BIGINT|DOUBLE|VARCHAR/,
    number: /DOUBLE|BIGINT|VARCHAR/,
    text: /./,
  };
  for (const { name, type } of columns.filter(({ files }) => files.includes('runs'))) {
    if (!name.endsWith('*')) expect(described.get(name), name).toMatch(kinds[type]);
  }
  for (const name of ['cores', 'seed', 'makespan_ns', 'schema']) expect(described.get(name)).toBe('BIGINT');
  expect(await rows(`SELECT anomaly, explanation FROM '${root}/results/contention/rejected.csv'`)).toEqual([
    ['G-single', LOST_UPDATE.explanation],
  ]);
});

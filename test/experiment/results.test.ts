/** A results folder reads back as what was written. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ResultsFolder } from '../../harness/experiment/record.ts';
import { readResults, repairRows } from '../../harness/experiment/results.ts';
import { configuration, LOST_UPDATE, trial } from './trials.ts';

function written(): string {
  const directory = mkdtempSync(join(tmpdir(), 'contend-results-'));
  const configurations = [configuration({ seed: 1 }), configuration({ seed: 2 })];
  const folder = new ResultsFolder(directory, { experiment: 'test', configurations, repetitions: 1 });
  folder.add(trial({ configuration: configurations[0], warnings: ['short-run', 'not-steady'] }));
  folder.add(trial({ configuration: configurations[1], verdict: LOST_UPDATE }));
  folder.close();
  return directory;
}

test('rows by column, quotes and commas included', () => {
  const { environment, rejected, runs, summary } = readResults(written());
  expect(runs).toMatchObject([{ seed: '1', throughput_tps: '200000', warnings: 'short-run not-steady' }]);
  expect(rejected).toMatchObject([{ seed: '2', anomaly: 'G-single', explanation: LOST_UPDATE.explanation }]);
  expect(summary.map(({ n, rejected: without }) => [n, without])).toEqual([
    ['1', '0'],
    ['0', '1'],
  ]);
  expect(environment.machines).toHaveProperty('server-32');
});

test('a folder of somebody else, another schema and a damaged file are refused; a last line that is not whole does not count', () => {
  expect(() => readResults(tmpdir())).toThrow(/is no results folder: it has no environment\.json/);
  const directory = written();
  const path = join(directory, 'runs.csv');
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, text.replace(/^\d+,test/m, '999,test'));
  expect(() => readResults(directory)).toThrow(/runs\.csv has rows of schema 999; this version reads \d/);
  writeFileSync(path, text.slice(0, -20));
  expect(readResults(directory).runs).toEqual([]);
  writeFileSync(path, `${text}1,2\n`);
  expect(() => readResults(directory)).toThrow(/cannot read .*runs\.csv: /);
});

test('cut off anywhere, a file is repaired to the rows that it has whole', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'contend-repair-')), 'x.csv');
  const header = 'a,b\n';
  const rows = ['1,"two\nlines, ""quoted"""\n', '2,\n', '3,"x"\n'];
  const text = header + rows.join('');
  for (let length = 0; length <= text.length; length++) {
    writeFileSync(path, text.slice(0, length));
    repairRows(path, header);
    const whole = [0, 1, 2, 3].map((count) => header + rows.slice(0, count).join(''));
    const expected = whole.findLast((content) => content.length <= length) ?? header;
    expect(readFileSync(path, 'utf8')).toBe(expected);
  }
  writeFileSync(path, 'a,c\n1,2\n');
  expect(() => repairRows(path, header)).toThrow(/has other columns/);
});

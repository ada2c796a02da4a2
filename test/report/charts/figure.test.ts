/** The figure of the README: the same bytes whenever it is drawn, and its words are its rows'. */
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median } from 'simple-statistics';
import { expect, test } from 'vitest';
import { main } from '../../../harness/cli/main.ts';
import { readRows } from '../../../harness/experiment/results.ts';
import { fakeTerminal } from '../../cli/terminal.ts';
import { ROOT } from '../../tidy/source.ts';

const FOLDER = join(ROOT, 'results/families');
const NAME = 'speed-up-accounts-server-32';
const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');

test('drawn again from its CSV, it is the committed file byte for byte', async () => {
  expect(readme).toContain(`results/families/charts/${NAME}.svg`);
  expect(readme).toContain('npx contend chart results/families --y speedup ');
  const out = mkdtempSync(join(tmpdir(), 'contend-figure-'));
  const status = await main(['chart', FOLDER, '--y', 'speedup', '--out', out], fakeTerminal());
  expect(status).toBe(0);
  for (const file of [`${NAME}.svg`, `${NAME}.vl.json`]) {
    const drawn = readFileSync(join(out, file), 'utf8');
    expect(drawn === readFileSync(join(FOLDER, 'charts', file), 'utf8'), file).toBe(true);
  }
  // 300 dots an inch, a paper's column wide: 3.3 inch and the margins.
  const png = readFileSync(join(out, `${NAME}.png`));
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  expect(png.readUInt32BE(16)).toBeGreaterThan(950);
  expect(png.readUInt32BE(16)).toBeLessThan(1050);
  expect(png.length).toBeGreaterThan(30_000);
});

test('the speed-ups that the README tells are the medians of its rows', () => {
  const rows = readRows(join(FOLDER, 'runs.csv')).filter((row) => row['workload.accounts'] === '10000');
  const told = [...readme.matchAll(/`([\w-]+)` (\d+)×/g)];
  expect(told.length).toBeGreaterThanOrEqual(5);
  for (const [, algorithm, times] of told) {
    const own = rows.filter((row) => row.algorithm === algorithm).map((row) => Number(row.speedup));
    expect(`${algorithm} ${Math.round(median(own))}`).toBe(`${algorithm} ${times}`);
  }
});

/** The obvious charts of a results folder, put into it. */
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readRows } from '../../experiment/results.ts';
import type { Chart } from './chart.ts';
import { type Format, writeCharts } from './files.ts';
import { obviousCharts } from './obvious.ts';

/**
 * Draws what the folder's rows suggest into its `charts/`, and returns these charts; without a valid row there are
 * none. Throws a UserError where a file cannot be read or written.
 */
export async function drawFolder(directory: string, formats: readonly Format[]): Promise<Chart[]> {
  const [runs, rejected] = ['runs.csv', 'rejected.csv'].map((name) => {
    const path = join(directory, name);
    return existsSync(path) ? readRows(path) : [];
  });
  if (runs.length === 0) return [];
  const charts = obviousCharts(runs, rejected);
  await writeCharts(charts, join(directory, 'charts'), {
    formats,
    title: runs[0].experiment || basename(directory),
  });
  return charts;
}

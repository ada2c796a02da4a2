/** Committed rows, as the page's build has them in it. */
import { parse } from 'csv-parse/browser/esm/sync';
import type { Row } from '../../harness/experiment/row.ts';

/** @param files texts of runs.csv, by path: one, or none where a paper has no reference results yet */
export function rowsOf(files: Readonly<Record<string, string>>): Row[] {
  return Object.values(files).flatMap((text): Row[] => parse(text, { columns: true }));
}

/** What the figures and claims rest on. */
export function provenance(rows: readonly Row[], paper: string): HTMLElement {
  const line = document.createElement('p');
  line.className = 'provenance';
  line.textContent =
    rows.length > 0
      ? `${rows.length.toLocaleString('en')} verified trials, committed as results/${paper}.`
      : `There are no reference results yet, so nothing of ours is drawn: contend reproduce ${paper} makes them.`;
  return line;
}

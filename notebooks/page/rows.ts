/** Committed rows, as the page's build has them in it. */
import { parse } from 'csv-parse/browser/esm/sync';
import type { Row } from '../../harness/experiment/row.ts';

/** @param text of a runs.csv */
export function rowsOf(text: string): Row[] {
  return parse(text, { columns: true });
}

/** What the figures and claims rest on. */
export function provenance(rows: readonly Row[], paper: string): HTMLElement {
  const line = document.createElement('p');
  line.className = 'provenance';
  line.textContent = `${rows.length.toLocaleString('en')} verified trials, committed as results/${paper}.`;
  return line;
}

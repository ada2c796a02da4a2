/** A results file as a table of the page: its rows as data, which `tables.js` sorts, filters and draws. */
import type { Row } from '../../experiment/row.ts';
import { isNumeric, isSetting, varying } from '../charts/columns.ts';
import { escaped } from '../charts/page.ts';

export interface TableContent {
  /** In the page's address. */
  readonly id: string;
  readonly title: string;
  /** What a row is, in a sentence. */
  readonly note: string;
  readonly rows: readonly Row[];
  /** Columns that are shown from the start, besides what differs from row to row. */
  readonly shown: readonly string[];
  /** Of each row. */
  readonly commands: readonly string[];
}

export function tableSection({ commands, id, note, rows, shown, title }: TableContent): string {
  const columns = columnsOf(rows, shown);
  const cells = rows.map((row) => columns.map(({ name }) => row[name] ?? ''));
  const data = inPage({ columns, rows: cells, commands });
  return `<section data-table="${escaped(id)}" aria-labelledby="${escaped(id)}">
<h2 id="${escaped(id)}">${escaped(title)}</h2>
<p>${escaped(note)}</p>
${same(rows)}
<div class="controls">
<label>Filter <input type="search" data-part="filter" placeholder="words, or cores&gt;=16" autocomplete="off" spellcheck="false"></label>
<label><input type="checkbox" data-part="all"> all ${columns.length} columns</label>
<output data-part="count" aria-live="polite"></output>
</div>
<div class="scroll" tabindex="0" role="region" aria-label="${escaped(title)}, scrolls sideways">
<table><thead data-part="head"></thead><tbody data-part="body"></tbody></table>
</div>
<div class="pages" data-part="pages" hidden>
<button type="button" data-part="back">earlier rows</button>
<button type="button" data-part="on">later rows</button>
</div>
<script type="application/json">${data}</script>
</section>`;
}

/** For a script element of the page: nothing in it ends the element. */
function inPage(data: unknown): string {
  return JSON.stringify(data).replaceAll('<', '\\u003c');
}

interface Column {
  readonly name: string;
  readonly numeric: boolean;
  readonly shown: boolean;
}

/** Columns with anything in them: what tells the rows apart first, then those to be shown, then the others. */
function columnsOf(rows: readonly Row[], shown: readonly string[]): Column[] {
  const filled = Object.keys(rows[0] ?? {}).filter((name) => rows.some((row) => (row[name] ?? '') !== ''));
  const differing = new Set(['algorithm', ...varying(rows), ...(differs(rows, 'seed') ? ['seed'] : [])]);
  const first = [...differing, ...shown.filter((name) => !differing.has(name))].filter((name) =>
    filled.includes(name),
  );
  const isFirst = new Set(first);
  return [...first, ...filled.filter((name) => !isFirst.has(name))].map((name) => ({
    name,
    numeric: isNumeric(rows, name),
    shown: isFirst.has(name),
  }));
}

function differs(rows: readonly Row[], column: string): boolean {
  return new Set(rows.map((row) => row[column])).size > 1;
}

/** The settings that all rows share. */
function same(rows: readonly Row[]): string {
  if (rows.length < 2) return '';
  const shared = Object.entries(rows[0]).filter(
    ([column, cell]) => isSetting(column) && cell !== '' && !differs(rows, column),
  );
  if (shared.length === 0) return '';
  const words = shared.map(([column, cell]) => `${column}=${cell}`).join(', ');
  return `<p class="muted">The same in every row: ${escaped(words)}.</p>`;
}

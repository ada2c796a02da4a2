/** A paper's claims and what becomes of them, by the same functions as on the command line. */
import {
  type Claim,
  type Claims,
  check,
  type Finding,
  MARKS,
  paperValues,
  rangeOf,
  type Untestable,
} from '../../harness/claims/claim.ts';
import type { Row } from '../../harness/experiment/row.ts';

/** A row a claim, a column a setting; under it what the settings and the marks mean. */
export function claimsTable(claims: Claims, rows: readonly Row[]): HTMLElement {
  const findings = check(claims, rows);
  const table = element('table', { className: 'claims' });
  const head = table.createTHead().insertRow();
  for (const title of ['claim', 'the paper', 'holds if', ...claims.settings.map(({ name }) => name)]) {
    head.append(element('th', { scope: 'col', textContent: title }));
  }
  const body = table.createTBody();
  for (const claim of claims.claims) {
    const row = body.insertRow();
    row.append(statement(claim));
    const known = 'untestable' in claim ? [] : paperValues(claims, claim);
    cell(row, 'the paper', known.map(({ text, mark }) => `${text} (${mark})`).join('; ') || '–');
    cell(row, 'holds if', 'untestable' in claim ? '–' : claim.threshold);
    for (const { name } of claims.settings) {
      const finding = findings.find((one) => one.claim === claim.id && one.setting === name)!;
      verdict(cell(row, name), finding);
    }
  }
  const whole = document.createElement('div');
  whole.append(table, notes(claims));
  return whole;
}

function statement(claim: Claim | Untestable): HTMLElement {
  const cell = element('th', { scope: 'row' });
  cell.append(
    element('span', { className: 'id', textContent: claim.id }),
    ` ${claim.statement}`,
    element('small', { textContent: `${claim.source} (${claim.mark})` }),
  );
  const remark = 'untestable' in claim ? claim.untestable : claim.remark;
  if (remark !== undefined) cell.append(element('small', { textContent: remark }));
  return cell;
}

/** The label is shown where the table is too narrow for columns. */
function cell(row: HTMLTableRowElement, label: string, text = ''): HTMLTableCellElement {
  const made = row.insertCell();
  made.dataset.label = label;
  made.textContent = text;
  return made;
}

function verdict(cell: HTMLElement, { verdict, values, missing }: Finding): void {
  const badge = element('span', { className: 'badge', textContent: verdict, title: missing ?? '' });
  badge.dataset.verdict = verdict;
  cell.append(badge, values.length > 0 ? ` ${rangeOf(values)}` : '');
}

function notes({ settings, claims, published = [] }: Claims): HTMLElement {
  const marks = new Set(claims.map(({ mark }) => mark));
  for (const claim of claims) {
    if ('paper' in claim) for (const { mark } of claim.paper ?? []) marks.add(mark);
  }
  for (const { mark } of published) marks.add(mark);
  const list = element('ul', { className: 'notes' });
  const lines = [
    ...settings.map(({ name, summary }) => `${name}: ${summary}`),
    ...[...marks].map((mark) => `${mark}: ${MARKS[mark]}`),
  ];
  list.append(...lines.map((textContent) => element('li', { textContent })));
  return list;
}

function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  properties: Partial<HTMLElementTagNameMap[K]>,
): HTMLElementTagNameMap[K] {
  return Object.assign(document.createElement(name), properties);
}

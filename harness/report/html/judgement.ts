/** What is to be known before any number is believed: verdicts, rejections, warnings. */
import type { Results } from '../../experiment/results.ts';
import type { Row } from '../../experiment/row.ts';
import type { Warning } from '../../experiment/trial.ts';
import type { Anomaly } from '../../verify/verdict.ts';
import { varying } from '../charts/columns.ts';
import { escaped } from '../charts/page.ts';
import { counted } from '../units.ts';
import { anomalyName, isControl, WARNINGS } from '../words.ts';
import type { Again } from './again.ts';

/** One line for the top of the page. */
export function tally({ rejected, runs }: Results): string {
  const all = runs.length + rejected.length;
  if (all === 0) return '<p class="bad">No trial has ended yet.</p>';
  const verified = `${counted(runs.length, 'trial')} of ${all} ${runs.length === 1 ? 'is' : 'are'} proved equivalent to a serial execution`;
  if (rejected.length === 0) return `<p class="good">${verified}; none was rejected.</p>`;
  const unexpected = rejected.filter((row) => !isExpected(row)).length;
  const rest =
    unexpected === 0
      ? `${rejected.length} of controls ${rejected.length === 1 ? 'was' : 'were'} rejected, as controls should be`
      : `${rejected.length} rejected, ${unexpected} of them unexpectedly`;
  return `<p class="${unexpected === 0 ? 'good' : 'bad'}">${verified}; <a href="#rejected">${rest}</a>.</p>`;
}

/** Controls are there to be rejected for an anomaly; anything else should not be. */
function isExpected(row: Row): boolean {
  return isControl(row.guarantee) && (row.anomaly ?? '') !== '';
}

export function warningsOf({ rejected, runs, summary }: Results): string {
  const counts = new Map<string, number>();
  for (const row of [...runs, ...rejected]) count(counts, row);
  // Some only a whole configuration can earn.
  const ofTrials = new Set(counts.keys());
  const ofSummaries = new Map<string, number>();
  for (const row of summary) count(ofSummaries, row);
  const items = [
    ...[...counts].map(([warning, n]) => item(warning, counted(n, 'trial'))),
    ...[...ofSummaries]
      .filter(([warning]) => !ofTrials.has(warning))
      .map(([warning, n]) => item(warning, counted(n, 'configuration'))),
  ];
  if (items.length === 0) return '<p>No measurement gave cause for a warning.</p>';
  return `<ul>${items.join('')}</ul>`;
}

function count(counts: Map<string, number>, { warnings = '' }: Row): void {
  for (const warning of warnings.split(' ').filter((word) => word !== '')) {
    counts.set(warning, (counts.get(warning) ?? 0) + 1);
  }
}

function item(warning: string, where: string): string {
  const words = WARNINGS[warning as Warning] ?? 'this version does not know it';
  return `<li><strong class="warn">${escaped(warning)}</strong>, ${where}: ${escaped(words)}.</li>`;
}

/** Enough of them to see what is wrong; the file has all. */
const SHOWN = 100;

export function rejectedSection({ rejected, runs }: Results, again: Again): string {
  if (rejected.length === 0) return '<p>None.</p>';
  const told = varying([...runs, ...rejected]).filter((column) => column !== 'algorithm');
  const rows = rejected.slice(0, SHOWN).map((row) => rejectedRow(row, [...told, 'seed'], again));
  const more =
    rejected.length > SHOWN ? `<p>${rejected.length - SHOWN} more are in <code>rejected.csv</code>.</p>` : '';
  const heads = ['algorithm', 'guarantee', 'where', 'found', 'explanation', 'again'];
  return `<div class="scroll" tabindex="0" role="region" aria-label="Rejected trials, scrolls sideways">
<table><thead><tr>${heads.map((head) => `<th scope="col">${head}</th>`).join('')}</tr></thead>
<tbody>${rows.join('\n')}</tbody></table></div>${more}`;
}

function rejectedRow(row: Row, told: readonly string[], again: Again): string {
  const { anomaly = '', counterexample = '', explanation = '', failure = '' } = row;
  const found = anomaly === '' ? (failure === '' ? 'unknown' : failure) : nameOf(anomaly);
  const expected = isExpected(row)
    ? '<br><span class="muted">as a control should be</span>'
    : '<br><strong class="bad">unexpected</strong>';
  const evidence = isOurs(counterexample)
    ? ` <a href="${escaped(counterexample)}">counterexample</a>`
    : escaped(counterexample);
  const where = told
    .filter((column) => (row[column] ?? '') !== '')
    .map((column) => `${column}=${row[column]}`);
  const names = [row.algorithm ?? '', row.guarantee ?? ''].map((name) => `<td>${escaped(name)}</td>`);
  return `<tr>${names.join('')}<td class="where">${escaped(where.join(', '))}</td><td class="found">${escaped(found)}${expected}</td><td class="explanation">${escaped(explanation)}${evidence}</td><td><details><summary>command</summary><code>${escaped(again.command(row))}</code></details></td></tr>`;
}

function nameOf(anomaly: string): string {
  return anomalyName(anomaly as Anomaly) ?? anomaly;
}

/** A link leads to the folder's own evidence, and nowhere else. */
function isOurs(path: string): boolean {
  return /^counterexamples\/[\w-]+\.json$/.test(path);
}

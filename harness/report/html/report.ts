/**
 * The report of a results folder: one page that needs nothing else, opens from disk without a network, and holds what
 * a reviewer asks for. All that comes from files is escaped.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { Configuration } from '../../experiment/configuration.ts';
import { readExperiment } from '../../experiment/file/experiment.ts';
import { type Results, readResults } from '../../experiment/results.ts';
import type { Row } from '../../experiment/row.ts';
import { UserError } from '../../experiment/user-error.ts';
import type { Chart } from '../charts/chart.ts';
import { obviousCharts } from '../charts/obvious.ts';
import { CHART_STYLE, chartFigure, chartScripts, escaped } from '../charts/page.ts';
import { counted } from '../units.ts';
import { Again, referencesOf } from './again.ts';
import { rejectedSection, tally, warningsOf } from './judgement.ts';
import { environmentOf, setUp } from './setting.ts';
import { smallBlocks } from './small-block.ts';
import { tableSection } from './table.ts';

const SUMMARY_SHOWN = [
  ...['n', 'throughput_tps', 'throughput_low_tps', 'throughput_high_tps', 'speedup', 'efficiency'],
  ...['aborts', 'latency_p50_ns', 'latency_p99_ns', 'rejected', 'warnings'],
];
const RUNS_SHOWN = [
  ...['repetition', 'throughput_tps', 'speedup', 'efficiency', 'attempts', 'aborts'],
  ...['latency_p50_ns', 'latency_p99_ns', 'verdict', 'warnings'],
];

/** Nothing may be loaded from anywhere; Vega makes functions of a chart's expressions. */
const POLICY =
  "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; form-action 'none'";

export interface Writing {
  /** The file, `report.html` in the folder unless given. */
  readonly out?: string | undefined;
  /** The folder's obvious charts, where they are at hand. */
  readonly charts?: readonly Chart[];
}

/** Writes the report of a results folder, whole or not at all. Returns its path. Throws a UserError. */
export async function writeReport(directory: string, writing: Writing = {}): Promise<string> {
  const { charts, out = join(directory, 'report.html') } = writing;
  const page = await reportPage(directory, charts);
  try {
    writeFileSync(`${out}.partial`, page);
    renameSync(`${out}.partial`, out);
  } catch (error) {
    throw new UserError(`cannot write ${out}: ${(error as Error).message}`);
  }
  return out;
}

async function reportPage(directory: string, drawn?: readonly Chart[]): Promise<string> {
  const results = readResults(directory);
  const { configurations, question, text } = await experimentOf(directory);
  const rows = [...results.runs, ...results.rejected];
  const again = await Again.of([...rows, ...results.summary], referencesOf(configurations));
  const name = rows[0]?.experiment ?? basename(resolve(directory));
  const commands = (table: readonly Row[]): string[] => table.map((row) => again.command(row));
  const sections = [
    section('charts', 'Charts', charts(results, drawn)),
    section('small-block', 'A small block, core by core', smallBlocks(results.runs, again)),
    tableSection({
      id: 'summary',
      title: 'Configurations',
      note: 'A row a configuration: medians over its valid trials, the 95 % interval of the median throughput.',
      rows: results.summary,
      shown: SUMMARY_SHOWN,
      commands: commands(results.summary),
    }),
    tableSection({
      id: 'runs',
      title: 'Trials',
      note: 'A row a valid trial, as runs.csv has it.',
      rows: results.runs,
      shown: RUNS_SHOWN,
      commands: commands(results.runs),
    }),
    section('rejected', 'Rejected trials', rejectedSection(results, again)),
    section('warnings', 'Warnings', warningsOf(results)),
    section('set-up', 'Set-up', setUp(results, text)),
    section('environment', 'Environment', environmentOf(results.environment)),
  ].filter((one) => one !== '');
  return page(name, [header(name, question, results), contents(sections), ...sections]);
}

interface Known {
  readonly configurations: readonly Configuration[];
  readonly question: string | undefined;
  /** As it stands in the folder. */
  readonly text: string | undefined;
}

/** What the folder says of its experiment. Commands that measure one thing leave none. */
async function experimentOf(directory: string): Promise<Known> {
  const path = join(directory, 'experiment.yaml');
  if (!existsSync(path)) return { configurations: [], question: undefined, text: undefined };
  const text = readFileSync(path, 'utf8');
  try {
    const { configurations, question } = await readExperiment(path);
    return { configurations, question, text };
  } catch (error) {
    // A file of the user's that it names may be elsewhere by now; the rows say enough without it.
    if (!(error instanceof UserError)) throw error;
    return { configurations: [], question: undefined, text };
  }
}

function charts({ rejected, runs }: Results, drawn?: readonly Chart[]): string {
  if (runs.length === 0) return '<p>There is nothing to draw: no trial has a valid verdict.</p>';
  const figures = (drawn ?? obviousCharts(runs, rejected)).map((chart) =>
    // On a narrow screen it scrolls, which the keyboard has to reach.
    chartFigure(chart).replace(
      '<div>',
      `<div tabindex="0" role="region" aria-label="${escaped(`${chart.title}: chart`)}">`,
    ),
  );
  return figures.join('\n');
}

function header(name: string, question: string | undefined, results: Results): string {
  const { environment, rejected, runs, summary } = results;
  const what = `${counted(runs.length + rejected.length, 'trial')} of ${counted(summary.length, 'configuration')}`;
  const machines = [...new Set([...runs, ...rejected].map(({ machine }) => machine))];
  const where = machines.map((machine) =>
    Object.hasOwn(environment.machines ?? {}, machine)
      ? `${machine} (simulated: virtual time)`
      : `${machine} (measured)`,
  );
  return `<header>
<h1>${escaped(name)}</h1>
${question === undefined ? '' : `<p class="question">${escaped(question)}</p>`}
<p>${escaped(what)}${where.length === 0 ? '' : escaped(`, on ${where.join(', ')}`)}.</p>
${tally(results)}
</header>`;
}

function contents(sections: readonly string[]): string {
  const links = sections.map((html) => {
    const [, id, title] = /<h2 id="([^"]+)">([^<]+)</.exec(html) ?? [];
    return `<li><a href="#${id}">${title}</a></li>`;
  });
  return `<nav class="contents" aria-label="Contents"><ul>${links.join('')}</ul></nav>`;
}

function section(id: string, title: string, content: string): string {
  return content === ''
    ? ''
    : `<section aria-labelledby="${id}">\n<h2 id="${id}">${title}</h2>\n${content}\n</section>`;
}

function page(title: string, parts: readonly string[]): string {
  const own = (file: string): string => readFileSync(new URL(file, import.meta.url), 'utf8');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>${escaped(title)}: a report</title>
<style>
${CHART_STYLE}
${own('report.css')}</style>
</head>
<body>
<main>
${parts.join('\n')}
</main>
<script>
${own('tables.js')}</script>
${chartScripts()}
</body>
</html>
`;
}

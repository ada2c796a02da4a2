/** Algorithms side by side on one block: a section a machine, since real and virtual time do not compare. */
import type { Summary } from '../experiment/summary.ts';
import { bar } from './bar.ts';
import type { Look, Paint } from './paint.ts';
import { attemptsPerCommit, sharesOf } from './shares.ts';
import { type Column, table, textWidth } from './table.ts';
import { duration, percent, ratio, short, times } from './units.ts';
import { anomalyName, boundNote, isControl, labelOf, machineOf, reasonOf, wrapped } from './words.ts';

const NARROWEST_BAR = 6;
const WIDEST_BAR = 30;
const BAR = 4;

/** A section for each machine and number of cores, in the order in which they first appear. */
export function comparison(summaries: readonly Summary[], look: Look): string {
  const sections = Map.groupBy(summaries, ({ configuration }) => machineOf(configuration));
  return [...sections].map(([title, group]) => section(title, group, look)).join('\n\n');
}

function section(title: string, group: readonly Summary[], look: Look): string {
  const sorted = group.toSorted((a, b) => rank(a) - rank(b) || speedupOf(b) - speedupOf(a));
  const fastest = fastestOf(group);
  const longest = Math.max(...group.map(speedupOf));
  const { baseline_ns } = sorted[0].metrics;
  const { transactions } = group[0].configuration;
  const repeated = Math.max(...group.map(({ n, rejected }) => n + rejected.length));
  const median = repeated > 1 ? `, median of ${repeated}` : '';
  const loop = `plain sequential loop: ${duration(baseline_ns)}, ${short((transactions / baseline_ns) * 1e9)} tps`;
  const heading = `${look.paint('bold', `${title}${median}`)}${look.paint('dim', `   ${loop}`)}`;
  const rows = sorted.map((summary) => cellsOf(summary, summary === fastest, look.paint));
  const columns = sized(rows, look.width);
  const width = columns[BAR].width as number;
  sorted.forEach((summary, at) => {
    const drawn = bar(longest > 0 ? speedupOf(summary) / longest : 0, width);
    rows[at][BAR] = look.paint(barStyle(summary, summary === fastest), drawn);
  });
  const notes = sorted.filter(({ rejected }) => rejected.length > 0).map((summary) => note(summary, look));
  const lines = [heading, table(columns, rows, (text) => look.paint('dim', text)), ...notes];
  return lines.map((line) => line.replace(/^/gm, ' ')).join('\n');
}

const COLUMNS: readonly Column[] = [
  { title: 'algorithm', gap: 1 },
  { title: 'guarantee' },
  { title: 'tps', align: 'right' },
  { title: 'speed-\nup', align: 'right' },
  { title: '', gap: 1 },
  { title: 'bound', align: 'right' },
  { title: 'attempts\n/commit', align: 'right' },
  { title: 'useful\n%', align: 'right' },
  { title: 'wasted\n%', align: 'right', gap: 1 },
  { title: 'blocked\n%', align: 'right', gap: 1 },
  { title: 'idle\n%', align: 'right', gap: 1 },
  { title: 'p99\nlatency', align: 'right' },
  { title: 'verdict' },
];

function cellsOf(summary: Summary, isFastest: boolean, paint: Paint): string[] {
  const { configuration, guarantee, metrics } = summary;
  const shares = sharesOf(summary);
  const label = labelOf(configuration);
  const speedup = times(metrics.speedup);
  return [
    isFastest ? paint('bold', label) : label,
    guarantee === 'snapshot-isolation' ? 'snapshot' : guarantee,
    short(metrics.throughput_tps),
    isFastest ? paint('bold', speedup) : speedup,
    '',
    times(metrics.baseline_ns / metrics.bound_ns),
    ratio(attemptsPerCommit(summary)),
    ...[shares.useful, shares.wasted, shares.blocked, shares.idle].map(percent),
    duration(metrics.latency_p99_ns),
    verdictCell(summary, paint),
  ];
}

/** What the other columns leave of the width is the bar's. */
function sized(rows: readonly (readonly string[])[], width: number): Column[] {
  const used = COLUMNS.reduce((sum, { title, gap = 2 }, at) => {
    return sum + gap + Math.max(...[title, ...rows.map((row) => row[at])].map(textWidth));
  }, 1);
  const left = Math.min(WIDEST_BAR, Math.max(NARROWEST_BAR, width - used));
  return COLUMNS.map((column, at) => (at === BAR ? { ...column, width: left } : column));
}

function verdictCell(summary: Summary, paint: Paint): string {
  const [first] = summary.rejected;
  if (first === undefined) return paint('green', 'valid');
  const { failure, verdict } = first;
  const share = summary.n > 0 ? ` ${summary.rejected.length}/${summary.n + summary.rejected.length}` : '';
  const style = isExpected(summary) ? 'yellow' : 'red';
  if (failure !== undefined) return paint(style, `failed${share} (${failure})`);
  if (verdict.verdict !== 'invalid') return paint(style, `unknown${share}`);
  return paint(style, `rejected${share} (${verdict.anomaly})`);
}

/** A rejection in words: of a control that it had to be expected, of anything else what happened. */
function note(summary: Summary, { paint, width }: Look): string {
  const { failure, verdict } = summary.rejected[0];
  const unknown = failure === undefined ? 'verdict unknown' : 'failed';
  const why = verdict.verdict === 'invalid' ? `rejected (${anomalyName(verdict.anomaly)})` : unknown;
  const text = `${labelOf(summary.configuration)}: ${why}`;
  if (isExpected(summary)) {
    return paint('dim', ` ${text}, as a control that guarantees ${guaranteed(summary)} should be`);
  }
  const told = wrapped(`${text}. ${reasonOf(verdict)}`, width - 2, '   ').replace(/^/gm, ' ');
  return paint('red', told);
}

function guaranteed({ guarantee }: Summary): string {
  return guarantee === 'none' ? 'nothing' : guarantee;
}

/** Whether every rejection is what a control is there for. */
export function isExpected({ guarantee, rejected }: Summary): boolean {
  return isControl(guarantee) && rejected.every(({ verdict }) => verdict.verdict === 'invalid');
}

function isValid({ rejected }: Summary): boolean {
  return rejected.length === 0;
}

/** What failed has none. */
function speedupOf({ metrics }: Summary): number {
  return Number.isNaN(metrics.speedup) ? 0 : metrics.speedup;
}

/** What is valid comes first; speed means little without it. What failed has nothing to show. */
function rank(summary: Summary): number {
  if (Number.isNaN(summary.metrics.speedup)) return 3;
  return isControl(summary.guarantee) ? 2 : isValid(summary) ? 0 : 1;
}

function barStyle(summary: Summary, isFastest: boolean): 'green' | 'cyan' | 'dim' {
  if (!isValid(summary) || isControl(summary.guarantee)) return 'dim';
  return isFastest ? 'green' : 'cyan';
}

/** How the columns are to be read. */
export function legend({ paint, width }: Look): string {
  const sentences = [
    'speed-up and bars: over a plain sequential loop on the same machine.',
    'bound: the best speed-up that any schedule could reach with so many cores on these conflicts.',
    "useful, wasted, blocked, idle: shares of the cores' time; what remains is the algorithm's own work.",
  ];
  return sentences.map((text) => paint('dim', ` ${wrapped(text, width - 2, ' ')}`)).join('\n');
}

/** A block and a machine, and who was fastest there. */
export interface Finding {
  readonly title: string;
  readonly summaries: readonly Summary[];
}

/** Each section's finding in a line: who is fastest with a valid verdict, and how near to the best possible. */
export function findings(sections: readonly Finding[], { paint, width }: Look): string {
  const rows = sections.map(({ title, summaries }) => {
    const best = fastestOf(summaries);
    const place = machineOf(summaries[0].configuration).split(':')[0];
    if (best === undefined) return [title, place, 'none is valid', '', '', ''];
    const { baseline_ns, bound_ns, efficiency, speedup, throughput_tps } = best.metrics;
    const name = labelOf(best.configuration);
    return [
      ...[title, place, paint('bold', name), times(speedup), short(throughput_tps)],
      `${percent(efficiency)} % of ${times(baseline_ns / bound_ns)}`,
    ];
  });
  const columns: Column[] = [
    { title: '', gap: 1 },
    { title: 'machine' },
    { title: 'fastest' },
    { title: 'speed-up', align: 'right' },
    { title: 'tps', align: 'right' },
    { title: 'of the bound', align: 'right' },
  ];
  const bests = sections.flatMap(({ summaries }) => fastestOf(summaries) ?? []);
  const notes = boundNote(bests).map((line) => paint('dim', ` ${wrapped(line, width - 2, '   ')}`));
  return [table(columns, rows, (text) => paint('dim', text)), ...notes].join('\n');
}

/** The fastest whose every verdict is valid; a control's luck does not count. */
export function fastestOf(summaries: readonly Summary[]): Summary | undefined {
  const candidates = summaries.filter((summary) => isValid(summary) && !isControl(summary.guarantee));
  return candidates.toSorted((a, b) => b.metrics.speedup - a.metrics.speedup)[0];
}

/** One configuration's result as a block of lines. */
import type { Summary } from '../experiment/summary.ts';
import { cells } from './bar.ts';
import type { Look, Paint, Style } from './paint.ts';
import { attemptsPerCommit, sharesOf } from './shares.ts';
import { duration, grouped, percent, short, times } from './units.ts';
import { anomalyName, labelOf, machineOf, reasonOf, WARNINGS, workloadOf, wrapped } from './words.ts';

const LABEL = 14;
const SHARES_WIDTH = 40;
const SHARE_LOOKS = [
  ['useful', '█', 'green'],
  ['wasted', '▓', 'red'],
  ['blocked', '▒', 'yellow'],
  ['idle', '░', 'dim'],
  ['engine', '·', 'cyan'],
] as const satisfies readonly (readonly [string, string, Style])[];

/** @param counterexample where the evidence was written, if it was */
export function runReport(summary: Summary, command: string, look: Look, counterexample?: string): string {
  const { configuration, metrics, rejected } = summary;
  const { paint } = look;
  const line = (label: string, text: string): string => {
    const indent = ' '.repeat(LABEL + 2);
    return `  ${paint('dim', label.padEnd(LABEL))}${wrapped(text, look.width, indent)}`;
  };
  const heading = [
    `${paint('bold', labelOf(configuration))} on ${workloadOf(configuration)}`,
    `${machineOf(configuration)}; ${grouped(configuration.transactions)} transactions, seed ${configuration.seed}`,
    '',
  ];
  const again = ['', `  ${paint('dim', 'again:'.padEnd(LABEL))}${command}`];
  if (rejected.length > 0 && Number.isNaN(metrics.makespan_ns)) {
    const [{ failure, verdict }] = rejected;
    return [
      ...heading,
      line('failed', paint('red', `${failure}`)),
      line('', reasonOf(verdict)),
      ...again,
    ].join('\n');
  }
  const lines = [
    ...heading,
    line('throughput', `${paint('bold', `${short(metrics.throughput_tps)} tps`)}   ${howLong(summary)}`),
    line(
      'speed-up',
      `${paint('bold', times(metrics.speedup))}   over a plain sequential loop (${duration(metrics.baseline_ns)})`,
    ),
    line('bound', boundOf(summary)),
    line('attempts', attemptsOf(summary)),
    line("cores' time", timeOf(summary, paint)),
    line('latency', latencyOf(summary)),
    ...(Object.keys(metrics.counters).length > 0 ? [line('counters', countsOf(metrics.counters))] : []),
    line('verdict', verdictOf(summary, paint)),
    ...(rejected.length > 0 ? [line('', reasonOf(rejected[0].verdict))] : []),
    ...(counterexample === undefined ? [] : [line('counterexample', counterexample)]),
    ...summary.warnings.map((warning) => line('warning', WARNINGS[warning])),
    ...again,
  ];
  return lines.map((text) => text.trimEnd()).join('\n');
}

function howLong({ metrics, n, rejected, throughput }: Summary): string {
  const time = `${grouped(metrics.committed + metrics.reverted)} transactions in ${duration(metrics.makespan_ns)}`;
  const trials = Math.max(n, n === 0 ? rejected.length : 0);
  if (trials < 2) return time;
  const { low, high } = throughput.interval;
  return `${time}, median of ${trials}, 95 % interval ${short(low)} to ${short(high)}`;
}

function boundOf({ metrics }: Summary): string {
  if (Number.isNaN(metrics.bound_ns)) return 'none: it is computed for the serial order of a valid run';
  const best = times(metrics.baseline_ns / metrics.bound_ns);
  return `${best}   the best that any schedule could reach on these conflicts; efficiency ${percent(metrics.efficiency)} %`;
}

function attemptsOf(summary: Summary): string {
  const { aborts, abortsByCause, attempts, reverted } = summary.metrics;
  const causes = Object.keys(abortsByCause).length > 0 ? ` (${countsOf(abortsByCause)})` : '';
  const undone = aborts === 0 ? 'no aborts' : `${grouped(aborts)} aborts${causes}`;
  const reverts = reverted === 0 ? '' : `, ${grouped(reverted)} reverted`;
  return `${attemptsPerCommit(summary).toFixed(2)} per commit   ${grouped(attempts)} attempts, ${undone}${reverts}`;
}

function countsOf(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${name} ${grouped(count)}`)
    .join(', ');
}

function timeOf(summary: Summary, paint: Paint): string {
  const shares = sharesOf(summary);
  const parts = SHARE_LOOKS.map(([name, sign, style]) => ({ share: shares[name], name, sign, style }));
  const drawn = cells(
    parts.map(({ share }) => share),
    SHARES_WIDTH,
  ).map((count, at) => paint(parts[at].style, parts[at].sign.repeat(count)));
  const words = parts.map(({ name, share, sign }) => `${sign} ${name} ${percent(share)} %`);
  return `${drawn.join('')}   ${words.join('  ')}`;
}

function latencyOf({ metrics }: Summary): string {
  const { latency_p50_ns, latency_p95_ns, latency_p99_ns } = metrics;
  return `p50 ${duration(latency_p50_ns)}   p95 ${duration(latency_p95_ns)}   p99 ${duration(latency_p99_ns)}`;
}

function verdictOf({ guarantee, n, rejected }: Summary, paint: Paint): string {
  const [first] = rejected;
  if (first === undefined) {
    const order = guarantee === 'block-order' ? 'the block in its order' : 'a serial execution';
    return `${paint('green', 'valid')}   equivalent to ${order}: a replay agrees in every read and in the final state`;
  }
  const share = n > 0 ? `, ${rejected.length} of ${n + rejected.length} trials` : '';
  if (first.verdict.verdict !== 'invalid') return paint('red', `unknown${share}`);
  return `${paint('red', 'invalid')}${share}   ${anomalyName(first.verdict.anomaly)}; guarantee: ${guarantee}`;
}

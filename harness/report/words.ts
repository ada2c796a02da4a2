/** What names mean, in words for people. */
import type { Configuration } from '../experiment/configuration.ts';
import type { Summary } from '../experiment/summary.ts';
import type { Warning } from '../experiment/trial.ts';
import type { Anomaly, Verdict } from '../verify/verdict.ts';
import { changed, scalar } from './command.ts';
import { textWidth } from './table.ts';
import { counted } from './units.ts';

const ANOMALIES: Readonly<Record<Anomaly, string>> = {
  G0: 'dirty write',
  G1a: 'aborted read',
  G1b: 'intermediate read',
  G1c: 'circular information flow',
  'G-single': 'lost update or read skew',
  G2: 'write skew',
  'block-order': "not the block's order",
  incomplete: 'a transaction never completed',
  outcome: 'wrong outcome',
  read: 'wrong read',
  state: 'wrong final state',
  invariant: 'broken invariant',
};

export function anomalyName(anomaly: Anomaly): string {
  const words = ANOMALIES[anomaly];
  return /^G/.test(anomaly) ? `${anomaly}, ${words}` : words;
}

/** Why a verdict is not valid. */
export function reasonOf(verdict: Verdict): string {
  if (verdict.verdict === 'invalid') return verdict.explanation;
  return verdict.verdict === 'unknown' ? verdict.reason : '';
}

/** What was seen, and why the number may mislead. */
export const WARNINGS: Readonly<Record<Warning, string>> = {
  'more-workers-than-cores':
    "more workers than this host's cores: they take turns, so this says little of parallelism",
  'not-steady': 'warm-up ended before the times were stable: the first repetitions may be slow',
  'short-run': 'a run took less than a millisecond: clock and start-up weigh in; take more transactions',
  'busy-host':
    'other processes used more than 5 % of this host meanwhile: expect times to be long and uneven',
  'spread-over-10-percent': 'throughput spread by more than 10 % over the repetitions: was the host busy?',
};

/** A line a kind of warning, with whom it concerns. */
export function warningLines(summaries: readonly Summary[]): string[] {
  const kinds = new Set(summaries.flatMap(({ warnings }) => warnings));
  return [...kinds].map((kind: Warning) => {
    const concerned = summaries.filter(({ warnings }) => warnings.includes(kind));
    const names = [...new Set(concerned.map(({ configuration }) => labelOf(configuration)))].join(', ');
    return `warning (${counted(concerned.length, 'configuration')}: ${names}): ${WARNINGS[kind]}`;
  });
}

/** The algorithm with those of its options that differ from their defaults. */
export function labelOf({ algorithm, options }: Pick<Configuration, 'algorithm' | 'options'>): string {
  const { declaration } = algorithm;
  const given = changed(declaration.options, options).map(([name, value]) => `${name}=${scalar(value)}`);
  return [declaration.name, ...given].join(' ');
}

/** The workload with all its parameters. */
export function workloadOf({ workload, parameters }: Configuration): string {
  const given = Object.entries(parameters).map(([name, value]) => `${name}=${scalar(value)}`);
  return [workload.declaration.name, ...given].join(' ');
}

/** The workload with those of its parameters that differ from their defaults. */
export function workloadLabelOf({ workload: { declaration }, parameters }: Configuration): string {
  const given = changed(declaration.parameters, parameters).map(
    ([name, value]) => `${name}=${scalar(value)}`,
  );
  return [declaration.name, ...given].join(' ');
}

/** Where it ran. Simulated and real time are never to be taken for one another. */
export function machineOf({ machine, model, cores }: Configuration): string {
  return model === undefined
    ? `${machine}: ${counted(cores, 'real thread')}, measured time`
    : `simulated ${model.name}: ${counted(cores, 'virtual core')}, virtual time`;
}

/** What is to be said where a run beats its bound, as none can in virtual time. */
export function boundNote(summaries: readonly Summary[]): string[] {
  const beaten = summaries.some(
    ({ configuration, metrics }) => !configuration.model && metrics.efficiency > 1,
  );
  return beaten
    ? [
        'a little above 100 %: on real threads the bound is scaled to measured times of the plain loop, which are noisy',
      ]
    : [];
}

/** Controls are there to be rejected: they promise nothing that verification could find kept. */
export function isControl(guarantee: string): boolean {
  return guarantee === 'none' || guarantee === 'snapshot-isolation';
}

/** The text on lines of at most so many characters, each after the first indented. */
export function wrapped(text: string, width: number, indent: string): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines[lines.length - 1];
    if (line !== '' && textWidth(line) + 1 + textWidth(word) > width - indent.length) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines.join(`\n${indent}`);
}

/** The conformance suite's results, and a failure of it, in words. */

import type { Finding } from '../check/judge.ts';
import type { CheckResult, Failure } from '../check/result.ts';
import type { Anomaly } from '../verify/verdict.ts';
import type { Look } from './paint.ts';
import { counted, duration } from './units.ts';
import { anomalyName, labelOf, workloadOf, wrapped } from './words.ts';

const NAME_WIDTH = 15;
const RUNS_WIDTH = 14;
const TIME_WIDTH = 10;
const INDENT = '     ';

/** ✓ any schedule   1,000 runs   1.20 s   whatever the order … */
export function checkLine({ check, elapsed_ms, law, notes, passed, runs }: CheckResult, look: Look): string {
  const mark = passed ? look.paint('green', '✓') : look.paint('red', '✗');
  const count = (runs === 0 ? '' : counted(runs, 'run')).padStart(RUNS_WIDTH);
  const line = ` ${mark} ${check.padEnd(NAME_WIDTH)}${count}${duration(elapsed_ms * 1e6).padStart(TIME_WIDTH)}  `;
  const margin = ' '.repeat(3 + NAME_WIDTH + RUNS_WIDTH + TIME_WIDTH + 2);
  const text = wrapped(law, look.width - 1, margin);
  return [line + look.paint('dim', text), ...notes.map((note) => `${margin}${note}`)].join('\n');
}

/** What broke: the law, the anomaly, why, in which case, and how to see it again. */
export function failureReport(failure: Failure, replay: string | undefined, look: Look): string {
  const { check, configuration, finding, law } = failure;
  const fitted = (text: string): string => INDENT + wrapped(text, look.width - 1, INDENT);
  return [
    look.paint('red', ` ✗ ${check}: ${nameOf(finding)}`),
    fitted(`The law: ${law}.`),
    fitted(finding.explanation),
    ...(configuration === undefined
      ? []
      : [
          fitted(
            `The case: ${labelOf(configuration)} on ${counted(configuration.transactions, 'transaction')} of ` +
              `${workloadOf(configuration)}, ${counted(configuration.cores, 'core')}, seed ${configuration.seed}.`,
          ),
        ]),
    ...(replay === undefined ? [] : [`${INDENT}${look.paint('bold', replay)}`]),
  ].join('\n');
}

/** "G2, write skew", "DeadlockError" */
export function nameOf({ kind, name }: Pick<Finding, 'kind' | 'name'>): string {
  return kind === 'invalid' ? anomalyName(name as Anomaly) : name;
}

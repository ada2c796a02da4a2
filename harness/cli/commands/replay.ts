/** `contend replay`: a saved schedule again, access by access. */
import { readFileSync } from 'node:fs';
import type { Judged } from '../../check/judge.ts';
import {
  configurationOf,
  parseSavedRun,
  type Replayed,
  replaySaved,
  type SavedRun,
} from '../../check/schedule-file.ts';
import { STEP_COLUMNS, StepLog, transactionsIn } from '../../check/steps.ts';
import type { Configuration } from '../../experiment/configuration.ts';
import { UserError } from '../../experiment/user-error.ts';
import { nameOf } from '../../report/check-report.ts';
import type { Look } from '../../report/paint.ts';
import { table } from '../../report/table.ts';
import { counted, grouped } from '../../report/units.ts';
import { labelOf, workloadOf, wrapped } from '../../report/words.ts';
import { type Args, type Command, FAILED, OK } from '../command.ts';
import type { Terminal } from '../terminal.ts';

const SHOWN = 40;
/** So many transactions are called by their numbers. */
const NAMED = 8;
const STEP_LIMIT = 20_000_000;
/** By column: numbers to the right, names to the left. */
const ALIGN = ['right', 'right', 'right', 'left', 'left', 'left', 'right'] as const;

export const replay: Command = {
  usage: 'replay [file]',
  summary: 'Runs a saved schedule again, step by step, and says whether it still fails.',
  positionals: { file: { type: 'string', description: 'a file that check saved' } },
  options: {
    all: {
      type: 'boolean',
      description: `show every access, not only the last ${SHOWN} of the transactions that failed`,
    },
    json: { type: 'boolean', description: 'print JSON instead' },
  },
  examples: [['replay results/check/mine-any-schedule-1a2b3c4d.json', 'the last accesses before it failed']],
  notes:
    'Exit status: 0 the run is valid now; 1 it still fails; 2 wrong usage, or the schedule does not fit any more.',

  async run(args: Args, terminal: Terminal): Promise<number> {
    const name = String(args.file ?? '');
    const saved = parseSavedRun(contentOf(name), name);
    const configuration = await configurationOf(saved);
    // Who is concerned is known at the end, so it is run once more.
    const { verdict } = replaySaved(saved, configuration, { stepLimit: STEP_LIMIT }).judged;
    const concerned = verdict?.verdict === 'invalid' ? transactionsIn(verdict.evidence) : new Set<number>();
    const some = args.all || concerned.size === 0 ? undefined : concerned;
    const log = new StepLog(args.all ? Number.POSITIVE_INFINITY : SHOWN, some);
    const { observer, watcher } = log;
    const replayed = replaySaved(saved, configuration, { observer, watcher, stepLimit: STEP_LIMIT });
    const { finding } = replayed.judged;
    if (args.json) {
      const steps = log.steps.map((step) =>
        Object.fromEntries(STEP_COLUMNS.map((column, i) => [column, step[i]])),
      );
      const found = finding ?? { kind: 'valid' };
      terminal.out(
        `${JSON.stringify({ file: name, saved: saved.verdict, verdict: found, accesses: log.count, steps }, null, 2)}\n`,
      );
    } else {
      terminal.out(`${heading(saved, configuration, terminal)}\n\n${accesses(log, some, terminal)}\n\n`);
      terminal.out(`${conclusion(saved, replayed, terminal)}\n`);
    }
    return finding === undefined ? OK : FAILED;
  },
};

function contentOf(name: string): string {
  if (name === '') throw new UserError('which file? check saves schedules, by default in results/check');
  try {
    return readFileSync(name, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UserError(code === 'ENOENT' ? `no such file: ${name}` : `cannot read ${name}: ${message}`);
  }
}

function heading(saved: SavedRun, configuration: Configuration, { paint, width }: Look): string {
  const { cores, model, schedule, seed, transactions } = saved;
  const how =
    schedule === 'virtual-time' ? 'in virtual time' : `${counted(schedule.steps.length, 'recorded step')}`;
  return [
    paint(
      'bold',
      ` ${labelOf(configuration)}, ${counted(transactions, 'transaction')} on ${counted(cores, 'core')}`,
    ),
    ` of ${model}: ${workloadOf(configuration)}, seed ${seed}; ${how}`,
    ` ${wrapped(`saved by the check "${saved.check}": ${saved.law}`, width - 1, '   ')}`,
  ].join('\n');
}

function accesses({ count, steps }: StepLog, some: ReadonlySet<number> | undefined, { paint }: Look): string {
  if (count === 0) return ' no accesses';
  const left = count - steps.length;
  const named = [...(some ?? [])].sort((a, b) => a - b);
  const more = named.length > NAMED ? ` and ${named.length - NAMED} more` : '';
  const who = some === undefined ? '' : ` of transactions ${named.slice(0, NAMED).join(', ')}${more}`;
  const shown = `the last ${steps.length}${who}`;
  const omitted =
    left > 0 ? ` ${shown}; ${grouped(left)} other accesses are left out: --all shows them\n` : '';
  const columns = STEP_COLUMNS.map((title, at) => ({ title, align: ALIGN[at] }));
  return omitted + table(columns, steps, (title) => paint('dim', title));
}

function conclusion(saved: SavedRun, { judged, recorded, taken }: Replayed, look: Look): string {
  const lines = [verdictLines(judged, look)];
  if (taken < recorded) {
    lines.push(
      ` the run ended after ${taken} of ${counted(recorded, 'recorded step')}: something has changed since`,
    );
  }
  const before = saved.verdict.verdict === 'valid' ? 'valid' : saved.verdict.name;
  const now = judged.finding?.name ?? 'valid';
  if (before !== now) lines.push(` when it was saved it was: ${before}`);
  return lines.join('\n');
}

function verdictLines({ finding }: Judged, { paint, width }: Look): string {
  if (finding === undefined) return paint('green', ' valid');
  return `${paint('red', ` ${nameOf(finding)}`)}\n   ${wrapped(finding.explanation, width - 1, '   ')}`;
}

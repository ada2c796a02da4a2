/** `contend sweep`: an experiment file, run into a results folder. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Options } from 'yargs';
import { integer } from '../../experiment/configuration.ts';
import { costOf } from '../../experiment/cost.ts';
import { type Experiment, readExperiment } from '../../experiment/file/experiment.ts';
import { dealt, type Shard, shardFrom } from '../../experiment/shard.ts';
import { type Plan, runExperiment, type Swept } from '../../experiment/sweep.ts';
import { UserError } from '../../experiment/user-error.ts';
import { type Work, workOf } from '../../experiment/work.ts';
import { isExpected } from '../../report/comparison.ts';
import { gridTable } from '../../report/grid.ts';
import { counted } from '../../report/units.ts';
import { labelOf, warningLines, wrapped } from '../../report/words.ts';
import { number, text } from '../arguments.ts';
import { type Args, type Command, FAILED, OK } from '../command.ts';
import { listenForInterrupt } from '../interrupt.ts';
import { present, REPORT_FLAG } from '../presenting.ts';
import { clockTime, Progress } from '../progress.ts';
import type { Terminal } from '../terminal.ts';

const MAX_WORKERS = 1024;

function option(description: string, shownDefault?: string): Options {
  return {
    type: 'string',
    requiresArg: true,
    description,
    ...(shownDefault === undefined ? {} : { defaultDescription: shownDefault }),
  };
}

function flag(description: string): Options {
  return { type: 'boolean', description };
}

export const sweep: Command = {
  usage: 'sweep [file]',
  summary: 'Runs an experiment, a grid of trials that a YAML file describes, into a results folder.',
  positionals: { file: { type: 'string', description: 'the experiment file' } },
  options: {
    out: option('the results folder', 'results/<name>'),
    'dry-run': flag('print the grid and how long it may take, and run nothing'),
    shard: option('run one part of the grid only: 2/8 is the second of eight'),
    workers: option('how many simulated trials run at once', "all of the host's cores"),
    timeout: option('seconds after which a simulated trial has failed', '1800'),
    retry: flag('run again what failed or was rejected before'),
    overwrite: flag('start afresh, whatever the folder holds'),
    mixed: flag('add to rows that come from another environment'),
    report: flag(REPORT_FLAG),
  },
  examples: [
    ['sweep contention.yaml', 'every trial of the grid, to results/contention'],
    ['sweep contention.yaml --dry-run', 'what that would be'],
    ['sweep contention.yaml --shard 2/8 --out results/part-2', 'its share of one machine of eight'],
  ],
  notes:
    'The same command goes on where it was stopped or killed: each trial has its row on disk once it has ended.\n' +
    'Simulated trials run on all cores at once; trials on real threads run alone, in a random order.\n' +
    'Exit status: 0 all well; 1 a trial failed or was rejected; 2 wrong usage; 130 interrupted.',

  async run(args: Args, terminal: Terminal): Promise<number> {
    const file = text(args, 'file');
    if (file === undefined) throw new UserError('which experiment file? contend sweep FILE.yaml');
    const shard = shardOf(args);
    const workers = number(args, 'workers');
    if (workers !== undefined) integer('workers', workers, 1, MAX_WORKERS);
    const timeout_s = number(args, 'timeout');
    if (timeout_s !== undefined) integer('timeout', timeout_s, 1, 1_000_000);
    const experiment = await readExperiment(file);
    if (args['dry-run']) {
      terminal.out(`${dryRun(experiment, shard, workers ?? availableParallelism(), terminal)}\n`);
      return OK;
    }
    const out = text(args, 'out') ?? defaultFolder(experiment, shard);
    const interrupt = listenForInterrupt();
    const watch = new Watch(terminal);
    try {
      const swept = await runExperiment(experiment, {
        ...{ out, shard, workers, signal: interrupt.signal },
        timeout_ms: timeout_s === undefined ? undefined : timeout_s * 1000,
        overwrite: args.overwrite === true,
        retry: args.retry === true,
        mixed: args.mixed === true,
        onPlan: (plan) => watch.plan(plan),
        onProgress: (message) => watch.progress?.doing(message),
        onTrial: ({ configuration }) => watch.progress?.ended(configuration),
      });
      watch.progress?.clear();
      const isWell = failed(swept).length === 0;
      terminal.out(`${conclusion(swept, out, watch.progress?.elapsed_ms() ?? 0, terminal)}\n`);
      // A part of a grid answers no question.
      const isWhole = !swept.interrupted && shard === undefined;
      if (isWhole && args.report !== false) await present(out, terminal);
      return interrupt.status() ?? (isWell ? OK : FAILED);
    } finally {
      watch.progress?.clear();
      interrupt.release();
    }
  },
};

/** Shows how far it is, once it is known how far it goes. */
class Watch {
  readonly #terminal: Terminal;
  progress: Progress | undefined;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  plan({ done, todo }: Plan): void {
    if (done > 0) this.#terminal.err(`${counted(done, 'trial')} done already\n`);
    this.progress = new Progress(this.#terminal, todo);
  }
}

function shardOf(args: Args): Shard | undefined {
  const given = text(args, 'shard');
  return given === undefined ? undefined : shardFrom(given);
}

function defaultFolder({ name }: Experiment, shard: Shard | undefined): string {
  return join('results', shard === undefined ? name : `${name}-${shard.index}-of-${shard.count}`);
}

function dryRun(
  { configurations, name, question, repetitions, until }: Experiment,
  shard: Shard | undefined,
  workers: number,
  terminal: Terminal,
): string {
  const whole = workOf(configurations, repetitions);
  const work = shard === undefined ? whole : dealt(whole, shard);
  const cost = (parts: readonly Work[]): number => parts.reduce((sum, part) => sum + costOf(part), 0);
  const isReal = ({ configuration }: Work): boolean => configuration.model === undefined;
  const trials = work.reduce((sum, part) => sum + part.repetitions.length, 0);
  const ms = cost(work.filter(isReal)) + cost(work.filter((part) => !isReal(part))) / workers;
  const part = shard === undefined ? '' : `, shard ${shard.index} of ${shard.count}`;
  const more = until === undefined ? '' : `, and more until the interval is within ${until.percent} %`;
  return [
    terminal.paint('bold', `${name}${part}${question === undefined ? '' : `: ${question}`}`),
    '',
    gridTable(work, terminal),
    '',
    `${counted(work.length, 'configuration')}, ${counted(trials, 'trial')}${more}; very roughly ${clockTime(ms)}`,
  ].join('\n');
}

function failed({ summaries }: Swept): Swept['summaries'] {
  return summaries.filter((summary) => summary.rejected.length > 0 && !isExpected(summary));
}

function conclusion(swept: Swept, out: string, elapsed_ms: number, { paint, width }: Terminal): string {
  const { interrupted, summaries } = swept;
  const valid = summaries.reduce((sum, { n }) => sum + n, 0);
  const rejected = summaries.reduce((sum, summary) => sum + summary.rejected.length, 0);
  const bad = failed(swept);
  const names = [...new Set(bad.map(({ configuration }) => labelOf(configuration)))].join(', ');
  return [
    ...(interrupted ? [paint('yellow', 'interrupted: the same command goes on from here')] : []),
    ...warningLines(summaries).map((line) => paint('yellow', wrapped(line, width - 1, '  '))),
    ...(bad.length === 0
      ? []
      : [
          paint(
            'red',
            `failed or rejected: ${counted(bad.length, 'configuration')} (${names}); see rejected.csv`,
          ),
        ]),
    `${counted(valid, 'valid row')}, ${rejected} without a valid verdict, in ${out}; took ${clockTime(elapsed_ms)}`,
  ].join('\n');
}

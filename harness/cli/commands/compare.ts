/** `contend compare`: algorithms side by side, and what runs when nobody says what. */
import { join } from 'node:path';
import { algorithms } from '../../../algorithms/index.ts';
import { type Configuration, integer, unknown } from '../../experiment/configuration.ts';
import { refuseNamesakes } from '../../experiment/identity.ts';
import { quickstart } from '../../experiment/quickstart.ts';
import { ResultsFolder } from '../../experiment/record.ts';
import { reference } from '../../experiment/reference.ts';
import { type Summary, summarize } from '../../experiment/summary.ts';
import type { Trial } from '../../experiment/trial.ts';
import { UserError } from '../../experiment/user-error.ts';
import { workOf } from '../../experiment/work.ts';
import { loadAlgorithm } from '../../machine/load.ts';
import { commandFor } from '../../report/command.ts';
import { comparison, fastestOf, findings, isExpected, legend } from '../../report/comparison.ts';
import { differenceLines } from '../../report/difference.ts';
import { counted } from '../../report/units.ts';
import { labelOf, machineOf, warningLines, workloadLabelOf, wrapped } from '../../report/words.ts';
import { number, settings, text } from '../arguments.ts';
import { type Args, type Command, FAILED, OK } from '../command.ts';
import { anAlgorithm, anotherAlgorithm } from '../examples.ts';
import { jsonOf, measured } from '../measuring.ts';
import { clockTime, Progress } from '../progress.ts';
import type { Terminal } from '../terminal.ts';
import { choseWhatToRun, configurationOf, repetitionsOf, trialOptions } from '../trials.ts';

/** Fewer than six cannot tell a difference from chance, however clear it is. */
const DEFAULT_SEEDS = 10;
const MAX_SEEDS = 1000;

/** One table: the same block, run by every algorithm. */
interface Level {
  readonly title: string;
  readonly configurations: readonly Configuration[];
  /** The simulated ones again, on blocks of other seeds: whether a difference holds from block to block. */
  readonly further: readonly Configuration[];
}

export const compare: Command = {
  usage: 'compare [algorithms..]',
  summary:
    'Runs algorithms side by side on the same blocks. Without a workload or a machine: a first look at ' +
    'contention, low to high, simulated on 32 cores and measured on those of this host.',
  positionals: {
    algorithms: {
      type: 'string',
      array: true,
      description: 'names of `contend list algorithms`, or .ts files; all that are registered by default',
    },
  },
  options: {
    ...trialOptions,
    seeds: {
      type: 'string',
      requiresArg: true,
      description: 'of two algorithms: over how many blocks simulated ones are compared, from --seed on',
      defaultDescription: `${DEFAULT_SEEDS}`,
    },
  },
  examples: [
    ['compare', 'all algorithms, a first look; rows go to results/quickstart'],
    [
      `compare ${anAlgorithm} ${anotherAlgorithm} --set accounts=100`,
      'two of them: which is faster, by how much, and is that real?',
    ],
    ['compare --machine threads --repetitions 20 --out results/mine', "on this host's cores, rows kept"],
  ],
  notes:
    'Controls guarantee nothing, or less than serializability. Verification should reject them; that is shown, ' +
    'goes to rejected.csv, and does not count as a failure. Any other verdict that is not valid does.\n' +
    '--option NAME=VALUE goes to every algorithm that has this option.\n' +
    'Of two algorithms a permutation test says whether one is really faster: on real threads over the repetitions, ' +
    'on simulated machines, where a repetition says nothing new, over the blocks of several seeds.\n' +
    'Exit status: 0 all well; 1 a verdict failed; 2 wrong usage.',

  async run(args: Args, terminal: Terminal): Promise<number> {
    const repetitions = repetitionsOf(args, choseWhatToRun(args) ? undefined : quickstart.repetitions);
    const levels = await levelsOf(args);
    const configurations = levels.flatMap((level) => [...level.configurations, ...level.further]);
    refuseNamesakes(configurations);
    const out = text(args, 'out') ?? (isBare(args) ? join('results', quickstart.name) : undefined);
    const experiment = choseWhatToRun(args) ? 'compare' : quickstart.name;
    const folder =
      out === undefined ? undefined : new ResultsFolder(out, { experiment, configurations, repetitions });
    const progress = new Progress(terminal, workOf(configurations, repetitions));
    const show = args.json ? () => {} : (lines: string) => terminal.out(`${lines}\n`);
    show(introduction(args, configurations, terminal));
    const measuring = { repetitions, progress, folder, terminal };
    // All that is simulated at first, in workers that start once.
    const isSimulated = ({ model }: Configuration): boolean => model !== undefined;
    const simulated = await measured(configurations.filter(isSimulated), measuring);
    const trials: Trial[] = [];
    for (const level of levels) {
      const all = [...level.configurations, ...level.further];
      const real = all.filter((configuration) => !isSimulated(configuration));
      const byConfiguration = Map.groupBy(
        [...simulated, ...(await measured(real, measuring))],
        ({ configuration }) => configuration,
      );
      const ended = all.flatMap((configuration) => byConfiguration.get(configuration) ?? []);
      trials.push(...ended);
      const shown = summarize(
        ended.filter(({ configuration }) => level.configurations.includes(configuration)),
      );
      show(`\n${levelReport(level, shown, terminal)}`);
      for (const line of differenceLines(ended)) show(`\n ${wrapped(line, terminal.width - 2, '   ')}`);
    }
    folder?.close();
    const charts = out === undefined ? 0 : await drawn(out, terminal);
    const summaries = summarize(trials);
    if (args.json) {
      const all = summaries.map((summary) => jsonOf(summary, trials, repetitions));
      terminal.out(`${JSON.stringify(all, null, 2)}\n`);
    }
    const ending = { out, charts, repetitions, elapsed_ms: progress.elapsed_ms() };
    show(`\n${conclusion(shownOf(levels, summaries), ending, terminal)}`);
    return summaries.every((summary) => summary.rejected.length === 0 || isExpected(summary)) ? OK : FAILED;
  },
};

/** Other seeds than the first only tell whether a difference is real. */
function shownOf(levels: readonly Level[], summaries: readonly Summary[]): Summary[] {
  const further = new Set(levels.flatMap((level) => level.further));
  return summaries.filter(({ configuration }) => !further.has(configuration));
}

/** Nothing chosen at all. */
function isBare(args: Args): boolean {
  return !choseWhatToRun(args) && given(args).length === 0 && args.option === undefined;
}

function given(args: Args): string[] {
  return ((args.algorithms ?? []) as unknown[]).map(String);
}

async function levelsOf(args: Args): Promise<Level[]> {
  const entries = await entriesOf(args);
  const together = async (choices: readonly object[]): Promise<Configuration[]> =>
    Promise.all(
      choices.flatMap((choice) => entries.map((entry) => configurationOf(args, { ...entry, ...choice }))),
    );
  if (choseWhatToRun(args)) {
    const configurations = await together([{}]);
    return [{ title: '', configurations, further: otherSeeds(args, configurations) }];
  }
  const { levels, machines, transactions, workload } = quickstart;
  return Promise.all(
    levels.map(async ({ title, parameters }) => {
      const choices = machines.map((machine) => ({ workload, parameters, machine, transactions }));
      const configurations = await together(choices);
      return { title, configurations, further: otherSeeds(args, configurations) };
    }),
  );
}

/** Of two algorithms, the simulated configurations on the blocks of the seeds that follow. */
function otherSeeds(args: Args, configurations: readonly Configuration[]): Configuration[] {
  const seeds = number(args, 'seeds') ?? DEFAULT_SEEDS;
  integer('seeds', seeds, 1, MAX_SEEDS);
  const simulated = configurations.filter(({ model }) => model !== undefined);
  if (new Set(simulated.map(labelOf)).size !== 2) return [];
  return Array.from({ length: seeds - 1 }, (_, at) => at + 1).flatMap((later) =>
    simulated.map((configuration) => ({ ...configuration, seed: configuration.seed + later })),
  );
}

interface Entry {
  readonly algorithm: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** The algorithms that are meant, each once, with those of the options that it has. */
async function entriesOf(args: Args): Promise<Entry[]> {
  const options = settings(args, 'option');
  const names = given(args).length > 0 ? [...new Set(given(args))] : Object.keys(algorithms);
  const all = await Promise.all(
    names.map(async (algorithm) => ({ algorithm, known: await optionsOf(algorithm, options) })),
  );
  const everything = new Set(all.flatMap(({ known }) => known));
  for (const name of Object.keys(options)) {
    if (!everything.has(name)) throw unknown('option of these algorithms', name, [...everything]);
  }
  return all.map(({ algorithm, known }) => ({
    algorithm,
    options: Object.fromEntries(Object.entries(options).filter(([name]) => known.includes(name))),
  }));
}

/** The names of an algorithm's options. What cannot be loaded has none; configuring it says why. */
async function optionsOf(algorithm: string, wanted: object): Promise<string[]> {
  if (Object.keys(wanted).length === 0) return [];
  const url = reference('algorithm', algorithm);
  if (!Object.hasOwn(algorithms, url) && !url.startsWith('file:')) {
    throw unknown('algorithm', algorithm, Object.keys(algorithms));
  }
  const { declaration } = await loadAlgorithm(url);
  return Object.keys(declaration?.options?.shape ?? {});
}

function introduction(args: Args, configurations: readonly Configuration[], terminal: Terminal): string {
  const labels = new Set(configurations.map(labelOf));
  const places = [...new Set(configurations.map(machineOf))].map((place) => `   ${place}`);
  const { transactions, seed } = configurations[0];
  return [
    ...(choseWhatToRun(args) ? [] : [terminal.paint('bold', ` ${quickstart.question}`)]),
    ` ${counted(labels.size, 'algorithm')} on blocks of ${counted(transactions, 'transaction')}, seed ${seed}; where:`,
    ...places,
    legend(terminal),
  ].join('\n');
}

function levelReport(level: Level, summaries: readonly Summary[], terminal: Terminal): string {
  const title = [level.title, workloadLabelOf(level.configurations[0])]
    .filter((part) => part !== '')
    .join(': ');
  const rule = '━'.repeat(Math.max(2, terminal.width - title.length - 5));
  return `${terminal.paint('bold', `━━ ${title} ${rule}`)}\n\n${comparison(summaries, terminal)}`;
}

/** Pictures of the folder, whose rows are worth more than they are. What draws them takes a while to load. */
async function drawn(folder: string, terminal: Terminal): Promise<number> {
  const { drawFolder } = await import('../../report/charts/folder.ts');
  try {
    return (await drawFolder(folder, ['svg'])).length;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    terminal.err(`contend: no charts: ${error.message}\n`);
    return 0;
  }
}

interface Ended {
  readonly out: string | undefined;
  readonly charts: number;
  readonly repetitions: number;
  readonly elapsed_ms: number;
}

function conclusion(
  summaries: readonly Summary[],
  { out, charts, repetitions, elapsed_ms }: Ended,
  terminal: Terminal,
): string {
  const { paint, width } = terminal;
  const rule = paint('bold', `━━ in short ${'━'.repeat(width - 13)}`);
  const blocks = Map.groupBy(summaries, ({ configuration: c }) => `${workloadLabelOf(c)}; ${machineOf(c)}`);
  const sections = [...blocks.values()].map((group) => ({
    title: workloadLabelOf(group[0].configuration),
    summaries: group,
  }));
  const failed = summaries.filter((summary) => summary.rejected.length > 0 && !isExpected(summary));
  const failure = ` failed: ${counted(failed.length, 'configuration')} without a valid verdict`;
  const best = fastestOf(summaries);
  return [
    `${rule}\n\n${findings(sections, terminal)}\n`,
    ...warningLines(summaries).map((line) => paint('yellow', ` ${wrapped(line, width - 1, '   ')}`)),
    ...(failed.length === 0 ? [] : [paint('red', failure)]),
    ...(best === undefined ? [] : [` one row in full: ${commandFor(best.configuration, { repetitions })}`]),
    `${kept(out, charts)}; took ${clockTime(elapsed_ms)}`,
  ].join('\n');
}

function kept(out: string | undefined, charts: number): string {
  if (out === undefined) return ' no rows kept: --out DIR does';
  return ` results in ${out}${charts === 0 ? '' : `, ${counted(charts, 'chart')} in ${join(out, 'charts')}`}`;
}

/** The options that say what to run, shared by the commands that run trials. */
import { availableParallelism } from 'node:os';
import type { Options } from 'yargs';
import {
  type Configuration,
  configure,
  integer,
  modelNamed,
  type Request,
  THREADS,
} from '../experiment/configuration.ts';
import { machineRequest } from '../experiment/machine-file.ts';
import { reference } from '../experiment/reference.ts';
import { number, settings, text } from './arguments.ts';
import type { Args } from './command.ts';

const DEFAULTS = {
  workload: 'transfers',
  machine: 'server-32',
  transactions: 1000,
  seed: 1,
  repetitions: 5,
};
const MAX_REPETITIONS = 10_000;

function option(description: string, shownDefault?: string | number): Options {
  return {
    type: 'string',
    requiresArg: true,
    description,
    ...(shownDefault === undefined ? {} : { defaultDescription: `${shownDefault}` }),
  };
}

export const trialOptions: Readonly<Record<string, Options>> = {
  workload: option(
    'what the transactions do: a name of `contend list workloads`, or a .ts file',
    DEFAULTS.workload,
  ),
  set: option('a parameter of the workload, as name=value; repeat it for more'),
  option: option('an option of the algorithm, as name=value; repeat it for more'),
  machine: option(
    `what runs them: ${THREADS} (real cores, measured time) or a model, by its name in \`contend list machines\` or its file (simulated cores, virtual time)`,
    DEFAULTS.machine,
  ),
  model: option("a figure of the machine's model that differs, as name=value; repeat it for more"),
  cores: option('how many cores', "all of the machine's"),
  transactions: option('how many transactions a block has', DEFAULTS.transactions),
  seed: option('fixes every random choice', DEFAULTS.seed),
  repetitions: option(
    `how often a trial on ${THREADS} is repeated; a simulated one repeats itself exactly`,
    DEFAULTS.repetitions,
  ),
  out: option('a folder to write the results to: runs.csv, summary.csv, rejected.csv, environment.json'),
  json: { type: 'boolean', description: 'print JSON instead' },
};

/** The options that pick what is run, rather than how. */
const CHOOSING = ['workload', 'set', 'machine', 'cores', 'transactions'] as const;

/** Whether the user chose a workload or a machine at all. */
export function choseWhatToRun(args: Args): boolean {
  return CHOOSING.some((name) => args[name] !== undefined);
}

export function repetitionsOf(args: Args, otherwise = DEFAULTS.repetitions): number {
  const repetitions = number(args, 'repetitions') ?? otherwise;
  integer('repetitions', repetitions, 1, MAX_REPETITIONS);
  return repetitions;
}

/** What the options leave open. */
export interface Choice {
  readonly algorithm: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly workload?: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly machine?: string;
  readonly transactions?: number;
}

/** The configuration that the options ask for; the choice's parts stand for options that were not given. */
export function configurationOf(args: Args, choice: Choice): Promise<Configuration> {
  const machine = machineRequest(text(args, 'machine') ?? choice.machine ?? DEFAULTS.machine);
  return configure({
    algorithm: reference('algorithm', choice.algorithm),
    options: choice.options,
    workload: reference('workload', text(args, 'workload') ?? choice.workload ?? DEFAULTS.workload),
    parameters: { ...choice.parameters, ...settings(args, 'set') },
    ...machine,
    model: settings(args, 'model'),
    cores: number(args, 'cores') ?? allCores(machine),
    transactions: number(args, 'transactions') ?? choice.transactions ?? DEFAULTS.transactions,
    seed: number(args, 'seed') ?? DEFAULTS.seed,
  });
}

function allCores({ machine, base }: Pick<Request, 'machine' | 'base'>): number {
  return machine === THREADS ? availableParallelism() : modelNamed(machine, base).cores;
}

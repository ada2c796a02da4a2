/** `contend list`: what there is to run. */
import { availableParallelism } from 'node:os';
import { algorithms } from '../../../algorithms/index.ts';
import { workloads } from '../../../workloads/index.ts';
import { THREADS, unknown } from '../../experiment/configuration.ts';
import { loadAlgorithm, loadWorkload } from '../../machine/load.ts';
import { models } from '../../machine/simulated/models/index.ts';
import {
  algorithmTable,
  figureTable,
  type ListedAlgorithm,
  type ListedMachine,
  type ListedWorkload,
  listedAlgorithm,
  listedMachine,
  listedWorkload,
  machineTable,
  optionTable,
  workloadTable,
} from '../../report/catalogue.ts';
import type { Look } from '../../report/paint.ts';
import { type Args, type Command, OK } from '../command.ts';
import type { Terminal } from '../terminal.ts';

/** What can be listed: how it is gathered, and how it is shown. */
const KINDS = {
  algorithms: {
    gather: () =>
      Promise.all(
        Object.keys(algorithms).map(async (name) => listedAlgorithm((await loadAlgorithm(name)).declaration)),
      ),
    show: (all: readonly ListedAlgorithm[], look: Look) =>
      `${algorithmTable(all, look)}\n\n${optionTable(all, look)}`,
    use: 'contend run ALGORITHM --option NAME=VALUE',
  },
  workloads: {
    gather: () =>
      Promise.all(
        Object.keys(workloads).map(async (name) => listedWorkload((await loadWorkload(name)).declaration)),
      ),
    show: (all: readonly ListedWorkload[], look: Look) => workloadTable(all, look),
    use: '--workload WORKLOAD --set PARAMETER=VALUE',
  },
  machines: {
    gather: async (): Promise<ListedMachine[]> => [
      {
        name: THREADS,
        cores: availableParallelism(),
        time: 'measured',
        summary: "this host's own cores: a worker thread each, over shared memory",
      },
      ...Object.values(models).map(listedMachine),
    ],
    show: (all: readonly ListedMachine[], look: Look) =>
      `${machineTable(all, look)}\n\n${figureTable(all, look)}`,
    use: '--machine MACHINE|FILE --cores N --model FIGURE=NS',
  },
} as const;

type Kind = keyof typeof KINDS;

export const list: Command = {
  usage: 'list [kind]',
  summary: 'Lists algorithms, workloads and machines, with their options and defaults.',
  positionals: {
    kind: { type: 'string', description: 'algorithms, workloads or machines; all by default' },
  },
  options: { json: { type: 'boolean', description: 'print JSON instead' } },
  examples: [
    ['list', 'everything there is to run'],
    ['list workloads', 'what the transactions may do, and what can be set of it'],
    ['list machines', "what the models' accesses cost, and who says so"],
  ],

  async run(args: Args, terminal: Terminal): Promise<number> {
    const kinds = kindsOf(args.kind as string | undefined);
    if (args.json) terminal.out(`${JSON.stringify(await gathered(kinds), null, 2)}\n`);
    else terminal.out(`${(await Promise.all(kinds.map((kind) => shown(kind, terminal)))).join('\n\n')}\n`);
    return OK;
  },
};

function kindsOf(kind: string | undefined): Kind[] {
  const known = Object.keys(KINDS) as Kind[];
  if (kind === undefined) return known;
  if (!Object.hasOwn(KINDS, kind)) throw unknown('list', kind, known);
  return [kind as Kind];
}

async function gathered(kinds: readonly Kind[]): Promise<Record<string, unknown>> {
  return Object.fromEntries(await Promise.all(kinds.map(async (kind) => [kind, await KINDS[kind].gather()])));
}

async function shown(kind: Kind, terminal: Terminal): Promise<string> {
  const { gather, show, use } = KINDS[kind];
  const heading = `${terminal.paint('bold', kind[0].toUpperCase() + kind.slice(1))}   ${terminal.paint('dim', use)}`;
  return `${heading}\n\n${(show as (all: unknown, look: Look) => string)(await gather(), terminal)}`;
}

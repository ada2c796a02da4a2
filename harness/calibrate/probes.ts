/** What a machine is measured with: a loop for each figure, and engines for those of an engine's own code. */
import type { Request } from '../experiment/configuration.ts';
import type { MachineModel } from '../machine/simulated/model.ts';
import { SAMPLES } from './loops.ts';

const LOOPS = new URL('./loops.ts', import.meta.url).href;
const ENGINES = new URL('./engines.ts', import.meta.url).href;

/** The figures that a number of their own stands for. `transfer_ns` is the domains'. */
export type Figure =
  | Exclude<
      { [K in keyof MachineModel]: MachineModel[K] extends number ? K : never }[keyof MachineModel],
      'cores'
    >
  | 'transfer_ns';

export interface Probe {
  /** How it measures, for tables and for the source of the figure. */
  readonly how: string;
  /** How many times a sample does what is measured. */
  readonly rounds: number;
  readonly request: Request;
}

/** A probe whose time depends on this figure, and on those before it. */
export interface FigureProbe extends Probe {
  readonly figure: Figure;
}

const BASE: Omit<Request, 'algorithm' | 'options'> = {
  workload: 'ycsb',
  parameters: { keys: 512, operations: 1 },
  machine: 'threads',
  cores: 1,
  transactions: 1,
  seed: 1,
};

function loop(name: string, rounds: number, more: Readonly<Record<string, unknown>> = {}): Request {
  return { ...BASE, algorithm: LOOPS, options: { loop: name, rounds, ...more } };
}

const WORDS_A_LINE = 16;
const LINE_BYTES = 64;
const MEGABYTE = 2 ** 20;
/** What the cache behind the cores' own is taken to hold of a block; half of it is read to measure that cache. */
export const SHARED_BYTES = 16 * MEGABYTE;

/** The loops, in the order in which figures can be told: each depends on those before it. */
export function figureProbes(cores: number, memory_bytes: number): FigureProbe[] {
  const probes: FigureProbe[] = [
    { figure: 'work_ns', how: '10,000 units', rounds: 10_000, request: loop('work', 10_000) },
    {
      figure: 'hit_ns',
      how: 'loads of a word, each of which needs the one before, over 2 KB',
      rounds: 4000,
      request: loop('chase', 4000, { places: 512 }),
    },
    {
      figure: 'atomic_ns',
      how: 'add, compareExchange, exchange and store of a word in turn, by one core alone, less hit_ns',
      rounds: 2000,
      request: loop('atomic', 2000),
    },
    { figure: 'pause_ns', how: 'pauses', rounds: 500, request: loop('pause', 500) },
    {
      figure: 'wake_ns',
      how: 'wakes of a word on which nobody waits',
      rounds: 2000,
      request: loop('wake', 2000),
    },
    {
      figure: 'spin_ns',
      how: 'waits of no length, which spin all the same',
      rounds: 10,
      request: loop('spin', 10),
    },
    lineChase('shared_ns', SHARED_BYTES / 2),
    lineChase('memory_ns', memory_bytes),
  ];
  if (cores < 2) return probes;
  const handover = { ...loop('handover', 50), cores: 2 };
  const sleep = { ...loop('sleep', SLEEPS), cores: 2 };
  return [
    ...probes,
    {
      figure: 'transfer_ns',
      how: 'a word that two workers hand to and fro: half of what a handover takes, less its own accesses',
      rounds: 100,
      request: handover,
    },
    {
      figure: 'sleep_ns',
      how: 'the same with 20,000 units of work before each handover, so that the other one sleeps meanwhile',
      rounds: 2 * SLEEPS,
      request: sleep,
    },
  ];
}

const SLEEPS = 8;

/** One run reads fewer lines than there are, so that it comes to none a second time. */
function lineChase(figure: Figure, bytes: number): FigureProbe {
  return {
    figure,
    how: `loads of a line, each of which needs the one before, over ${Math.round(bytes / MEGABYTE)} MB`,
    rounds: 200,
    request: loop('chase', 200, { places: Math.floor(bytes / LINE_BYTES), stride: WORDS_A_LINE }),
  };
}

/** Transactions of an engine's sample. */
const BATCH = 20;
const LONG = 16;

/**
 * Engines of each kind with short and with long transactions: their accesses and attempts differ in proportion. Those
 * that have versions both hand them over as a witness and do not.
 */
export function engineProbes(): Probe[] {
  const kinds = [
    { kind: 'direct' },
    ...['optimistic', 'locking'].flatMap((kind) => [
      { kind, versions: false },
      { kind, versions: true },
    ]),
  ];
  return kinds.flatMap((options) => [2, LONG].map((operations) => engine(options, operations, 1)));
}

/** One of them on two cores at once, which share nothing but what the machine makes them share. */
export function siblingProbe(): FigureProbe {
  const probe = engine({ kind: 'optimistic', versions: false }, LONG, 2);
  return {
    ...probe,
    figure: 'sibling',
    how: `${probe.how}, on two cores at once, with rows of its own on each`,
  };
}

function engine(options: { kind: string; versions?: boolean }, operations: number, cores: number): Probe {
  return {
    how: `${options.kind}${options.versions ? ' with versions' : ''}, ${operations} operations`,
    rounds: BATCH,
    request: {
      ...BASE,
      algorithm: ENGINES,
      options,
      cores,
      parameters: { keys: 512, operations },
      transactions: BATCH * SAMPLES * cores,
    },
  };
}

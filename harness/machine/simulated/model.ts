/** A machine model: what the simulated machine's accesses cost, as data. Times in nanoseconds. */
import { z } from 'zod';

/** A group of so many neighbouring cores within which a line moves from one cache to another in this time. */
export interface Domain {
  /** A power of two. */
  readonly cores: number;
  readonly transfer_ns: number;
}

export interface MachineModel {
  readonly name: string;
  readonly summary: string;
  /** How many cores it has. */
  readonly cores: number;
  /** From the smallest to the whole machine, each a multiple of the one before. */
  readonly domains: readonly Domain[];
  /** A load or store that hits the core's own cache. */
  readonly hit_ns: number;
  /** What an atomic read-modify-write, or a store to a word, costs on top once the line is there; it holds it. */
  readonly atomic_ns: number;
  /** A line that no cache has. */
  readonly memory_ns: number;
  /** A line that no core's own cache has, where all that the block needs lies in the cache behind those. */
  readonly shared_ns: number;
  /** What that cache holds of memory that was written before the block starts; 0: blocks start with cold caches. */
  readonly shared_bytes: number;
  /** `core.pause()`. */
  readonly pause_ns: number;
  /** One unit of `work`. */
  readonly work_ns: number;
  /** What the core computes for itself around each shared access: the engine's own code, as it is compiled. */
  readonly access_ns: number;
  /** What a procedure's read or write costs besides its accesses: to be called, to be found in read and write sets. */
  readonly operation_ns: number;
  /** What an attempt costs besides its operations, accesses and work: to begin, to call the procedure, to commit. */
  readonly attempt_ns: number;
  /** What it costs to write down a version that was read or overwritten, where the witness is versions. */
  readonly version_ns: number;
  /** A wake on a word, whether anybody sleeps there or not. */
  readonly wake_ns: number;
  /** How long a core that waits spins before it sleeps. */
  readonly spin_ns: number;
  /** From the wake of a core that sleeps until it runs. */
  readonly sleep_ns: number;
  /**
   * How much longer a core's own code takes, as a fraction, while the core beside it runs, with which it shares
   * execution units: cores 0 and 1, 2 and 3, … Not for `work`, a chain of which each step waits for the one before.
   */
  readonly sibling: number;
  /** What a block costs before its first transaction, whatever its size: start of threads, cold reads, output. */
  readonly block_ns: number;
  /** How much longer computing takes, as a fraction, when every core computes (crowd.ts). */
  readonly crowding: number;
  /** Where each figure comes from; a figure without a source is named a guess. */
  readonly sources: Readonly<Record<string, string>>;
}

const MAX_CORES = 1024;
const ns = z.number().min(0).max(1e12);

const figures = {
  domains: z
    .array(z.strictObject({ cores: z.int().min(1).max(MAX_CORES), transfer_ns: ns }))
    .min(1)
    .refine(
      (all) =>
        all.every(({ cores }, at) => Number.isInteger(Math.log2(cores)) && cores > (all[at - 1]?.cores ?? 0)),
      'domains are powers of two of cores, from the smallest to the whole machine',
    )
    .describe('groups of neighbouring cores and what a line takes between two of them'),
  hit_ns: ns.describe("a load or store that hits the core's own cache"),
  atomic_ns: ns.describe('an atomic operation, on top, once the line is there'),
  memory_ns: ns.describe('a line that no cache has'),
  shared_ns: ns.describe(
    "a line that only the cache behind the cores' own has, where that holds the whole block",
  ),
  shared_bytes: z
    .number()
    .min(0)
    .max(2 ** 40)
    .describe('bytes of a block that this cache holds when it starts; 0: blocks start with cold caches'),
  pause_ns: ns.describe('one pause'),
  work_ns: ns.describe('one unit of work'),
  access_ns: ns.describe("the engine's own computing around each shared access"),
  operation_ns: ns.describe("what a procedure's read or write costs besides its accesses"),
  attempt_ns: ns.describe('what an attempt costs besides its operations, accesses and work'),
  version_ns: ns.describe('what it costs to write down a version for the witness'),
  wake_ns: ns.describe('a wake, whether anybody sleeps or not'),
  spin_ns: ns.describe('how long a core that waits spins before it sleeps'),
  sleep_ns: ns.describe('from the wake of a core that sleeps until it runs'),
  sibling: z
    .number()
    .min(0)
    .max(100)
    .describe("how much longer a core's own code takes while the core beside it runs, as a fraction"),
  block_ns: ns.describe('what a block costs before its first transaction, whatever its size'),
  crowding: z
    .number()
    .min(0)
    .max(100)
    .describe('how much longer computing takes when every core computes, as a fraction'),
};

/** Figures by which a machine may differ from its model. */
export const Figures = z
  .strictObject({
    ...figures,
    transfer_ns: ns.describe('what a line takes across the whole machine, between the outermost domains'),
  })
  .partial();

export type Figures = z.infer<typeof Figures>;

/** The figures that every model has, in the order in which tables show them. */
export const FIGURES = Object.keys(figures) as readonly (keyof typeof figures)[];

/** What each figure means. */
export function meaningOf(figure: keyof typeof figures): string {
  return figures[figure].description ?? '';
}

/** A figure that no source stands for. */
export const GUESS = 'guess';

export function sourceOf({ sources }: MachineModel, figure: keyof typeof figures): string {
  return sources[figure] ?? GUESS;
}

/** A model as a file holds it. What a machine's own code costs is nothing unless it says so. */
export const ModelFile = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z0-9][\w.-]*$/i, 'a name has letters, digits, dots, hyphens and underscores')
      .describe('what results files call the machine'),
    summary: z.string().default('').describe('the machine in a line'),
    cores: z.int().min(1).max(MAX_CORES).describe('how many cores it has'),
    ...figures,
    shared_ns: figures.shared_ns.default(0),
    shared_bytes: figures.shared_bytes.default(0),
    access_ns: figures.access_ns.default(0),
    operation_ns: figures.operation_ns.default(0),
    attempt_ns: figures.attempt_ns.default(0),
    version_ns: figures.version_ns.default(0),
    wake_ns: figures.wake_ns.default(0),
    spin_ns: figures.spin_ns.default(0),
    sleep_ns: figures.sleep_ns.default(0),
    sibling: figures.sibling.default(0),
    block_ns: figures.block_ns.default(0),
    crowding: figures.crowding.default(0),
    sources: z
      .partialRecord(z.enum(Object.keys(figures)), z.string())
      .default({})
      .describe('where each figure comes from'),
  })
  .refine(({ cores, domains }) => cores <= (domains.at(-1)?.cores ?? cores), {
    path: ['domains'],
    error: 'the outermost domain holds all cores',
  });

/** The model with these figures instead of its own. */
export function withFigures(model: MachineModel, { transfer_ns, ...figures }: Figures): MachineModel {
  const given = Object.fromEntries(Object.entries(figures).filter(([, value]) => value !== undefined));
  const machine: MachineModel = { ...model, ...given };
  const names = Object.keys({ ...given, ...(transfer_ns === undefined ? {} : { domains: 0 }) });
  const sources = {
    ...model.sources,
    ...Object.fromEntries(names.map((name) => [name, 'given by the user'])),
  };
  const domains = machine.domains.map((domain, at, all) =>
    transfer_ns !== undefined && at === all.length - 1 ? { ...domain, transfer_ns } : domain,
  );
  const cores = figures.domains === undefined ? model.cores : domains[domains.length - 1].cores;
  return { ...machine, domains, cores, sources };
}

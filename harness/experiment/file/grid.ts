/** From what an experiment file crosses with what to the cells of its grid, each a complete configuration. */
import { algorithms } from '../../../algorithms/index.ts';
import { workloads } from '../../../workloads/index.ts';
import {
  type Configuration,
  checkSizes,
  configure,
  type Request,
  THREADS,
  unknown,
} from '../configuration.ts';
import { configurationId } from '../identity.ts';
import { machineRequest } from '../machine-file.ts';
import { reference } from '../reference.ts';
import { configurationRow, type Row } from '../row.ts';
import { UserError } from '../user-error.ts';
import type { Axes, Entry, ExperimentFile } from './schema.ts';

export type Path = readonly (string | number)[];

/** What is wrong, and where in the file. */
export interface Problem {
  readonly path: Path;
  readonly message: string;
}

/** One grid with its settings complete: a variant for each combination of them. */
export interface Grid {
  readonly algorithms: readonly Configuration[];
  readonly workloads: readonly Configuration[];
  readonly machines: readonly Configuration[];
  readonly cores: readonly number[];
  readonly transactions: readonly number[];
  readonly seeds: readonly number[];
}

export interface Expanded {
  /** The experiment's own grid, then its inclusions. */
  readonly grids: readonly Grid[];
  /** Each cell once, less the excluded: block by block, then by cores, then by algorithm. */
  readonly configurations: readonly Configuration[];
  readonly problems: readonly Problem[];
}

/** What stands for the parts of a request that are not being looked at. */
const PROBE: Request = {
  algorithm: Object.keys(algorithms)[0],
  options: {},
  workload: Object.keys(workloads)[0],
  parameters: {},
  machine: THREADS,
  cores: 1,
  transactions: 1,
  seed: 1,
};

type Settings = Readonly<Record<string, unknown>>;

type Axis = 'algorithms' | 'workloads' | 'machines';

const PART: Readonly<Record<Axis, (name: string, settings: Settings, folder: string) => Partial<Request>>> = {
  algorithms: (name, options, folder) => ({
    algorithm: reference('algorithm', name, folder),
    options,
  }),
  workloads: (name, parameters, folder) => ({
    workload: reference('workload', name, folder),
    parameters,
  }),
  machines: (name, model, folder) => ({
    ...machineRequest(name, folder),
    ...(Object.keys(model).length > 0 ? { model } : {}),
  }),
};

/** Expands a file whose paths are relative to `folder`. */
export async function expand(file: ExperimentFile, folder: string): Promise<Expanded> {
  const problems: Problem[] = [];
  const { include, exclude, ...axes } = file;
  const own = await gridOf(axes, [], folder, problems);
  const grids = [own];
  for (const [at, part] of include.entries()) {
    grids.push({ ...own, ...(await gridOf(part as Partial<Axes>, ['include', at], folder, problems)) });
  }
  const exclusions = exclude.map((pattern, at) => new Exclusion(pattern, ['exclude', at]));
  const cells = new Map<string, Configuration>();
  for (const [at, grid] of grids.entries()) {
    const path = at === 0 ? [] : ['include', at - 1];
    for (const configuration of cross(grid)) {
      const row = configurationRow(file.name, configuration);
      if (exclusions.filter((exclusion) => exclusion.matches(row)).length > 0) continue;
      const problem = sizeProblem(configuration, grid, path);
      if (problem === undefined) cells.set(configurationId(configuration), configuration);
      else problems.push(problem);
    }
  }
  if (problems.length === 0) problems.push(...exclusions.flatMap((exclusion) => exclusion.problems()));
  if (problems.length === 0 && cells.size === 0) {
    problems.push({ path: ['exclude'], message: 'excludes every cell' });
  }
  return { grids, configurations: [...cells.values()], problems };
}

/** The grid of the axes that there are, at this place of the file. */
async function gridOf<A extends Partial<Axes>>(
  axes: A,
  path: Path,
  folder: string,
  problems: Problem[],
): Promise<Pick<Grid, keyof A & keyof Grid>> {
  const grid: Record<string, unknown> = {};
  for (const axis of Object.keys(PART) as Axis[]) {
    const entries = axes[axis];
    if (entries === undefined) continue;
    const variants = entries.map((entry, at) =>
      entryVariants(axis, entry, [...path, axis, at], folder, problems),
    );
    grid[axis] = (await Promise.all(variants)).flat();
  }
  for (const axis of Object.values(SIZES)) if (axes[axis] !== undefined) grid[axis] = axes[axis];
  return grid as unknown as Pick<Grid, keyof A & keyof Grid>;
}

/** A variant for each combination of the entry's settings, as a configuration of which only that part counts. */
async function entryVariants(
  axis: Axis,
  entry: Entry,
  path: Path,
  folder: string,
  problems: Problem[],
): Promise<Configuration[]> {
  const [name, settings] = typeof entry === 'string' ? [entry, {}] : Object.entries(entry)[0];
  const variants: Configuration[] = [];
  for (const combination of combinations(settings ?? {})) {
    try {
      variants.push(await configure({ ...PROBE, ...PART[axis](name, combination, folder) }));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const culprit = Object.keys(combination).find((key) => error.message.includes(` ${key}`));
      const within = culprit === undefined ? (typeof entry === 'string' ? [] : [name]) : [name, culprit];
      problems.push({ path: [...path, ...within], message: error.message });
    }
  }
  return variants;
}

/** Every choice of one value from each list; what is no list is a list of one. */
function combinations(settings: Readonly<Record<string, unknown>>): Record<string, unknown>[] {
  return Object.entries(settings).reduce<Record<string, unknown>[]>(
    (all, [name, values]) =>
      all.flatMap((some) =>
        (Array.isArray(values) ? values : [values]).map((value) => ({ ...some, [name]: value })),
      ),
    [{}],
  );
}

function* cross(grid: Grid): Generator<Configuration> {
  for (const { workload, parameters } of grid.workloads) {
    for (const { machine, model, figures } of grid.machines) {
      for (const transactions of grid.transactions) {
        for (const seed of grid.seeds) {
          for (const cores of grid.cores) {
            for (const { algorithm, options } of grid.algorithms) {
              const sizes = { cores, transactions, seed };
              yield { algorithm, options, workload, parameters, machine, model, figures, ...sizes };
            }
          }
        }
      }
    }
  }
}

const SIZES = { cores: 'cores', transactions: 'transactions', seed: 'seeds' } as const;

/** A number of cores that this machine does not have, and the like, at the place of that number. */
function sizeProblem(configuration: Configuration, grid: Grid, path: Path): Problem | undefined {
  try {
    checkSizes(configuration);
    return undefined;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { message } = error;
    const name = (Object.keys(SIZES) as (keyof typeof SIZES)[]).find((size) => message.startsWith(size));
    if (name === undefined) throw error;
    const axis = SIZES[name];
    return { path: [...path, axis, grid[axis].indexOf(configuration[name])], message };
  }
}

type Scalar = string | number | boolean;

/** What leaves cells out: the values of some columns. */
class Exclusion {
  readonly #pattern: ReadonlyMap<string, readonly string[]>;
  readonly #path: Path;
  readonly #columns = new Set<string>();
  #matched = false;

  constructor(pattern: Readonly<Record<string, Scalar | readonly Scalar[]>>, path: Path) {
    this.#path = path;
    this.#pattern = new Map(
      Object.entries(pattern).map(([column, values]) => [
        column,
        (Array.isArray(values) ? values : [values]).map(String),
      ]),
    );
  }

  matches(row: Row): boolean {
    for (const column of Object.keys(row)) this.#columns.add(column);
    const matches = [...this.#pattern].every(([column, values]) => values.includes(row[column]));
    this.#matched ||= matches;
    return matches;
  }

  /** What makes no sense of it, once it has seen all cells: a mistyped value must not run what was to be left out. */
  problems(): Problem[] {
    const known = [...this.#columns].filter((column) => column !== 'schema' && column !== 'experiment');
    const strange = [...this.#pattern.keys()].filter((column) => !known.includes(column));
    if (strange.length > 0) {
      return strange.map((column) => ({
        path: [...this.#path, column],
        message: unknown('column', column, known).message,
      }));
    }
    return this.#matched ? [] : [{ path: this.#path, message: 'excludes nothing: no cell matches' }];
  }
}

/** A configuration: all that decides a run, checked and complete. One row of a results file repeats it. */
import type { z } from 'zod';
import type { Algorithm } from '../../algorithms/algorithm.ts';
import { algorithms } from '../../algorithms/index.ts';
import { workloads } from '../../workloads/index.ts';
import type { Workload } from '../../workloads/workload.ts';
import { unknownPromises } from '../machine/declared.ts';
import type { Loaded } from '../machine/job.ts';
import { loadAlgorithm, loadWorkload } from '../machine/load.ts';
import { Figures, type MachineModel, withFigures } from '../machine/simulated/model.ts';
import { models } from '../machine/simulated/models/index.ts';
import { inPlainWords } from './plain-words.ts';
import { UserError, unknown } from './user-error.ts';

export { unknown };

/** The name of the machine with real cores; all others are models for the simulated one. */
export const THREADS = 'threads';

/** What lies below is not the user's. In a page's worker there is no such place. */
const HARNESS = URL.parse('../', import.meta.url)?.href;

/** The most transactions of a block, and the most cores of real threads. */
const MAX_TRANSACTIONS = 1_000_000;
const MAX_THREADS = 256;

/** What a user asks for: names, and values as they were given. */
export interface Request {
  /** A name in the registry, or the URL of a module. */
  readonly algorithm: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly workload: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** `threads`, a machine model's name, or the URL of a model's file. */
  readonly machine: string;
  /** The model that the file holds, where the machine is one. */
  readonly base?: MachineModel;
  /** Figures of the model that differ. */
  readonly model?: Readonly<Record<string, unknown>>;
  readonly cores: number;
  readonly transactions: number;
  readonly seed: number;
}

export interface Configuration {
  readonly algorithm: Loaded<Algorithm>;
  readonly options: Readonly<Record<string, unknown>>;
  readonly workload: Loaded<Workload>;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** As it was asked for: `threads`, a name, or a URL. Rows and tables call it by `machineName`. */
  readonly machine: string;
  /** The model of a simulated machine; of real threads there is none. */
  readonly model: MachineModel | undefined;
  /** Figures of it that were given. */
  readonly figures: Figures;
  readonly cores: number;
  readonly transactions: number;
  readonly seed: number;
}

/** Checks a request and completes it with every default. Throws a UserError that names what is wrong. */
export async function configure(request: Request): Promise<Configuration> {
  const { model, figures } = machineOf(request);
  const { machine, cores, transactions, seed } = request;
  checkSizes({ model, cores, transactions, seed });
  const algorithm = await named('algorithm', request.algorithm, algorithms, loadAlgorithm);
  const workload = await named('workload', request.workload, workloads, loadWorkload);
  const options = complete(
    `option of ${algorithm.declaration.name}`,
    algorithm.declaration.options,
    request.options,
  );
  const [fault] = unknownPromises(algorithm.declaration, options);
  if (fault !== undefined) throw new UserError(`the algorithm ${pathOf(algorithm.reference)}: ${fault}`);
  return {
    machine,
    cores,
    transactions,
    seed,
    algorithm,
    options,
    workload,
    parameters: complete(
      `parameter of ${workload.declaration.name}`,
      workload.declaration.parameters,
      request.parameters,
    ),
    model,
    figures,
  };
}

type Sizes = Pick<Configuration, 'model' | 'cores' | 'transactions' | 'seed'>;

/** Throws a UserError that begins with the name of what is too large or none at all. */
export function checkSizes({ model, cores, transactions, seed }: Sizes): void {
  const most = model?.cores ?? MAX_THREADS;
  integer('cores', cores, 1, most, model ? ` (${model.name} has ${most})` : '');
  integer('transactions', transactions, 1, MAX_TRANSACTIONS);
  integer('seed', seed, 0, 2 ** 31 - 1);
}

/** A machine as it calls itself. */
export function machineName({ machine, model }: Pick<Configuration, 'machine' | 'model'>): string {
  return model?.name ?? machine;
}

type Machine = Pick<Configuration, 'model' | 'figures'>;

function machineOf({ machine, base, model: given = {} }: Request): Machine {
  if (machine !== THREADS) {
    const model = modelNamed(machine, base);
    const figures: Figures = complete(`figure of ${model.name}`, Figures, given);
    return { model: withFigures(model, figures), figures };
  }
  const [figure] = Object.keys(given);
  if (figure === undefined) return { model: undefined, figures: {} };
  throw new UserError(`figure of ${machine} ${figure}: real threads have no model, so no figures either`);
}

/** The model that a machine's name, or the file that was read, stands for. */
export function modelNamed(machine: string, base?: MachineModel): MachineModel {
  const model = base ?? (Object.hasOwn(models, machine) ? models[machine] : undefined);
  if (model === undefined) throw unknown('machine', machine, [THREADS, ...Object.keys(models)]);
  if (model.name !== THREADS) return model;
  throw new UserError(`a machine model cannot be called ${THREADS}, as the real cores are; rename it`);
}

async function named<D>(
  what: string,
  reference: string,
  registry: object,
  load: (reference: string) => Promise<Loaded<D>>,
): Promise<Loaded<D>> {
  const isName = Object.hasOwn(registry, reference);
  if (!isName && !reference.startsWith('file:')) throw unknown(what, reference, Object.keys(registry));
  try {
    return renamed(check(what, await load(reference)), registry);
  } catch (error) {
    if (isName || error instanceof UserError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(
      `cannot load the ${what} ${pathOf(reference)}: ${reason.split('\n')[0]}${placeOf(error)}`,
    );
  }
}

/** A file's own variant of what is registered, and called the same, goes by the file's name: rows name no paths. */
function renamed<D>(loaded: Loaded<D>, registry: object): Loaded<D> {
  const { reference, declaration } = loaded as Loaded<D & { readonly name: string }>;
  if (!reference.startsWith('file:') || !Object.hasOwn(registry, declaration.name)) return loaded;
  const name = pathOf(reference).replace(/^.*\//, '');
  return { reference, declaration: { ...declaration, name } };
}

/** A module as a user calls it: a name of the registry, or its file's path. */
function pathOf(reference: string): string {
  return reference.startsWith('file:') ? decodeURIComponent(new URL(reference).pathname) : reference;
}

/** Where a file failed to load: the head of the stack if it has mistakes of syntax, its first frame if it threw. */
function placeOf(error: unknown): string {
  const [, url, line] = /(file:\S+?):(\d+)/.exec((error as Error)?.stack ?? '') ?? [];
  return HARNESS === undefined || url === undefined || url.startsWith(HARNESS)
    ? ''
    : ` (${pathOf(url)}:${line})`;
}

/** A file may export anything; what is used of a declaration must be there. */
function check<D>(what: string, loaded: Loaded<D>): Loaded<D> {
  const declaration = loaded.declaration as Record<string, unknown> | undefined;
  const wanted =
    what === 'algorithm'
      ? ['name', 'guarantee', 'witness', 'options', 'aborts', 'create']
      : ['name', 'parameters', 'procedures', 'generate', 'accessSets', 'check'];
  const missing = wanted.filter((field) => declaration?.[field] === undefined);
  const settings = what === 'algorithm' ? 'options' : 'parameters';
  if (missing.length === 0) {
    const schema = declaration?.[settings] as Partial<z.ZodObject> | undefined;
    if (typeof schema?.safeParse === 'function') return loaded;
    throw new UserError(`${pathOf(loaded.reference)}: its ${settings} are no z.strictObject({ … })`);
  }
  throw new UserError(
    declaration === undefined
      ? `${pathOf(loaded.reference)} has no default export; it should export ${what === 'algorithm' ? 'defineAlgorithm' : 'defineWorkload'}({ … })`
      : `the default export of ${pathOf(loaded.reference)} is no ${what}: it lacks ${missing.join(', ')}`,
  );
}

function complete(
  what: string,
  schema: z.ZodObject,
  given: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(schema.shape, name)) throw unknown(what, name, Object.keys(schema.shape));
  }
  const parsed = schema.safeParse(given, { error: inPlainWords });
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const name = issue.path.join('.');
  throw new UserError(`${what} ${name === '' ? '' : `${name}: `}${issue.message}`);
}

/** @throws UserError unless the value is an integer in [least, most] */
export function integer(name: string, value: number, least: number, most: number, why = ''): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new UserError(`${name} must be an integer from ${least} to ${most}${why}, not ${value}`);
}

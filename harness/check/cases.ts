/**
 * Random small cases for checking algorithms: a workload with parameters, a block's size, cores and a seed. What is
 * drawn for a parameter follows from its schema, so that a new workload is part of it without being named here.
 */
import fc from 'fast-check';
import type { Algorithm } from '../../algorithms/algorithm.ts';
import { workloads } from '../../workloads/index.ts';
import { seededRandom } from '../../workloads/random.ts';
import { type Workload, z } from '../../workloads/workload.ts';
import type { Configuration } from '../experiment/configuration.ts';
import { generate, jobOf as jobOnBlock } from '../experiment/trials/block.ts';
import type { Job, Loaded } from '../machine/job.ts';
import { loadWorkload } from '../machine/load.ts';
import type { MachineModel } from '../machine/simulated/model.ts';

export interface Case {
  readonly workload: Loaded<Workload>;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly transactions: number;
  readonly cores: number;
  readonly seed: number;
}

/** An algorithm with one setting of its options, complete. */
export interface Variant {
  readonly algorithm: Loaded<Algorithm>;
  readonly options: Readonly<Record<string, unknown>>;
}

const TRANSACTIONS = 24;
const CORES = 8;
const SEEDS = 1_000_000;
/** An integer parameter is at most this far above its least value: few keys, so that conflicts are the rule. */
const SPREAD = 10;
/** Sometimes it is this: enough computing to overlap in virtual time, amounts beyond the balances, quiet keys. */
const LARGE = 50;

/** Every variant of an algorithm: the defaults, and each other value of an option that is a choice, one at a time. */
export function variantsOf(algorithm: Loaded<Algorithm>): Variant[] {
  const { options: schema } = algorithm.declaration;
  const defaults = schema.parse({});
  const all: Variant[] = [{ algorithm, options: defaults }];
  for (const [name, option] of Object.entries(schema.shape)) {
    for (const choice of choicesOf(option)) {
      if (choice !== defaults[name]) all.push({ algorithm, options: schema.parse({ [name]: choice }) });
    }
  }
  return all;
}

function choicesOf(option: unknown): readonly unknown[] {
  const inner = withoutDefault(option);
  if (inner instanceof z.ZodEnum) return inner.options;
  return inner instanceof z.ZodBoolean ? [false, true] : [];
}

function withoutDefault(schema: unknown): unknown {
  return schema instanceof z.ZodDefault ? withoutDefault(schema.unwrap()) : schema;
}

/** Cases over all registered workloads. */
export async function randomCases(leastCores = 1): Promise<fc.Arbitrary<Case>> {
  const loaded = await Promise.all(Object.keys(workloads).map(loadWorkload));
  return fc
    .tuple(
      fc.oneof(...loaded.map(chosen)),
      fc.integer({ min: 0, max: TRANSACTIONS }),
      fc.integer({ min: leastCores, max: CORES }),
      fc.nat(SEEDS),
    )
    .map(([drawn, transactions, cores, seed]) => ({ ...drawn, transactions, cores, seed }));
}

/** The workload with parameters of which it can make a block. */
function chosen(workload: Loaded<Workload>): fc.Arbitrary<Pick<Case, 'workload' | 'parameters'>> {
  const { declaration } = workload;
  const parts = Object.entries(declaration.parameters.shape).map(([name, schema]) => [name, small(schema)]);
  return fc
    .record(Object.fromEntries(parts) as Record<string, fc.Arbitrary<unknown>>)
    .filter((given) => {
      const parsed = declaration.parameters.safeParse(given);
      return parsed.success && generates(declaration, parsed.data);
    })
    .map((given) => ({ workload, parameters: declaration.parameters.parse(given) }));
}

function generates(workload: Workload, parameters: Readonly<Record<string, unknown>>): boolean {
  try {
    workload.generate(parameters, 1, seededRandom(1));
    return true;
  } catch {
    return false;
  }
}

/** Small values of a parameter, by its schema; its default where nothing is known of it. */
function small(schema: unknown): fc.Arbitrary<unknown> {
  const inner = withoutDefault(schema);
  const usual = schema instanceof z.ZodDefault ? [schema.parse(undefined)] : [];
  if (inner instanceof z.ZodEnum || inner instanceof z.ZodBoolean)
    return fc.constantFrom(...choicesOf(inner));
  if (!(inner instanceof z.ZodNumber)) return fc.constantFrom(...usual);
  const { minValue, maxValue } = inner;
  const least = Math.max(minValue ?? 0, Number.MIN_SAFE_INTEGER);
  const most = Math.min(maxValue ?? Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  if (!inner.isInt && inner.format !== 'safeint') {
    const marks = [least, (least + most) / 2, most, ...usual];
    return fc.constantFrom(...marks.filter((mark) => inner.safeParse(mark).success));
  }
  const near = fc.integer({ min: least, max: Math.min(most, least + SPREAD) });
  return fc.oneof(
    { weight: 5, arbitrary: near },
    { weight: 1, arbitrary: fc.constant(Math.min(most, LARGE)) },
  );
}

/** The configuration that a case is for a variant on a simulated machine. */
export function configurationOf(
  drawn: Case,
  { algorithm, options }: Variant,
  model: MachineModel,
): Configuration {
  return { ...drawn, algorithm, options, machine: model.name, model, figures: {} };
}

export function jobOf(configuration: Configuration): Job {
  return jobOnBlock(configuration, generate(configuration));
}

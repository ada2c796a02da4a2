/** Random small cases for properties of algorithms: a workload with parameters, a block's size, cores, seeds. */
import fc from 'fast-check';
import { algorithms } from '../../algorithms/index.ts';
import { withAccessSets } from '../../harness/experiment/access-sets.ts';
import { resolve } from '../../harness/machine/declared.ts';
import type { Job } from '../../harness/machine/job.ts';
import { loadAlgorithm, loadWorkload } from '../../harness/machine/load.ts';
import { seededRandom } from '../../workloads/random.ts';

export interface Case {
  readonly workload: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly transactions: number;
  readonly cores: number;
  readonly seed: number;
}

/** Few keys, so that conflicts are the rule; amounts near the balances, so that payments revert. */
const workload: fc.Arbitrary<Pick<Case, 'workload' | 'parameters'>> = fc.oneof(
  fc.record({
    workload: fc.constant('cycle'),
    parameters: fc.record({ keys: fc.integer({ min: 3, max: 12 }) }),
  }),
  fc.record({
    workload: fc.constant('transfers'),
    parameters: fc.record({
      accounts: fc.integer({ min: 2, max: 8 }),
      variant: fc.constantFrom('diem', 'aptos', 'plain'),
      work: fc.constantFrom(0, 100),
      amount: fc.constantFrom(1, 40),
      balance: fc.constant(100),
    }),
  }),
  fc.record({
    workload: fc.constant('ycsb'),
    parameters: fc.record({
      keys: fc.integer({ min: 4, max: 32 }),
      operations: fc.integer({ min: 1, max: 4 }),
      reads: fc.constantFrom(0, 0.5, 1),
      theta: fc.constantFrom(0, 0.9),
      writes: fc.constantFrom('rmw', 'blind'),
      repeats: fc.constantFrom('kept', 'dropped', 'redrawn'),
    }),
  }),
);

export const cases: fc.Arbitrary<Case> = fc
  .tuple(workload, fc.integer({ min: 0, max: 24 }), fc.integer({ min: 1, max: 8 }), fc.nat(1_000_000))
  .map(([drawn, transactions, cores, seed]) => ({ ...drawn, transactions, cores, seed }));

/** Every algorithm in the registry, with each value of its options that are choices. */
export async function variants(): Promise<{ name: string; options: Record<string, unknown> }[]> {
  const all: { name: string; options: Record<string, unknown> }[] = [];
  for (const name of Object.keys(algorithms)) {
    const { declaration } = await loadAlgorithm(name);
    all.push({ name, options: {} });
    for (const [option, schema] of Object.entries(declaration.options.shape)) {
      const choices =
        (schema as { unwrap?: () => { options?: readonly unknown[] } }).unwrap?.().options ?? [];
      for (const choice of choices) {
        const options = { [option]: choice };
        if (declaration.options.parse({})[option] !== choice) all.push({ name, options });
      }
    }
  }
  return all;
}

export async function jobOf(
  { workload, parameters, transactions, cores, seed }: Case,
  algorithm: string,
  options: Record<string, unknown> = {},
): Promise<Job> {
  const loadedWorkload = await loadWorkload(workload);
  const loadedAlgorithm = await loadAlgorithm(algorithm);
  const { declaration } = loadedWorkload;
  const data = declaration.generate(
    declaration.parameters.parse(parameters),
    transactions,
    seededRandom(seed),
  );
  const complete = loadedAlgorithm.declaration.options.parse(options);
  const { accessSets } = resolve(loadedAlgorithm.declaration, complete);
  return {
    algorithm: loadedAlgorithm,
    options: complete,
    workload: loadedWorkload,
    block: withAccessSets(declaration, data, accessSets),
    cores,
    seed,
    audit: true,
  };
}

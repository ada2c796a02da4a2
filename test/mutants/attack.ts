/** All mutants there are, and the conformance suite's attack on one: random cases under random schedules. */
import { readdirSync } from 'node:fs';
import { randomCases, type Variant } from '../../harness/check/cases.ts';
import { type Exploration, explore } from '../../harness/check/explore.ts';
import { type Finding, isControl } from '../../harness/check/judge.ts';
import { loadAlgorithm } from '../../harness/machine/load.ts';
import { foundAt } from './found.ts';
import type { Mutant } from './mutant.ts';
import { mutate } from './mutate.ts';

/** Random schedules that a mutant may survive, and those that a harmless one must. */
const [MOST_RUNS, HARMLESS_RUNS] = [Number(process.env.CONTEND_CASES ?? 4000), 200];

/** Ten times what the slowest of all algorithms took for such a block under 120 schedules a variant: 52,516. */
const STEP_LIMIT = 500_000;

/** Every list of mutants that lies beside this file. */
const NO_LISTS = ['attack.ts', 'found.ts', 'mutant.ts', 'mutate.ts', 'mutants.test.ts'];
const lists = readdirSync(new URL('.', import.meta.url)).filter(
  (name) => name.endsWith('.ts') && !NO_LISTS.includes(name),
);
const modules = await Promise.all(
  lists.map((name): Promise<{ mutants: readonly Mutant[] }> => import(new URL(name, import.meta.url).href)),
);
export const mutants: readonly Mutant[] = modules.flatMap((module) => module.mutants);
const cases = await randomCases(2);

/** What a mutant is rejected for, as authors may write it: a name, or words of the explanation. */
export function isExpected({ expect: expected }: Mutant, { explanation, kind, name }: Finding): boolean {
  return expected.some((reason) => name === reason || (kind !== 'invalid' && explanation.includes(reason)));
}

/** Searches from the first case on. */
export async function attack(mutant: Mutant): Promise<Exploration> {
  return search(mutant, await variantOf(mutant));
}

/** The same, but a case by which the mutant was found before is tried first, and ends it if it still tells. */
export async function attackWhereFound(mutant: Mutant): Promise<Exploration & { readonly from: number }> {
  const variant = await variantOf(mutant);
  const from = foundAt(mutant);
  if (from !== undefined) {
    const again = search(mutant, variant, { from, runs: 1 });
    if (again.first !== undefined && isExpected(mutant, again.first)) return { ...again, from };
  }
  return { ...search(mutant, variant), from: 0 };
}

function search(
  mutant: Mutant,
  variant: Variant,
  { from = 0, runs = mutant.expect.length === 0 ? HARMLESS_RUNS : MOST_RUNS } = {},
): Exploration {
  // A control is rejected as it is; what counts is that it now is for another reason.
  const control = isControl(variant);
  return explore(variant, {
    cases,
    runs,
    seed: 1,
    from,
    stepLimit: STEP_LIMIT,
    fails: (finding) => !control || finding.kind !== 'invalid' || isExpected(mutant, finding),
    shrink: false,
  });
}

async function variantOf(mutant: Mutant): Promise<Variant> {
  const algorithm = await loadAlgorithm(mutate(mutant));
  return { algorithm, options: algorithm.declaration.options.parse(mutant.options ?? {}) };
}

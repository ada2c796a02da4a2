/** All mutants there are, and the conformance suite's attack on one: random cases under random schedules. */
import { readdirSync } from 'node:fs';
import { randomCases, type Variant } from '../../harness/check/cases.ts';
import { type Exploration, explore } from '../../harness/check/explore.ts';
import { type Finding, isControl } from '../../harness/check/judge.ts';
import { loadAlgorithm } from '../../harness/machine/load.ts';
import type { Mutant } from './mutant.ts';
import { mutate } from './mutate.ts';

/** Random schedules that a mutant may survive, and those that a harmless one must. */
const [MOST_RUNS, HARMLESS_RUNS] = [Number(process.env.CONTEND_CASES ?? 4000), 200];

/** Every list of mutants that lies beside this file. */
const NO_LISTS = ['attack.ts', 'mutant.ts', 'mutate.ts', 'mutants.test.ts'];
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

export async function attack(mutant: Mutant): Promise<Exploration> {
  const variant = await variantOf(mutant);
  // A control is rejected as it is; what counts is that it now is for another reason.
  const control = isControl(variant);
  return explore(variant, {
    cases,
    runs: mutant.expect.length === 0 ? HARMLESS_RUNS : MOST_RUNS,
    seed: 1,
    fails: (finding) => !control || finding.kind !== 'invalid' || isExpected(mutant, finding),
    shrink: false,
  });
}

async function variantOf(mutant: Mutant): Promise<Variant> {
  const algorithm = await loadAlgorithm(mutate(mutant));
  return { algorithm, options: algorithm.declaration.options.parse(mutant.options ?? {}) };
}

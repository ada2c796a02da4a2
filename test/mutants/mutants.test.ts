/**
 * The conformance suite notices faults: each mutant is rejected under random schedules, for a reason that its author
 * expected, and a change that costs only time is not rejected.
 */
import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { randomCases, type Variant } from '../../harness/check/cases.ts';
import { type Exploration, explore } from '../../harness/check/explore.ts';
import { type Finding, isControl } from '../../harness/check/judge.ts';
import { loadAlgorithm } from '../../harness/machine/load.ts';
import type { Mutant } from './mutant.ts';
import { mutate } from './mutate.ts';

/** Random schedules that a mutant may survive, and those that a harmless one must. */
const [MOST_RUNS, HARMLESS_RUNS] = [Number(process.env.CONTEND_CASES ?? 4000), 200];
const PATIENCE = { timeout: 60_000 };

/** Every list of mutants that lies beside this file. */
const NO_LISTS = ['mutant.ts', 'mutate.ts', 'mutants.test.ts'];
const lists = readdirSync(new URL('.', import.meta.url)).filter(
  (name) => name.endsWith('.ts') && !NO_LISTS.includes(name),
);
const modules = await Promise.all(
  lists.map((name): Promise<{ mutants: readonly Mutant[] }> => import(new URL(name, import.meta.url).href)),
);
const mutants = modules.flatMap((module) => module.mutants);
const cases = await randomCases(2);

/** What a mutant is rejected for, as authors may write it: a name, or words of the explanation. */
function isExpected({ expect: expected }: Mutant, { explanation, kind, name }: Finding): boolean {
  return expected.some((reason) => name === reason || (kind !== 'invalid' && explanation.includes(reason)));
}

function attacked(variant: Variant, mutant: Mutant): Exploration {
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

describe.each(Object.entries(Object.groupBy(mutants, ({ of }) => of)))('%s', (_, group = []) => {
  test.for(group)('$what', PATIENCE, async (mutant, { annotate }) => {
    const { first, runs } = attacked(await variantOf(mutant), mutant);
    if (mutant.expect.length === 0) {
      expect(first).toBeUndefined();
      await annotate(`harmless in ${runs} schedules`);
      return;
    }
    expect(first, `survived ${runs} schedules`).toBeDefined();
    const { explanation, name } = first as Finding;
    expect(isExpected(mutant, first as Finding), `${name}: ${explanation}`).toBe(true);
    await annotate(`${name} after ${runs} schedules`); // shown by --reporter=verbose
  });
});

/**
 * The conformance suite notices faults: each mutant is rejected under random schedules, for a reason that its author
 * expected, and a change that costs only time is not rejected. Those that take long to find are tried first where they
 * were found (found.json); `npm run bench -- evidence` searches from the start, and collects how long each survived.
 */
import { describe, expect, test } from 'vitest';
import type { Finding } from '../../harness/check/judge.ts';
import { attackWhereFound, isExpected, mutants } from './attack.ts';
import { kept } from './found.ts';

const PATIENCE = { timeout: 60_000 };

describe.each(Object.entries(Object.groupBy(mutants, ({ of }) => of)))('%s', (_, group = []) => {
  test.for(group)('$what', PATIENCE, async (mutant, { annotate }) => {
    const { first, from, runs } = await attackWhereFound(mutant);
    if (mutant.expect.length === 0) {
      expect(first).toBeUndefined();
      await annotate(`harmless in ${runs} schedules`);
      return;
    }
    expect(first, `survived ${runs} schedules`).toBeDefined();
    const { explanation, name } = first as Finding;
    expect(isExpected(mutant, first as Finding), `${name}: ${explanation}`).toBe(true);
    await annotate(`${name} after ${runs} schedules${from > 0 ? ` from number ${from} on` : ''}`); // shown by --reporter=verbose
  });
});

test('what is kept is of mutants that there are', () => {
  const faults = mutants.map(({ of, what }) => `${of}: ${what}`);
  expect(kept().filter(([of, what]) => !faults.includes(`${of}: ${what}`))).toEqual([]);
});

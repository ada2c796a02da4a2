/**
 * The conformance suite notices faults: each mutant is rejected under random schedules, for a reason that its author
 * expected, and a change that costs only time is not rejected. `npm run bench -- evidence` collects how long each
 * survived.
 */
import { describe, expect, test } from 'vitest';
import type { Finding } from '../../harness/check/judge.ts';
import { attack, isExpected, mutants } from './attack.ts';

const PATIENCE = { timeout: 60_000 };

describe.each(Object.entries(Object.groupBy(mutants, ({ of }) => of)))('%s', (_, group = []) => {
  test.for(group)('$what', PATIENCE, async (mutant, { annotate }) => {
    const { first, runs } = await attack(mutant);
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

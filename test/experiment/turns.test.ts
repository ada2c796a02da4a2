/** Which configurations are warm at once on real threads, whatever the host's number of cores. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Configuration } from '../../harness/experiment/configuration.ts';
import { partsOf, turnsOf } from '../../harness/experiment/trials/turns.ts';
import type { Work } from '../../harness/experiment/work.ts';

const worksOf = (cores: readonly number[], repetitions: number): Work[] =>
  cores.map((count) => ({
    configuration: { cores: count, seed: 1 } as Configuration,
    repetitions: Array.from({ length: repetitions }, (_, at) => at + 1),
  }));

it('each configuration takes part once, with so few others that their workers fit in memory', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 40 }), (cores) => {
      const work = worksOf(cores, 1);
      const parts = partsOf(work);
      expect(new Set(parts.flat())).toEqual(new Set(work));
      expect(parts.flat()).toHaveLength(work.length);
      for (const part of parts) {
        expect(part.length).toBeLessThanOrEqual(16);
        const workers = part.reduce((sum, { configuration }) => sum + configuration.cores, 0);
        expect(part.length === 1 || workers <= 256).toBe(true);
      }
    }),
  );
});

it('seventeen on two cores are two parts, as even as can be', () => {
  const work = worksOf(Array(17).fill(2), 1);
  expect(partsOf(work).map((part) => part.length)).toEqual([9, 8]);
});

it('each takes as many turns as it has repetitions', () => {
  const turns = turnsOf(worksOf([2, 2, 2], 4)).sort();
  expect(turns).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2]);
});

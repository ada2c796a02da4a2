/** Comparison of two samples: against values worked out by hand, and against what chance does. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { difference, pairedDifference } from '../../harness/experiment/difference.ts';
import { seededRandom } from '../../workloads/random.ts';

const samples = fc.array(fc.double({ min: 1, max: 1e6, noNaN: true }), { minLength: 2, maxLength: 9 });

test('law: seen from the other side it is the inverse, with the same probability', () => {
  fc.assert(
    fc.property(samples, samples, (one, other) => {
      const [there, back] = [difference(one, other), difference(other, one)];
      expect(back.ratio).toBeCloseTo(1 / there.ratio, 6);
      expect(back.superiority).toBeCloseTo(1 - there.superiority, 9);
      expect(Math.abs(back.p - there.p)).toBeLessThan(0.05);
      expect(there.interval.low).toBeLessThanOrEqual(there.interval.high);
      const [paired, inverse] = [one, one.toReversed()].map((a, at, all) => pairedDifference(a, all[1 - at]));
      expect(inverse.p).toBeCloseTo(paired.p, 9);
    }),
    { seed: 7, numRuns: 25 },
  );
});

test('five far above five: one of 126 ways and its mirror, every trial faster', () => {
  const told = difference([20, 21, 22, 23, 24], [10, 11, 12, 13, 14]);
  expect(told).toMatchObject({ superiority: 1, ratio: 22 / 12, tooFew: false, isReal: true });
  expect(told.p).toBeGreaterThan(0.004);
  expect(told.p).toBeLessThan(0.013);
});

test('six pairs that agree: two of 64 choices of signs, exactly', () => {
  const told = pairedDifference([2, 4, 6, 8, 10, 12], [1, 2, 3, 4, 5, 6]);
  expect(told).toMatchObject({ p: 2 / 64, ratio: 2, superiority: 1, isReal: true });
  expect(told.interval).toEqual({ low: 2, high: 2 });
});

test('the same blocks, each a little faster: pairs tell what samples cannot', () => {
  const blocks = [100, 400, 50, 900, 250, 700, 150, 30];
  const faster = blocks.map((value) => value * 1.02);
  expect(pairedDifference(faster, blocks).isReal).toBe(true);
  expect(difference(faster, blocks).isReal).toBe(false);
});

test('too few to tell, however clear', () => {
  expect(difference([9, 9, 9], [1, 1, 1])).toMatchObject({ tooFew: true, isReal: false });
  expect(pairedDifference([9, 9, 9, 9, 9], [1, 1, 1, 1, 1])).toMatchObject({ tooFew: true, isReal: false });
  expect(difference([9, 9, 9, 9], [1, 1, 1, 1]).tooFew).toBe(false);
});

test('equal samples do not differ', () => {
  expect(difference([5, 5, 5, 5], [5, 5, 5, 5])).toMatchObject({
    ratio: 1,
    superiority: 0.5,
    p: 1,
    isReal: false,
  });
  expect(pairedDifference([3, 4, 5, 6, 7, 8], [3, 4, 5, 6, 7, 8])).toMatchObject({ p: 1, isReal: false });
});

test('of samples that do not differ, about one in twenty seems to', () => {
  const random = seededRandom(3);
  const sample = (): number[] => Array.from({ length: 6 }, () => 100 + random.unit());
  let [free, paired] = [0, 0];
  for (let run = 0; run < 100; run++) {
    if (difference(sample(), sample()).isReal) free++;
    if (pairedDifference(sample(), sample()).isReal) paired++;
  }
  expect(free).toBeLessThanOrEqual(12);
  expect(paired).toBeLessThanOrEqual(12);
});

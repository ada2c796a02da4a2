import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DIGEST_SEED, mix } from '../../harness/machine/digest.ts';

const digest = (values: readonly number[]): number => values.reduce(mix, DIGEST_SEED);

/** How many of these lists have a digest that another one has as well. */
function collisions(lists: readonly (readonly number[])[]): number {
  return lists.length - new Set(lists.map(digest)).size;
}

describe('a digest', () => {
  test('is a 32-bit integer, and the same for the same values', () => {
    fc.assert(
      fc.property(fc.array(fc.double()), (values) => {
        expect(digest(values)).toBe(digest(values) | 0);
        expect(digest([...values])).toBe(digest(values));
      }),
      { seed: 1 },
    );
  });

  test('takes all NaNs for the same, whatever their bits, and 0 and -0 for two', () => {
    const bits = new DataView(new ArrayBuffer(8));
    const nans = [0x7ff80000, 0x7ff00001, 0xfff80000, 0x7fffffff].map((high, i) => {
      bits.setUint32(0, high);
      bits.setUint32(4, i);
      return bits.getFloat64(0);
    });
    expect(nans.every(Number.isNaN)).toBe(true);
    expect(new Set(nans.map((nan) => digest([nan]))).size).toBe(1);
    expect(digest([0])).not.toBe(digest([-0]));
  });

  test('tells the small integers apart, and counts each value and its place', () => {
    const integers = Array.from({ length: 100_000 }, (_, i) => [i]);
    expect(collisions(integers)).toBe(0);
    expect(collisions([[], [0], [0, 0], [0, 0, 0]])).toBe(0);
    expect(digest([1, 2])).not.toBe(digest([2, 1]));
  });

  // Random digests of so many pairs would collide once or never: 300^4 / 2^33 is 0.9.
  test.each([0, 1000, 1_000_000, 0.1])(
    'tells apart pairs of values from %d on, moved alike or apart',
    (from) => {
      const range = Array.from({ length: 300 }, (_, i) => i);
      for (const sign of [1, -1]) {
        const pairs = range.flatMap((a) => range.map((b) => [from + a, from + sign * b]));
        expect(collisions(pairs)).toBeLessThanOrEqual(4);
      }
    },
  );
});

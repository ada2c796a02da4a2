import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../workloads/random.ts';
import { thetaParameter, zeta, zipf } from '../../workloads/zipf.ts';

const DRAWS = 200_000;

describe('Zipfian ranks', () => {
  test.each([0, 0.6, 0.9, 0.99])('at theta %f, the two lowest come with their exact probability', (theta) => {
    const n = 10_000;
    const { counts } = draw(n, theta);
    for (const rank of [0, 1]) {
      const exact = (rank + 1) ** -theta / zeta(n, theta);
      expect(Math.abs(counts[rank] / DRAWS - exact)).toBeLessThan(deviations(5, exact));
    }
  });

  test.each([0.3, 0.6, 0.9])('at theta %f, each tenth of the ranks has its share', (theta) => {
    const n = 1000;
    const { counts } = draw(n, theta);
    for (let tenth = 0; tenth < 10; tenth++) {
      let exact = 0;
      let drawn = 0;
      for (let rank = tenth * 100; rank < tenth * 100 + 100; rank++) {
        exact += (rank + 1) ** -theta / zeta(n, theta);
        drawn += counts[rank] / DRAWS;
      }
      // One hundredth for the integral in place of the sum.
      expect(Math.abs(drawn - exact)).toBeLessThan(deviations(5, exact) + 0.01);
    }
  });

  // How "Staring into the Abyss" describes the two contention levels that it measures at.
  test.each([
    [0.6, 0.4],
    [0.8, 0.6],
  ])('at theta %f, a tenth of the rows gets about %f of the accesses', (theta, share) => {
    const n = 100_000;
    const { counts } = draw(n, theta);
    const hot = counts.subarray(0, n / 10).reduce((sum, count) => sum + count, 0);
    expect(Math.abs(hot / DRAWS - share)).toBeLessThan(0.04);
  });

  test.each([1, 2, 3, 10])('of %i keys reach every one and none beyond', (n) => {
    for (const theta of [0, 0.2, 0.5, 0.99]) {
      const { counts, beyond } = draw(n, theta);
      expect(beyond).toBe(0);
      expect(counts.every((count) => count > 0)).toBe(true);
    }
  });

  test('stay below n at both ends of the unit interval', () => {
    for (const n of [1, 2, 3, 1000, 1_048_576]) {
      for (const theta of [0.1, 0.6, 0.99, 0.9999]) {
        for (const u of [0, 2 ** -53, 0.5, 1 - 2 ** -53]) {
          const rank = zipf(n, theta)({ unit: () => u, integer: () => Number.NaN });
          expect(Number.isInteger(rank) && rank >= 0 && rank < n).toBe(true);
        }
        if (n > 2) {
          expect(zipf(n, theta)({ unit: () => 1 - 2 ** -53, integer: () => Number.NaN })).toBe(n - 1);
        }
      }
    }
  });

  test('pass from 0 to 1 and from 1 to 2 where the sums of probabilities say', () => {
    for (const n of [3, 4, 10, 1000, 1_048_576]) {
      for (const theta of [0.05, 0.3, 0.6, 0.99]) {
        const at = (u: number) => zipf(n, theta)({ unit: () => u, integer: () => Number.NaN });
        const first = 1 / zeta(n, theta);
        const second = first * (1 + 2 ** -theta);
        const aside = 1e-9;
        expect([first - aside, first + aside, second - aside, second + aside].map(at)).toEqual([0, 1, 1, 2]);
      }
    }
  });

  test('draw as they always did at seed 42', () => {
    const random = seededRandom(42);
    const source = zipf(1000, 0.9);
    expect(Array.from({ length: 12 }, () => source(random)).join(' ')).toMatchInlineSnapshot(
      `"89 902 1 0 178 167 285 282 35 135 626 4"`,
    );
  });

  test('refuse a theta that breaks the method, in a sentence', () => {
    for (const theta of [-0.1, 1, 1.2, Number.NaN]) expect(() => zipf(10, theta)).toThrow('below 1');
    for (const theta of [-0.1, 1, 1.2]) {
      const { error } = thetaParameter.safeParse(theta);
      expect(error?.issues.map((issue) => issue.message)).toEqual([
        'theta must be at least 0 (uniform) and below 1: the method of Gray et al. divides by 1 - theta',
      ]);
    }
    expect(thetaParameter.parse(undefined)).toBe(0);
  });
});

test('zeta is the sum that it stands for', () => {
  expect(zeta(1, 0.5)).toBe(1);
  expect(zeta(3, 0.5)).toBeCloseTo(1 + 2 ** -0.5 + 3 ** -0.5, 12);
  expect(zeta(3, 0.9)).toBeCloseTo(1 + 2 ** -0.9 + 3 ** -0.9, 12);
  expect(zeta(4, 0)).toBe(4);
});

function draw(n: number, theta: number): { counts: Int32Array; beyond: number } {
  const random = seededRandom(7);
  const source = zipf(n, theta);
  const counts = new Int32Array(n);
  let beyond = 0;
  for (let i = 0; i < DRAWS; i++) {
    const rank = source(random);
    if (rank in counts) counts[rank]++;
    else beyond++;
  }
  return { counts, beyond };
}

/** So many standard deviations of a share among the draws. */
function deviations(count: number, share: number): number {
  return count * Math.sqrt((share * (1 - share)) / DRAWS);
}

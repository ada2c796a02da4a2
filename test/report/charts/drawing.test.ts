/** What charts are made of: looks, scales, places of names, lines that leave their panel. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { algorithms } from '../../../algorithms/index.ts';
import { belowTop } from '../../../harness/report/charts/clip.ts';
import { spread } from '../../../harness/report/charts/labels.ts';
import { styleOf } from '../../../harness/report/charts/palette.ts';
import { readingScale, varyingScale } from '../../../harness/report/charts/scale.ts';

const SEEDED = { seed: 1, numRuns: 300 };
const value = fc.oneof(fc.constant(0), fc.double({ noNaN: true, min: 1e-9, max: 1e12 }));

describe('an algorithm looks', () => {
  const names = Object.keys(algorithms);

  test('unlike any other', () => {
    const looks = names.map((name) => JSON.stringify(styleOf(name)));
    expect(new Set(looks).size).toBe(names.length);
  });

  test('the same in its variants, but for the dash', () => {
    for (const name of names) {
      const variants = [0, 1, 2, 3, 4].map((variant) => styleOf(name, variant));
      expect(new Set(variants.map(({ colour }) => colour)).size).toBe(1);
      expect(new Set(variants.map(({ dash }) => `${dash}`)).size).toBe(variants.length);
    }
  });
});

describe('names beside the ends of lines', () => {
  const asked = fc.record({
    wanted: fc.array(fc.nat({ max: 100 }), { minLength: 1, maxLength: 20 }),
    gap: fc.integer({ min: 1, max: 10 }),
  });

  test('keep their order, their distance and to the panel', () => {
    fc.assert(
      fc.property(asked, ({ wanted, gap }) => {
        const places = spread(wanted, { gap, low: 0, high: 100 });
        const room = Math.min(gap, 100 / Math.max(1, wanted.length - 1));
        const order = wanted
          .map((_, at) => at)
          .sort((a, b) => wanted[a] - wanted[b] || places[a] - places[b]);
        for (const [rank, at] of order.entries()) {
          expect(places[at]).toBeGreaterThanOrEqual(-1e-9);
          expect(places[at]).toBeLessThanOrEqual(100 + 1e-9);
          if (rank > 0) expect(places[at] - places[order[rank - 1]]).toBeGreaterThanOrEqual(room - 1e-9);
        }
      }),
      SEEDED,
    );
  });

  test('stay where they are wanted if there is room', () => {
    expect(spread([90, 10, 50], { gap: 10, low: 0, high: 100 })).toEqual([90, 10, 50]);
    expect(spread([50, 50], { gap: 10, low: 0, high: 100 })).toEqual([45, 55]);
  });
});

describe('a scale', () => {
  test('holds all values, and its ticks lie in it', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 12 }), (values) => {
        for (const { domain, ticks = [], type } of [readingScale(values), varyingScale(values)]) {
          expect(Math.min(...values)).toBeGreaterThanOrEqual(domain[0]);
          expect(Math.max(...values)).toBeLessThanOrEqual(domain[1]);
          if (type === 'log') expect(domain[0]).toBeGreaterThan(0);
          expect(ticks.length).toBeLessThanOrEqual(12);
          for (const tick of ticks) {
            expect(tick).toBeGreaterThanOrEqual(domain[0]);
            expect(tick).toBeLessThanOrEqual(domain[1]);
          }
        }
      }),
      SEEDED,
    );
  });

  test.each([
    ['a quantity starts at zero', readingScale([3, 9]), { type: 'linear', domain: [0, 9.36] }],
    ['unless it spans decades', readingScale([1, 1000]), { type: 'log', ticks: [1, 10, 100, 1000] }],
    ['zero among decades', readingScale([0, 1, 1000]), { type: 'symlog', ticks: [0, 1, 10, 100, 1000] }],
    ['cores', varyingScale([1, 4, 32]), { type: 'linear', ticks: [1, 4, 32] }],
    ['many cores', varyingScale([1, 32, 1024]), { type: 'log', base: 2, ticks: [1, 32, 1024] }],
    ['accounts', varyingScale([2, 10, 10_000]), { type: 'log', base: 10, ticks: [2, 10, 10_000] }],
  ])('%s', (_, scale, expected) => expect(scale).toMatchObject(expected));
});

describe('a line that leaves its panel', () => {
  const xScale = varyingScale([0, 8]);
  const yScale = { type: 'linear', domain: [0, 10] } as const;
  const cut = (...ys: number[]) =>
    belowTop(
      ys.map((y, at) => ({ x: at, y })),
      { xScale, yScale },
    );

  test('ends at the top, and goes on where it comes back', () => {
    expect(cut(5, 15, 5)).toEqual([
      { x: 0, y: 5 },
      { x: 0.5, y: 10 },
      { x: 0.5, y: null },
      { x: 1.5, y: 10 },
      { x: 2, y: 5 },
    ]);
    expect(cut(20, 20)).toEqual([]);
    expect(cut(1, 10)).toEqual([
      { x: 0, y: 1 },
      { x: 1, y: 10 },
    ]);
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seededRandom, streamSeed } from '../../workloads/random.ts';

fc.configureGlobal({ seed: 42 });

const seeds = fc.maxSafeInteger();

describe('a seeded stream', () => {
  test('is the same for the same seed, and another for any other', () => {
    fc.assert(
      fc.property(seeds, seeds, (one, other) => {
        fc.pre(one !== other);
        expect(words(one)).toEqual(words(one));
        expect(words(one)).not.toEqual(words(other));
      }),
    );
  });

  test('tells apart seeds that differ in a single bit, or in the sign', () => {
    const bits = Array.from({ length: 50 }, (_, bit) => 7 + 2 ** (bit + 3));
    const alike = [7, -7, 7 - 2 ** 32, ...bits];
    expect(new Set(alike.map((seed) => words(seed).join())).size).toBe(alike.length);
  });

  test('is the one that seed 42 has always been', () => {
    const random = seededRandom(42);
    expect(
      [...words(42), random.unit(), streamSeed(42, 0), streamSeed(42, 1)].join(' '),
    ).toMatchInlineSnapshot(
      `"2592965260 1746729744 4214161851 2630760924 0.6037217706940488 5007195005555341 7513749872938739"`,
    );
  });

  test('yields integers below the bound, each as likely as another', () => {
    // 3 × 2^30 leaves a quarter of all words over: taken modulo, the low third would come twice as often.
    for (const bound of [3, 7, 3 * 2 ** 30, 2 ** 31 + 1, 2 ** 32]) {
      const random = seededRandom(1);
      const thirds = [0, 0, 0];
      for (let i = 0; i < 30_000; i++) {
        const value = random.integer(bound);
        if (!(Number.isInteger(value) && value >= 0 && value < bound))
          throw new Error(`${value} of ${bound}`);
        thirds[Math.floor((3 * value) / bound)]++;
      }
      // With bound 7 the thirds hold 3, 2 and 2 of the values.
      const shares = bound === 7 ? [3 / 7, 2 / 7, 2 / 7] : [1 / 3, 1 / 3, 1 / 3];
      for (const [i, share] of shares.entries()) expect(thirds[i] / 30_000).toBeCloseTo(share, 1.7);
    }
  });

  test('yields the only integer there is below 1', () => {
    expect(seededRandom(5).integer(1)).toBe(0);
  });

  test('looks random from its first number on, over consecutive seeds', () => {
    const firsts = Array.from({ length: 4096 }, (_, seed) => seededRandom(seed).integer(2));
    const flips = firsts.filter((bit, seed) => seed > 0 && bit !== firsts[seed - 1]).length;
    expect(firsts.reduce((sum, bit) => sum + bit, 0) / 4096).toBeCloseTo(0.5, 1.3);
    expect(flips / 4095).toBeCloseTo(0.5, 1.3);
  });

  test('yields floats of 53 bits in [0, 1)', () => {
    const random = seededRandom(3);
    let sum = 0;
    const lowest = [0, 0];
    for (let i = 0; i < 10_000; i++) {
      const unit = random.unit();
      const scaled = unit * 2 ** 53;
      expect(Number.isInteger(scaled) && unit >= 0 && unit < 1).toBe(true);
      lowest[scaled % 2]++;
      sum += unit;
    }
    expect(sum / 10_000).toBeCloseTo(0.5, 1.7);
    expect(lowest[1] / 10_000).toBeCloseTo(0.5, 1.3);
  });

  test('refuses what is no bound or no seed', () => {
    for (const bound of [0, -1, 1.5, Number.NaN, 2 ** 32 + 1]) {
      expect(() => seededRandom(1).integer(bound)).toThrow(`from 1 to 2^32, not ${bound}`);
    }
    for (const seed of [1.5, Number.NaN, 2 ** 53]) {
      expect(() => seededRandom(seed)).toThrow(`a seed is a safe integer, not ${seed}`);
    }
    expect(() => streamSeed(1, -1)).toThrow('a stream is an integer');
  });
});

describe('streams of a seed', () => {
  test('have seeds of their own, over many seeds and streams', () => {
    const all = new Set<number>();
    for (let seed = 0; seed < 100; seed++) {
      all.add(seed);
      for (let stream = 0; stream < 100; stream++) all.add(streamSeed(seed, stream));
    }
    expect(all.size).toBe(100 + 100 * 100);
  });

  test('are safe integers, and use the bits above 32', () => {
    const seed = Array.from({ length: 64 }, (_, stream) => streamSeed(0, stream));
    expect(seed.every((s) => Number.isSafeInteger(s) && s >= 0)).toBe(true);
    expect(Math.max(...seed)).toBeGreaterThan(2 ** 52);
  });

  test('do not follow one another', () => {
    // Agreement of neighbouring streams, bit by bit: about half, were they tosses of a coin.
    const bits = [0, 1, 2].map((stream) => {
      const random = seededRandom(streamSeed(9, stream));
      return Array.from({ length: 4096 }, () => random.integer(2));
    });
    for (const [one, other] of [
      [0, 1],
      [1, 2],
      [0, 2],
    ]) {
      const alike = bits[one].filter((bit, i) => bit === bits[other][i]).length;
      expect(alike / 4096).toBeCloseTo(0.5, 1.3);
    }
  });
});

function words(seed: number): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: 4 }, () => random.integer(2 ** 32));
}

/**
 * Seeded streams of random numbers: all the randomness there is, so that a seed fixes a run.
 *
 * Source      Blackman, Vigna: Scrambled Linear Pseudorandom Number Generators. ACM TOMS 47(4), 2021
 *             (xoroshiro128+, as pure-rand has it).
 *
 * Two properties of that generator shape this file. A state that is mostly zeros takes many steps to look
 * random, and pure-rand's own seeding even returns the seed's complement as its first number; so the state is
 * filled from a hash of the seed. And the lowest bits are weak, so numbers are made from the high ones.
 */
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import type { Random } from './workload.ts';

const WORDS = 2 ** 32;
/** A 32-bit word a step of the golden ratio from the last: counters hash better when they lie far apart. */
const GOLDEN = 0x9e3779b9;
/** The hash's first words fill a generator's state; those after them are the seeds of streams. */
const STATE_WORDS = 4;

/** One stream. A seed is any safe integer. */
export function seededRandom(seed: number): Random {
  const state = Array.from({ length: STATE_WORDS }, (_, index) => seedWord(seed, index));
  const generator = xoroshiro128plusFromState(state);
  return {
    integer(bound) {
      if (!Number.isInteger(bound) || bound < 1 || bound > WORDS) {
        throw new RangeError(`a random integer's bound is an integer from 1 to 2^32, not ${bound}`);
      }
      // Equal buckets, as many as the bound; a word beyond the last whole bucket is drawn again.
      const bucket = Math.floor(WORDS / bound);
      const limit = bucket * bound;
      let word = generator.next() >>> 0;
      while (word >= limit) word = generator.next() >>> 0;
      return Math.floor(word / bucket);
    },
    unit() {
      const high = generator.next() >>> 5;
      const low = generator.next() >>> 6;
      return (high * 2 ** 26 + low) * 2 ** -53;
    },
  };
}

/** The seed of one of a seed's streams: each core, and the workload, draws from one of its own. */
export function streamSeed(seed: number, stream: number): number {
  if (!Number.isInteger(stream) || stream < 0 || stream >= 2 ** 30) {
    throw new RangeError(`a stream is an integer from 0 to 2^30 - 1, not ${stream}`);
  }
  const high = seedWord(seed, STATE_WORDS + 2 * stream) >>> 11;
  const low = seedWord(seed, STATE_WORDS + 2 * stream + 1) >>> 0;
  return high * WORDS + low;
}

/** Word `index` of an endless hash of the seed. */
function seedWord(seed: number, index: number): number {
  if (!Number.isSafeInteger(seed)) throw new RangeError(`a seed is a safe integer, not ${seed}`);
  const low = seed | 0;
  const high = Math.floor(seed / WORDS) | 0;
  return avalanche(avalanche(avalanche(Math.imul(index + 1, GOLDEN)) ^ low) ^ high);
}

/** Each bit of the word reaches all bits of the result: MurmurHash3's finalizer, a bijection. */
function avalanche(word: number): number {
  let h = word;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

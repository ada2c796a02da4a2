/** A lock from the primitives alone excludes under every schedule; the same counter without it loses additions. */
import { describe, expect, test } from 'vitest';
import type { Core, Steps, Words } from '../../../harness/machine/machine.ts';
import type { SimulationOptions } from '../../../harness/machine/simulated/simulate.ts';
import { run, walk } from './program.ts';

const CORES = 4;
const ROUNDS = 5;

function* acquire(lock: Words): Steps<void> {
  while ((yield* lock.compareExchange(0, 0, 1)) !== 0) yield* lock.waitWhile(0, 1);
}

function* release(lock: Words): Steps<void> {
  yield* lock.store(0, 0);
  yield* lock.wake(0);
}

/** The counter after every core has added to it so many times, by a load and a store. */
function counted(locked: boolean, options: Partial<SimulationOptions>, delays = false): number {
  let count = (): number => 0;
  run(
    CORES,
    (memory) => {
      const lock = memory.words('lock', 1, 'padded');
      const counter = memory.values('counter', 1);
      count = () => counter.peek(0);
      return function* (core: Core) {
        for (let i = 0; i < ROUNDS; i++) {
          if (delays) core.work(core.random(3000));
          if (locked) yield* acquire(lock);
          yield* counter.store(0, (yield* counter.load(0)) + 1);
          if (locked) yield* release(lock);
        }
      };
    },
    options,
  );
  return count();
}

const walks = Array.from({ length: 2000 }, (_, seed) => seed);

describe('a spin lock that parks', () => {
  test('loses no addition under random walks', () => {
    for (const seed of walks) {
      expect(counted(true, { schedule: walk(seed) }), `walk ${seed}`).toBe(CORES * ROUNDS);
    }
  });

  test('nor in virtual time', () => {
    expect(counted(true, {})).toBe(CORES * ROUNDS);
    expect(counted(true, {}, true)).toBe(CORES * ROUNDS);
  });
});

describe('without the lock', () => {
  test('nearly every random walk loses additions, and some lose nearly all', () => {
    const counts = walks.map((seed) => counted(false, { schedule: walk(seed) }));
    expect(counts.filter((count) => count < CORES * ROUNDS).length).toBeGreaterThan(1900);
    expect(Math.min(...counts)).toBeLessThanOrEqual(ROUNDS);
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(2); // what is possible at all
  });

  test('virtual time loses additions too', () => {
    expect(counted(false, {})).toBeLessThan(CORES * ROUNDS);
  });
});

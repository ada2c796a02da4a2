/** Uneven walks: fair in the end, uneven on the way. */
import { expect, test } from 'vitest';
import { UnevenWalk } from '../../../harness/machine/simulated/schedules/uneven-walk.ts';
import { seededRandom } from '../../../workloads/random.ts';

const CORES = 4;

/** The cores that step, when each may step again at once. */
function steps(seed: number, count: number): number[] {
  const random = seededRandom(seed);
  const walk = new UnevenWalk((bound) => random.integer(bound));
  for (let core = 0; core < CORES; core++) walk.add(core);
  return Array.from({ length: count }, () => {
    const core = walk.next();
    walk.add(core);
    return core;
  });
}

test('takes each core that may step once, and then none', () => {
  const random = seededRandom(1);
  const walk = new UnevenWalk((bound) => random.integer(bound));
  for (const core of [2, 0, 1, 0]) walk.add(core);
  expect([walk.next(), walk.next(), walk.next()].sort()).toEqual([0, 1, 2]);
  expect(walk.next()).toBe(-1);
});

test('every core steps, and some of them pause for long while the others go on', () => {
  const walked = steps(7, 20_000);
  for (let core = 0; core < CORES; core++) {
    const at = walked.flatMap((stepped, i) => (stepped === core ? [i] : []));
    const pauses = at.slice(1).map((place, i) => place - at[i]);
    expect(at.length).toBeGreaterThan(1000);
    expect(Math.max(...pauses)).toBeGreaterThan(150);
  }
});

test('the same randomness gives the same walk', () => {
  expect(steps(3, 500)).toEqual(steps(3, 500));
  expect(steps(3, 500)).not.toEqual(steps(4, 500));
});

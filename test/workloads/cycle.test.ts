import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import cycle from '../../workloads/cycle.ts';
import { COMMITTED } from '../../workloads/workload.ts';
import { execute, makeBlock, runSerially } from './serial.ts';

fc.configureGlobal({ seed: 42 });

const verdict = (ring: number[]) =>
  cycle.check(makeBlock(cycle, { keys: ring.length }, 1, 1), new Float64Array(ring), [COMMITTED]);

describe('a rotation', () => {
  test('puts the third key before the second', () => {
    const block = makeBlock(cycle, { keys: 6 }, 1, 1);
    block.args[0] = 4;
    // 4 → 5 → 0 → 1 becomes 4 → 0 → 5 → 1.
    expect([...runSerially(block).state]).toEqual([5, 2, 3, 4, 0, 1]);
  });

  test('reverses a ring of three', () => {
    const block = makeBlock(cycle, { keys: 3 }, 1, 1);
    expect([...runSerially(block).state]).toEqual([2, 0, 1]);
  });

  test('reads three keys and writes the same three', () => {
    for (const { reads, writes } of runSerially(makeBlock(cycle, { keys: 5 }, 20, 1)).touched) {
      expect(new Set(reads).size).toBe(3);
      expect(writes).toEqual(reads);
    }
  });

  test('ends after its six accesses on any garbage made of keys', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(4), { minLength: 5, maxLength: 5 }), fc.nat(), (garbage, seed) => {
        const block = makeBlock(cycle, { keys: 5 }, 1, seed);
        const { reads, writes, outcome } = execute(block, 0, new Float64Array(garbage));
        expect([reads.length, writes.length, outcome]).toEqual([3, 3, COMMITTED]);
      }),
    );
  });
});

describe('the ring', () => {
  test('is whole in any arrangement', () => {
    expect(verdict([1, 2, 3, 4, 0])).toBeUndefined();
    expect(verdict([3, 0, 1, 4, 2])).toBeUndefined();
  });

  test('that got shorter is told by its length and a key that is not on it', () => {
    expect(verdict([1, 2, 0, 4, 3])).toBe('the ring through key 0 has 3 of 5 keys: key 3 is not on it');
    expect(verdict([0, 2, 3, 4, 1])).toBe('the ring through key 0 has 1 of 5 keys: key 1 is not on it');
  });

  test('with a knot is told by the two keys that point alike', () => {
    expect(verdict([1, 2, 3, 4, 1])).toBe('keys 0 and 4 both point at key 1, and none points at key 0');
    expect(verdict([1, 2, 3, 2, 0])).toBe('keys 1 and 3 both point at key 2, and none points at key 4');
    expect(verdict([1, 1, 3, 4, 0])).toBe('keys 0 and 1 both point at key 1, and none points at key 2');
  });

  test('with a value that is no key is told by it', () => {
    expect(verdict([1, 2, 5, 4, 0])).toBe('key 2 points at 5, which is no key of 0 to 4');
    expect(verdict([1, 2, 3, 0.5, 0])).toBe('key 3 points at 0.5, which is no key of 0 to 4');
    expect(verdict([1, -1, 3, 4, 0])).toBe('key 1 points at -1, which is no key of 0 to 4');
    expect(verdict([Number.NaN, 2, 0])).toBe('key 0 points at NaN, which is no key of 0 to 2');
  });

  test('is accepted exactly if following it visits every key once', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(4), { minLength: 5, maxLength: 5 }), (ring) => {
        const visited = new Set<number>();
        for (let step = 0, key = 0; step < 5; step++, key = ring[key]) visited.add(key);
        const last = [...visited].at(-1)!;
        expect(verdict(ring) === undefined).toBe(visited.size === 5 && ring[last] === 0);
      }),
      { numRuns: 2000 },
    );
  });

  test('breaks if two overlapping rotations from one state both take effect', () => {
    for (const second of [1, 2]) {
      const block = makeBlock(cycle, { keys: 6 }, 2, 1);
      block.args[0] = 0;
      block.args[2] = second;
      const state = block.initial.slice();
      const first = block.initial.slice();
      const { writes } = execute(block, 0, first);
      execute(block, 1, state);
      for (const key of writes) state[key] = first[key];
      expect(cycle.check(block, state, [COMMITTED, COMMITTED])).toBeTypeOf('string');
    }
  });
});

test('fewer than three keys are refused in a sentence', () => {
  const { error } = cycle.parameters.safeParse({ keys: 2 });
  expect(error?.issues[0].message).toBe('keys must be at least 3: a rotation needs three different ones');
});

test('access sets too large to hold are refused in a sentence', () => {
  const block = makeBlock(cycle, { keys: 2 ** 20 }, 129, 1);
  expect(() => cycle.accessSets(block)).toThrow(
    'cycle declares all 1048576 keys for each of 129 transactions',
  );
});

test('the rotations of seed 42 are what they always were', () => {
  expect(makeBlock(cycle, {}, 6, 42).args.join(' ')).toMatchInlineSnapshot(`"60 0 40 0 98 0 61 0 10 0 28 0"`);
});

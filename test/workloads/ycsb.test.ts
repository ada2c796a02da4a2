import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { partitionOf } from '../../algorithms/parts/declared-sets.ts';
import { COMMITTED, REVERTED } from '../../workloads/workload.ts';
import ycsb from '../../workloads/ycsb.ts';
import { execute, makeBlock, runSerially } from './serial.ts';

fc.configureGlobal({ seed: 42 });

const styles = fc.constantFrom('rmw' as const, 'blind' as const);

describe('operations', () => {
  test('are as many as asked for, and read in the share asked for', () => {
    for (const reads of [0, 0.3, 1]) {
      const block = makeBlock(ycsb, { operations: 10, reads, writes: 'blind' }, 1000, 1);
      const { touched } = runSerially(block);
      expect(touched.every((one) => one.reads.length + one.writes.length === 10)).toBe(true);
      const share = touched.reduce((sum, one) => sum + one.reads.length, 0) / 10_000;
      expect(Math.abs(share - reads)).toBeLessThan(reads % 1 === 0 ? 1e-9 : 0.02);
    }
  });

  test('write after reading the same key if rmw, and without reading it if blind', () => {
    const rmw = runSerially(makeBlock(ycsb, { reads: 0, keys: 100_000 }, 5, 1)).touched;
    for (const { reads, writes } of rmw) expect(reads).toEqual(writes);
    const blind = runSerially(makeBlock(ycsb, { reads: 0, writes: 'blind' }, 5, 1)).touched;
    for (const { reads, writes } of blind) expect([reads.length, writes.length]).toEqual([0, 16]);
  });

  test('keep, drop or redraw a key that comes again', () => {
    const keysDrawn = (repeats: 'kept' | 'dropped' | 'redrawn') =>
      runSerially(
        makeBlock(ycsb, { keys: 20, operations: 16, reads: 1, theta: 0.9, repeats }, 200, 1),
      ).touched.map(({ reads }) => reads);
    const distinct = (keys: readonly number[]) => new Set(keys).size;
    const kept = keysDrawn('kept');
    expect(kept.every((keys) => keys.length === 16)).toBe(true);
    expect(kept.some((keys) => distinct(keys) < 16)).toBe(true);
    const dropped = keysDrawn('dropped');
    expect(dropped.every((keys) => keys.length === distinct(keys))).toBe(true);
    expect(dropped.some((keys) => keys.length < 16)).toBe(true);
    const redrawn = keysDrawn('redrawn');
    expect(redrawn.every((keys) => keys.length === 16 && distinct(keys) === 16)).toBe(true);
  });

  test('draw the same keys whether repeats are kept or dropped', () => {
    const drawn = (repeats: 'kept' | 'dropped') =>
      runSerially(makeBlock(ycsb, { keys: 30, theta: 0.9, reads: 1, repeats }, 50, 1)).touched.map(
        ({ reads }) => [...new Set(reads)],
      );
    expect(drawn('dropped')).toEqual(drawn('kept'));
  });

  test('follow the skew', () => {
    const shareOfKey0 = (theta: number) => {
      const { args, argsFrom } = makeBlock(ycsb, { keys: 1000, theta }, 2000, 1);
      let hits = 0;
      for (let t = 0; t < 2000; t++) {
        for (let i = argsFrom[t] + 3; i < argsFrom[t + 1]; i++) if (args[i] >> 1 === 0) hits++;
      }
      return hits / 32_000;
    };
    expect(shareOfKey0(0)).toBeLessThan(0.003);
    // 1 / zeta(1000, 0.9), summed by itself.
    let zeta = 0;
    for (let i = 1; i <= 1000; i++) zeta += 1 / i ** 0.9;
    expect(Math.abs(shareOfKey0(0.9) - 1 / zeta)).toBeLessThan(0.01);
  });
});

describe('partitions', () => {
  /** Of each transaction the partitions that it touches, its home first. */
  const partitionsTouched = (given: Record<string, unknown>, partitions: number) =>
    runSerially(makeBlock(ycsb, { keys: 16 * 40 + 7, partitions, ...given }, 600, 1)).touched.map(
      ({ reads }) => [...new Set(reads.map((key) => partitionOf(key, partitions)))],
    );

  test('are dealt out as homes, and a transaction that does not spread keeps to its own', () => {
    for (const partitions of [1, 3, 8]) {
      const touched = partitionsTouched({ theta: 0.6 }, partitions);
      expect(touched).toEqual(touched.map((_, t) => [t % partitions]));
    }
  });

  test('spread in the share asked for, over no more than asked for, their home among them', () => {
    const touched = partitionsTouched({ spread: 0.25, touched: 3, operations: 32 }, 8);
    const spread = touched.filter(({ length }) => length > 1);
    expect(Math.abs(spread.length / 600 - 0.25)).toBeLessThan(0.05);
    expect(Math.max(...touched.map(({ length }) => length))).toBe(3);
    const awayFromHome = touched.filter((parts, t) => !parts.includes(t % 8));
    expect(awayFromHome.length).toBeLessThan(3); // 32 operations miss one of three partitions once in 400,000
  });

  test('without partitions the operations are drawn as ever', () => {
    const block = (given: object) => makeBlock(ycsb, given, 50, 7).args.join();
    expect(block({ spread: 1, touched: 5 })).toBe(block({}));
  });

  test('use all keys of whole lines, by rank', () => {
    const hottest = runSerially(makeBlock(ycsb, { keys: 64, partitions: 2, theta: 0.9 }, 500, 1));
    const counts = new Map<number, number>();
    for (const { reads } of hottest.touched) {
      for (const key of reads) counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect([...counts.keys()].sort((a, b) => a - b)).toEqual(Array.from({ length: 64 }, (_, key) => key));
    const byCount = [...counts].sort(([, a], [, b]) => b - a).map(([key]) => key);
    expect(byCount.slice(0, 2).sort((a, b) => a - b)).toEqual([0, 16]); // the first key of either partition
  });
});

describe('the table', () => {
  test('shows a lost update of rmw', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const block = makeBlock(ycsb, { keys: 2, operations: 2, reads: 0 }, 2, seed);
        const first = block.initial.slice();
        const state = block.initial.slice();
        const { writes } = execute(block, 0, first);
        const others = execute(block, 1, state).writes;
        for (const key of writes) state[key] = first[key];
        const overlap = writes.some((key) => others.includes(key));
        expect(ycsb.check(block, state, [COMMITTED, COMMITTED]) !== undefined).toBe(overlap);
      }),
    );
  });

  test('allows any order of blind writes, but none that is not a last write of a committed transaction', () => {
    // Keys by hand: transaction 0 writes key 1 twice and key 2 once; transaction 1 writes key 1; 2 writes key 3.
    const block = makeBlock(ycsb, { keys: 5, operations: 3, reads: 0, writes: 'blind' }, 3, 1);
    const write = (...keys: number[]) => keys.map((key) => 2 * key + 1);
    block.args.set(write(1, 2, 1), 3);
    block.args.set(write(1, 1, 1), 9);
    block.args.set(write(3, 3, 3), 15);
    // 0 stands for what the key held before the block.
    const verdict = (values: number[], outcomes = [COMMITTED, COMMITTED, REVERTED]) =>
      ycsb.check(
        block,
        Float64Array.from(values, (value, key) => value || block.initial[key]),
        outcomes,
      );
    expect(verdict([0, 5, 4, 0, 0])).toBeUndefined();
    expect(verdict([0, 11, 4, 0, 0])).toBeUndefined();
    expect(verdict([0, 3, 4, 0, 0])).toBe('key 1 holds 3, which no committed transaction wrote to it last');
    expect(verdict([0, 4, 4, 0, 0])).toBe('key 1 holds 4, which no committed transaction wrote to it last');
    expect(verdict([0, 5, 4, 17, 0])).toBe('key 3 holds 17, which no committed transaction wrote to it last');
    expect(verdict([0, 5, 0, 0, 0])).toBe(
      'key 2 is as before the block, though transaction 0 committed a write to it',
    );
    expect(verdict([0, 5, 4, 17, 0], [COMMITTED, COMMITTED, COMMITTED])).toBeUndefined();
  });

  test('says what is wrong with a count', () => {
    const block = makeBlock(ycsb, { keys: 1, operations: 2, reads: 0 }, 3, 1);
    const state = new Float64Array([block.initial[0] + 5]);
    expect(ycsb.check(block, state, [COMMITTED, COMMITTED, COMMITTED])).toBe(
      'key 0 grew by 5, but 6 committed writes added 1 to it each',
    );
  });

  test('shows two values that changed places', () => {
    fc.assert(
      fc.property(styles, fc.nat(), fc.nat(9), fc.nat(9), (writes, seed, one, other) => {
        fc.pre(one !== other);
        const block = makeBlock(ycsb, { keys: 10, operations: 4, writes }, 20, seed);
        const { state, outcomes } = runSerially(block);
        [state[one], state[other]] = [state[other], state[one]];
        expect(ycsb.check(block, state, outcomes)).toBeTypeOf('string');
      }),
    );
  });
});

test('parameters that make no sense are refused in a sentence', () => {
  const messages = (given: object) => ycsb.parameters.safeParse(given).error?.issues.map((i) => i.message);
  expect(messages({ keys: 15, repeats: 'redrawn' })).toEqual([
    'repeats can be redrawn only if there are at least as many keys as operations in a transaction',
  ]);
  expect(messages({ keys: 16, repeats: 'redrawn' })).toBeUndefined();
  expect(messages({ keys: 15, repeats: 'dropped' })).toBeUndefined();
  expect(messages({ theta: 1 })?.[0]).toContain('theta must be at least 0 (uniform) and below 1');
  expect(messages({ keys: 2 ** 24 + 1 })).toHaveLength(1);
  expect(messages({ keys: 63, partitions: 4 })).toEqual([
    'partitions are of whole lines of 16 keys: there must be at least 16 times as many keys',
  ]);
  expect(messages({ keys: 64, partitions: 4 })).toBeUndefined();
  expect(messages({ keys: 64, partitions: 4, operations: 17, repeats: 'redrawn' })).toEqual([
    'repeats can be redrawn only if a partition has at least as many keys as a transaction operations',
  ]);
});

test('the operations of seed 42 are what they always were', () => {
  const plain = makeBlock(ycsb, { operations: 4 }, 2, 42);
  const skewed = makeBlock(ycsb, { operations: 4, theta: 0.9, repeats: 'dropped', keys: 20 }, 2, 42);
  expect(
    [plain, skewed].map(({ args, argsFrom }) => `${argsFrom.join(' ')}: ${args.join(' ')}`),
  ).toMatchInlineSnapshot(`
    [
      "0 7 14: 4 0 3 19623 5739 14158 5650 4 0 10 15623 18663 18313 17130",
      "0 7 14: 4 0 3 37 0 15 19 4 0 10 12 1 5 25",
    ]
  `);
});

/** What holds of every workload in the registry: determinism, declared access sets, bounds, its own invariant. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { workloads } from '../../workloads/index.ts';
import { type Block, COMMITTED, type Workload } from '../../workloads/workload.ts';
import { keysOf, makeBlock, runSerially, shuffled } from './serial.ts';

fc.configureGlobal({ seed: 42 });

type Chosen = Record<string, unknown>;

const share = fc.constantFrom(0, 0.4, 1);

/** Small values of each workload's parameters; a workload without an entry fails the first test. */
const parameters: Record<string, fc.Arbitrary<Chosen>> = {
  cycle: fc.record({ keys: fc.integer({ min: 3, max: 12 }), work: fc.nat(5) }),
  mixed: fc.record({
    keys: fc.integer({ min: 1, max: 8 }),
    operations: fc.integer({ min: 1, max: 8 }),
    reads: share,
    blind: share,
    again: share,
    reverts: fc.constantFrom(0, 0.4),
    decided: share,
    work: fc.nat(5),
  }),
  transfers: fc.record({
    accounts: fc.integer({ min: 2, max: 12 }),
    variant: fc.constantFrom('diem', 'aptos', 'plain'),
    work: fc.nat(5),
    amount: fc.integer({ min: 1, max: 3 }),
    balance: fc.nat(9),
  }),
  'write-skew': fc.record({
    pairs: fc.integer({ min: 1, max: 6 }),
    balance: fc.nat(9),
    amount: fc.integer({ min: 1, max: 3 }),
    work: fc.nat(5),
  }),
  ycsb: fc
    .record({
      keys: fc.integer({ min: 8, max: 20 }),
      operations: fc.integer({ min: 1, max: 8 }),
      reads: fc.double({ min: 0, max: 1, noNaN: true }),
      theta: fc.double({ min: 0, max: 0.99, noNaN: true }),
      writes: fc.constantFrom('rmw', 'blind'),
      repeats: fc.constantFrom('kept', 'dropped', 'redrawn'),
      work: fc.nat(5),
      partitions: fc.constantFrom(0, 0, 1),
      spread: share,
      touched: fc.integer({ min: 1, max: 3 }),
    })
    .map((drawn) => ({ ...drawn, partitions: drawn.keys < 16 ? 0 : drawn.partitions })),
};

const names = Object.keys(workloads) as (keyof typeof workloads)[];

test('the registry is sorted, and each entry has the name of what it loads', async () => {
  expect(names).toEqual([...names].sort());
  expect(Object.keys(parameters).sort()).toEqual(names);
  for (const name of names) expect((await workloads[name]()).default.name).toBe(name);
});

describe.each(names)('%s', async (name) => {
  const workload: Workload = (await workloads[name]()).default;
  const chosen = parameters[name];
  const sizes = fc.integer({ min: 0, max: 30 });

  test('describes every parameter, has a default for each, and refuses others', () => {
    for (const [parameter, schema] of Object.entries(workload.parameters.shape)) {
      expect(schema.description, parameter).toMatch(/\w{4}/);
    }
    expect(workload.parameters.parse({})).toBeTypeOf('object');
    expect(workload.parameters.safeParse({ unheard: 1 }).success).toBe(false);
  });

  test('makes the same block of the same seed, and other blocks of other seeds', () => {
    fc.assert(
      fc.property(chosen, sizes, fc.nat(), (given, size, seed) => {
        expect(makeBlock(workload, given, size, seed)).toEqual(makeBlock(workload, given, size, seed));
      }),
    );
    const blocks = [1, 2, 3].map((seed) => makeBlock(workload, {}, 100, seed).args.join());
    expect(new Set(blocks).size).toBe(3);
  });

  test('makes well-formed blocks of plain arrays', () => {
    fc.assert(
      fc.property(chosen, sizes, fc.nat(), (given, size, seed) => {
        const block = makeBlock(workload, given, size, seed);
        expect(block.transactions).toBe(size);
        expect(block.initial).toHaveLength(block.keys);
        expect(block.procedure).toHaveLength(size);
        expect(block.argsFrom).toHaveLength(size + 1);
        expect(block.argsFrom[0]).toBe(0);
        expect(block.argsFrom[size]).toBe(block.args.length);
        expect(Math.max(0, ...block.procedure)).toBeLessThan(block.procedures.length);
        for (const array of [block.initial, block.procedure, block.args, block.argsFrom]) {
          expect(array.buffer).toBeInstanceOf(ArrayBuffer);
          expect(array.byteLength).toBe(array.buffer.byteLength);
        }
      }),
    );
  });

  test('touches only declared keys, and no more of them than the block says', () => {
    fc.assert(
      fc.property(chosen, sizes, fc.nat(), (given, size, seed) => {
        const block = makeBlock(workload, given, size, seed);
        const { reads, writes } = workload.accessSets(block);
        const run = runSerially(block, shuffled(size, seed));
        for (const [t, touched] of run.touched.entries()) {
          expect(keysOf(reads, t)).toEqual(expect.arrayContaining([...touched.reads]));
          expect(keysOf(writes, t)).toEqual(expect.arrayContaining([...touched.writes]));
          expect(new Set(touched.reads).size).toBeLessThanOrEqual(block.maxReads);
          expect(new Set(touched.writes).size).toBeLessThanOrEqual(block.maxWrites);
          expect(touched.work).toBe(given.work);
        }
        expect(Math.min(block.maxReads, block.maxWrites)).toBeGreaterThanOrEqual(1);
      }),
    );
  });

  test('declares keys of the block, ascending and without repeats', () => {
    fc.assert(
      fc.property(chosen, sizes, fc.nat(), (given, size, seed) => {
        const block = makeBlock(workload, given, size, seed);
        const sets = workload.accessSets(block);
        for (const set of [sets.reads, sets.writes]) {
          expect(set.from).toHaveLength(size + 1);
          expect(set.from[size]).toBe(set.keys.length);
          for (let t = 0; t < size; t++) {
            const keys = keysOf(set, t);
            expect(keys).toEqual([...new Set(keys)].sort((a, b) => a - b));
            expect(keys.every((key) => key >= 0 && key < block.keys)).toBe(true);
          }
        }
      }),
    );
  });

  test('keeps its invariant after any serial execution', () => {
    fc.assert(
      fc.property(chosen, sizes, fc.nat(), fc.nat(), (given, size, seed, order) => {
        const block = makeBlock(workload, given, size, seed);
        const { state, outcomes } = runSerially(block, shuffled(size, order));
        expect(workload.check(block, state, outcomes)).toBeUndefined();
      }),
    );
  });

  test('notices any single key that holds a value of its own', () => {
    fc.assert(
      fc.property(chosen, fc.nat(), fc.nat(), fc.nat(), (given, seed, at, damage) => {
        const block = makeBlock(workload, given, 20, seed);
        const { state, outcomes } = runSerially(block);
        const key = touchedKeys(block, at);
        for (const value of [Number.NaN, -1e9, 0.5, state[key] + 1e6 + damage]) {
          const damaged = state.slice();
          damaged[key] = value;
          expect(workload.check(block, damaged, outcomes), `${key} = ${value}`).toBeTypeOf('string');
        }
      }),
    );
  });
});

/** One of the keys that the block's transactions touch. */
function touchedKeys(block: Block, at: number): number {
  const run = runSerially(block);
  const keys = run.touched.flatMap(({ reads, writes }, t) =>
    run.outcomes[t] === COMMITTED ? [...reads, ...writes] : reads,
  );
  return keys[at % keys.length];
}

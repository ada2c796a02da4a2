/** Mixed: its parameters reach the edges that they are for, and its values tell who wrote them. */
import { expect, test } from 'vitest';
import mixed from '../../workloads/mixed.ts';
import { COMMITTED, REVERTED } from '../../workloads/workload.ts';
import { makeBlock, runSerially } from './serial.ts';

const WRITER = 2 ** 32;

function ran(parameters: Record<string, number>, transactions = 200) {
  const block = makeBlock(mixed, parameters, transactions, 1);
  return { block, ...runSerially(block) };
}

test('by default there is some of everything', () => {
  const { outcomes, touched } = ran({});
  const share = (count: number): number => count / outcomes.length;
  expect(share(outcomes.filter((outcome) => outcome === REVERTED).length)).toBeGreaterThan(0.05);
  expect(share(touched.filter(({ writes }) => writes.length > new Set(writes).size).length)).toBeGreaterThan(
    0.05,
  );
  expect(share(touched.filter(({ reads }) => reads.length === 0).length)).toBeGreaterThan(0.02);
  expect(share(touched.filter(({ writes }) => writes.length === 0).length)).toBeGreaterThan(0.05);
  const revertedAfterWrites = touched.filter(
    ({ writes }, t) => outcomes[t] === REVERTED && writes.length > 0,
  );
  expect(revertedAfterWrites.length).toBeGreaterThan(2);
});

test('only reads, only writes, all revert', () => {
  expect(ran({ reads: 1 }).touched.every(({ writes }) => writes.length === 0)).toBe(true);
  expect(ran({ reads: 0, blind: 1 }).touched.every(({ reads }) => reads.length === 0)).toBe(true);
  expect(ran({ reverts: 1, decided: 0 }).outcomes.every((outcome) => outcome === REVERTED)).toBe(true);
  expect(ran({ reverts: 0 }).outcomes.every((outcome) => outcome === COMMITTED)).toBe(true);
});

test('whether a transaction reverts depends on what it reads', () => {
  const block = makeBlock(mixed, { reverts: 1, decided: 1, keys: 2 }, 100, 1);
  const forwards = runSerially(block).outcomes;
  const backwards = runSerially(
    block,
    Array.from({ length: 100 }, (_, i) => 99 - i),
  ).outcomes;
  expect(forwards).not.toEqual(backwards);
});

test('a value names its writer, and what was read before decides the rest of it', () => {
  const { block, outcomes, state, touched } = ran({ keys: 4, operations: 8 });
  for (let key = 0; key < 4; key++) {
    const writer = Math.floor(state[key] / WRITER) - 1;
    expect(touched[writer].writes).toContain(key);
    expect(outcomes[writer]).toBe(COMMITTED);
  }
  const backwards = runSerially(
    block,
    Array.from({ length: 200 }, (_, i) => 199 - i),
  ).state;
  expect(backwards).not.toEqual(state);
});

test('its check knows a lost key, a reverted writer and an intermediate value', () => {
  const block = makeBlock(mixed, { keys: 1, operations: 4, reads: 0, blind: 1, reverts: 0 }, 3, 1);
  const { state, outcomes, touched } = runSerially(block);
  expect(mixed.check(block, state, outcomes)).toBeUndefined();
  expect(mixed.check(block, block.initial, outcomes)).toMatch(
    /^key 0 holds 1, which is not what the last write/,
  );
  expect(mixed.check(block, state, [REVERTED, REVERTED, REVERTED])).toMatch(
    /instead of its initial 1, and no committed/,
  );
  expect(mixed.check(block, state, [COMMITTED, COMMITTED, REVERTED])).toMatch(/^key 0 holds /);
  const many = touched.findIndex(({ writes }) => writes.length > 1);
  const values: number[] = [];
  const steps = block.procedures[0](
    {
      *read() {
        return 0;
      },
      *write(_key, value) {
        values.push(value);
      },
      work() {},
    },
    block.args,
    block.argsFrom[many],
  );
  steps[Symbol.iterator]().next();
  const last = values.at(-1) as number;
  expect(mixed.check(block, Float64Array.of(last), outcomes)).toBeUndefined();
  expect(mixed.check(block, Float64Array.of(values[0]), outcomes)).toMatch(/^key 0 holds /);
});

/** The serial executor: what it executes, against a second one, and what it refuses. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DIGEST_SEED, mix } from '../../harness/machine/digest.ts';
import { drain } from '../../harness/verify/drain.ts';
import { accessesOf, replay } from '../../harness/verify/replay.ts';
import type { Procedure } from '../../workloads/workload.ts';
import { orderOf, scripts } from './arbitraries.ts';
import { blockOf, type Script, serialRun } from './scripts.ts';

function digestOf(...values: number[]): number {
  return values.reduce(mix, DIGEST_SEED);
}

test('transactions follow one another in the order given', () => {
  const block = blockOf(
    [
      [
        ['read', 0],
        ['add', 0, 1],
      ],
      [
        ['read', 0],
        ['add', 0, 10],
      ],
    ],
    1,
    Float64Array.of(5),
  );
  const { outcomes, digests, state } = replay(block, [1, 0]);
  expect([...outcomes]).toEqual([0, 0]);
  expect([...digests]).toEqual([digestOf(15), digestOf(5)]);
  expect([...state]).toEqual([16]);
  expect([...block.initial]).toEqual([5]);
});

test('a transaction reads its own writes, and the digest has them', () => {
  const { digests } = replay(
    blockOf(
      [
        [
          ['write', 0, 7],
          ['read', 0],
          ['write', 0, 8],
          ['read', 0],
        ],
      ],
      1,
    ),
    [0],
  );
  expect(digests[0]).toBe(digestOf(7, 8));
});

test('a transaction that reverts leaves nothing, though it wrote a key twice', () => {
  const reverts: Script = [['write', 0, 7], ['write', 1, 1], ['write', 0, 8], ['read', 0], ['revert']];
  const { outcomes, digests, state } = replay(
    blockOf([reverts, [['read', 0]]], 2, Float64Array.of(3, 4)),
    [0, 1],
  );
  expect([...outcomes]).toEqual([1, 0]);
  expect([...digests]).toEqual([digestOf(8), digestOf(3)]);
  expect([...state]).toEqual([3, 4]);
});

test('a second executor agrees', () => {
  const cases = scripts(3, 6).chain((list) => fc.tuple(fc.constant(list), orderOf(list.length)));
  fc.assert(
    fc.property(cases, ([list, order]) => {
      const block = blockOf(list, 3, Float64Array.of(1, 2, 3));
      const { outcomes, digests, state } = serialRun(block, order, 'points');
      expect(replay(block, order)).toEqual({ outcomes, digests, state });
    }),
    { seed: 7, numRuns: 500 },
  );
});

test('the accesses of a transaction are those of the replay', () => {
  const block = blockOf([[['add', 0, 2]], [['read', 0], ['add', 1, 1], ['read', 1], ['revert']]], 2);
  expect(accessesOf(block, [0, 1], 1)).toEqual([
    { kind: 'read', key: 0, value: 2 },
    { kind: 'write', key: 1, value: 3 },
    { kind: 'read', key: 1, value: 3 },
  ]);
  expect(accessesOf(block, [1, 0], 1)[0]).toEqual({ kind: 'read', key: 0, value: 0 });
});

describe('it refuses', () => {
  const refuses = (procedure: Procedure) => () =>
    replay({ ...blockOf([[]], 2), procedures: [procedure] }, [0]);

  test.each([-1, 2, 0.5, Number.NaN, 4_294_967_296])('key %d', (key) => {
    const reads = refuses(function* (tx) {
      yield* tx.read(key);
      return 0;
    });
    const writes = refuses(function* (tx) {
      yield* tx.write(key, 1);
      return 0;
    });
    expect(reads).toThrow(
      `transaction 0 failed in the serial replay: it would read key ${key}, and keys are 0 … 1`,
    );
    expect(writes).toThrow(`it would write key ${key}`);
  });

  test('another outcome', () => {
    const procedure = function* () {
      return 2;
    } as unknown as Procedure;
    expect(refuses(procedure)).toThrow('its outcome is 2, neither COMMITTED nor REVERTED');
  });

  test('a pause', () => {
    const pauses: Procedure = function* () {
      yield;
      return 0;
    };
    expect(refuses(pauses)).toThrow('it paused');
    expect(() => drain([undefined][Symbol.iterator]() as never)).toThrow('it paused');
  });
});

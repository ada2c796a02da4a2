/** What a witness may look like: malformed ones are unknown, large ones are quick, and none crashes. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { orderByPoints } from '../../harness/verify/order.ts';
import { replay } from '../../harness/verify/replay.ts';
import { verify } from '../../harness/verify/verify.ts';
import { blockOf, runOf, type Script, workloadOf } from './scripts.ts';

const workload = workloadOf();
const idle = blockOf([[], []], 2);

/** The verdict on two idle transactions with such reports of the cores. */
function judge(versions: number[][]) {
  const run = runOf({ witness: 'versions', ...replay(idle, [0, 1]), versions });
  return verify(workload, idle, 'serializable', run);
}

describe('versions', () => {
  test.each([
    [
      'a transaction is reported twice',
      [
        [0, 0, 0, 1, 0, 0],
        [0, 0, 0],
      ],
      'transaction 0 is reported twice',
    ],
    ['never', [[0, 0, 0]], 'transaction 1 is not reported'],
    ['not in the block', [[0, 0, 0, 2, 0, 0]], 'core 0 reports transaction 2, and the block has 2'],
    ['negative', [[-1, 0, 0]], 'core 0 reports transaction -1, and the block has 2'],
    [
      'a key is outside',
      [[0, 1, 0, 2, 0, 1, 0, 0]],
      'transaction 0 is reported with key 2, and keys are 0 … 1',
    ],
    [
      'a key is negative',
      [[0, 0, 1, -1, 1, 0, 1, 0, 0]],
      'transaction 0 is reported with key -1, and keys are 0 … 1',
    ],
    [
      'a record ends early',
      [
        [0, 0, 0],
        [1, 0],
      ],
      'the witness of core 1 ends inside the record at 0',
    ],
    [
      'reads run off the end',
      [[0, 0, 0, 1, 2, 0, 0, 0]],
      'the witness of core 0 ends inside the record at 3',
    ],
    ['writes run off the end', [[1, 0, 1, 0, 1]], 'the witness of core 0 ends inside the record at 0'],
    ['counts are huge', [[1, 2147483647, 2147483647]], 'the witness of core 0 ends inside the record at 0'],
    ['counts are negative', [[0, -1, 1, 0, 0, 0]], 'transaction 0 is reported with -1 reads, 1 writes'],
    [
      'a version is written twice',
      [[0, 0, 1, 1, 5, 0, 1, 0, 1, 1, 5, 0]],
      'version 5 of key 1 is written twice, by transactions 0 and 1',
    ],
    [
      'the initial version is written',
      [[0, 0, 1, 1, 0, 4, 1, 0, 0]],
      'transaction 0 wrote version 0 of key 1, the initial one',
    ],
    [
      'a version from nowhere is overwritten',
      [[0, 0, 1, 1, 5, 4, 1, 0, 0]],
      'transaction 0 overwrote version 4 of key 1, which nobody wrote',
    ],
    [
      'a version overwrites itself by way of another',
      [[0, 0, 2, 1, 5, 6, 1, 6, 5, 1, 0, 0]],
      'versions of key 1 overwrote each other in a circle',
    ],
    [
      'intermediate versions do',
      [[0, 0, 3, 1, 5, 6, 1, 6, 5, 1, 7, 6, 1, 0, 0]],
      'versions of key 1 overwrote each other in a circle',
    ],
  ] as [string, number[][], string][])('unknown where %s', (_, versions, reason) => {
    expect(judge(versions)).toEqual({ verdict: 'unknown', reason });
  });

  test('any integers give a verdict', () => {
    const word = fc.oneof(fc.integer({ min: -1, max: 3 }), fc.integer());
    const report = fc.array(fc.array(word, { maxLength: 24 }), { maxLength: 3 });
    fc.assert(
      fc.property(report, (versions) => {
        expect(['valid', 'invalid', 'unknown']).toContain(judge(versions).verdict);
      }),
      { seed: 1, numRuns: 2000 },
    );
  });

  test('a hundred thousand transactions on one key, in a line and in a circle', () => {
    const n = 100_000;
    const scripts = Array.from(
      { length: n },
      (): Script => [
        ['read', 0],
        ['add', 0, 1],
      ],
    );
    const block = blockOf(scripts, 1);
    // The last transaction is the first in the order; what position p writes is version p + 1.
    const order = Int32Array.from({ length: n }, (_, p) => n - 1 - p);
    const verdictOf = (firstReads: number) => {
      const versions = [...order].flatMap((t, p) => [t, 1, 1, 0, p === 0 ? firstReads : p, 0, p + 1, p]);
      const run = runOf({ witness: 'versions', ...replay(block, order), versions: [versions] });
      return verify(workload, block, 'serializable', run);
    };
    const verdict = verdictOf(0);
    expect(verdict.verdict === 'valid' && order.every((t, p) => t === verdict.order[p])).toBe(true);
    expect(verdictOf(n)).toMatchObject({ verdict: 'invalid', anomaly: 'G1c', evidence: { length: n } });
  });
});

describe('points', () => {
  test('order transactions, equal ones by index', () => {
    expect([...orderByPoints(6, Float64Array.of(3, -1, 3, 0, -0, 2.5))]).toEqual([1, 3, 4, 5, 0, 2]);
  });

  test('sort as a stable sort does', () => {
    const point = fc.oneof(
      fc.integer({ min: -3, max: 3 }),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
    );
    fc.assert(
      fc.property(fc.array(point), (points) => {
        const expected = points.map((_, t) => t).sort((a, b) => points[a] - points[b] || a - b);
        expect([...orderByPoints(points.length, Float64Array.from(points))]).toEqual(expected);
      }),
      { seed: 2 },
    );
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    'unknown where one is %d',
    (point) => {
      const run = runOf({ witness: 'points', ...replay(idle, [0, 1]), points: [0, point] });
      const reason = `transaction 1 has no serialization number: its point is ${point}`;
      expect(verify(workload, idle, 'serializable', run)).toEqual({ verdict: 'unknown', reason });
    },
  );

  test('unknown where there are too few', () => {
    const run = runOf({ witness: 'points', ...replay(idle, [0, 1]), points: [0] });
    const reason = 'the witness has 1 points for 2 transactions';
    expect(verify(workload, idle, 'serializable', run)).toEqual({ verdict: 'unknown', reason });
  });
});

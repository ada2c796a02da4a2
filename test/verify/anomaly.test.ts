/** The names of anomalies, on the examples that the literature defines them by. */
import { describe, expect, test } from 'vitest';
import { type Invalid, verify } from '../../harness/verify/verify.ts';
import { history, KEYS } from './history.ts';
import { workloadOf } from './scripts.ts';

const workload = workloadOf();

function judge(line: string) {
  const { block, run } = history(line);
  return verify(workload, block, 'serializable', run);
}

function invalid(line: string): Invalid {
  const verdict = judge(line);
  if (verdict.verdict !== 'invalid') throw new Error(`${line} is ${JSON.stringify(verdict)}`);
  return verdict;
}

describe('serial histories are valid, in an order that explains them', () => {
  test.each([
    ['one after the other', 'r1x0 w1x1/0 c1 r2x1 w2x2/1 c2', [1, 2]],
    ['against their numbers', 'r2x0 w2x1/0 c2 r1x1 w1x2/1 c1', [2, 1]],
    ['an old snapshot goes before its overwriter', 'w1x1/0 w1y1/0 c1 r2x0 r2y0 c2', [2, 1]],
    ['interleaved without harm', 'r1x0 r2y0 w1x1/0 w2y1/0 r3x1 r3y1 c1 c2 c3', [1, 3]],
    ['blind writes', 'w1x1/0 w2x2/1 w1y1/0 w2y2/1', [1, 2]],
    ['a transaction that writes a key twice', 'w1x1/0 r1x1 w1x2/1 r2x2', [1, 2]],
    ['both writes over the version before', 'w1x1/0 w1x2/0 w2x3/2', [1, 2]],
    ['a reverted transaction reads its place', 'w1x1/0 r2x1 w2x9/1 a2 w3x2/1', [1, 2, 3]],
    ['any integers are versions', 'w2x-2147483648/0 w1x2147483647/-2147483648 r3x2147483647', [2, 1, 3]],
    ['another writes over an intermediate version', 'w1x1/0 w2x2/1 w1x3/2', [2, 1]],
    ['so over two of them', 'w1x1/0 w2x2/1 w1x3/2 w2x4/3 w1x5/4', [2, 1]],
  ])('%s', (_, line, before) => {
    const verdict = judge(line);
    expect(verdict).toMatchObject({ verdict: 'valid' });
    if (verdict.verdict !== 'valid') return;
    const positions = before.map((t) => verdict.order.indexOf(t));
    expect(positions).toEqual(positions.toSorted((a, b) => a - b));
    expect([...verdict.order].sort()).toEqual([...verdict.order.keys()]);
  });
});

describe('anomalies have their names', () => {
  test.each([
    ['lost update, with the version order known', 'r1x0 r2x0 w1x1/0 w2x2/1', 'G-single'],
    ['lost update, with a fork', 'r1x0 r2x0 w1x1/0 w2x2/0', 'G-single'],
    ['a fork of blind writes', 'w1x1/0 w2x2/0', 'G-single'],
    ['a fork later on', 'w3x7/0 r1x7 r2x7 w1x1/7 w2x2/7', 'G-single'],
    ['read skew', 'r1x0 w2x1/0 w2y1/0 r1y1', 'G-single'],
    ['a read that does not repeat', 'r1x0 w2x1/0 r1x1', 'G-single'],
    ['write skew', 'r1x0 r1y0 r2x0 r2y0 w1x1/0 w2y1/0', 'G2'],
    ['long fork', 'w1x1/0 w2y1/0 r3x1 r3y0 r4x0 r4y1', 'G2'],
    ['the read-only anomaly', 'r2x0 r2y0 r1y0 w1y20/0 r3x0 r3y20 w2x-11/0', 'G2'],
    ['a reverted transaction that saw a long fork', 'w1x1/0 w2y1/0 r3x1 r3y0 r4x0 r4y1 a4', 'G2'],
    ['dirty read', 'w1x1/0 r2x1 a1', 'G1a'],
    ['a read of a version from nowhere', 'r1x5', 'G1a'],
    ['an update of a version from nowhere', 'r1x5 w1x6/5', 'G1a'],
    ['intermediate read', 'w1x1/0 r2x1 w1x2/1', 'G1b'],
    ['dirty write', 'w1x1/0 w2x2/1 w2y1/0 w1y2/1', 'G0'],
    ['circular information flow', 'w1x1/0 r2x1 w2y1/0 r1y1', 'G1c'],
    ['circular by a write and a read', 'w1x1/0 w2x2/1 w2y1/0 r1y1', 'G1c'],
  ])('%s', (_, line, name) => {
    expect(invalid(line).anomaly).toBe(name);
  });

  test.each([
    ['G1a', 'before G1b', 'w1x1/0 r2x1 w1x2/1 r2z9'],
    ['G1b', 'before G0', 'w1x1/0 w2x2/1 w2y1/0 w1y2/1 r3y3 w1y3/2 w1y4/3'],
    ['G0', 'before G1c', 'w3x1/0 r4x1 w4y1/0 r3y1 w1u1/0 w2u2/1 w2v1/0 w1v2/1'],
    ['G0', 'before G1c, whichever comes first', 'w1x1/0 r2x1 w2y1/0 r1y1 w3u1/0 w4u2/1 w4v1/0 w3v2/1'],
    [
      'G0',
      'before a shorter G1c among the same',
      'w1x1/0 w2x2/1 w2y1/0 w3y2/1 w3z1/0 w1z2/1 w1u1/0 r2u1 w2v1/0 r1v1',
    ],
    ['G1c', 'before a fork', 'w1u1/0 w2u2/0 w3x1/0 r4x1 w4y1/0 r3y1'],
    ['G0', 'before a fork', 'w5z1/0 w6z2/0 w1x1/0 w2x2/1 w2y1/0 w1y2/1'],
    ['G-single', 'before G2', 'r1x0 r1y0 r2x0 r2y0 w1x1/0 w2y1/0 r3u0 r4u0 w3u1/0 w4u2/1'],
    ['G-single', 'in one component with G2', 'r1x0 r2y0 w2x1/0 w1y1/0 r3x1 r3y0 w3z1/0 r1z1'],
    ['G-single', 'for a fork before G2', 'w1u1/0 w2u2/0 r3x0 r3y0 r4x0 r4y0 w3x1/0 w4y1/0'],
  ])('%s %s', (name, _, line) => {
    expect(invalid(line).anomaly).toBe(name);
  });
});

test('versions of different keys are different, though their numbers are the same', () => {
  for (const unwritten of KEYS) {
    const written = [...KEYS].filter((key) => key !== unwritten).map((key) => `w1${key}1/0`);
    expect(invalid(`${written.join(' ')} r2${unwritten}1`).anomaly).toBe('G1a');
  }
});

describe('an anomaly is explained', () => {
  test('by the edges of a cycle', () => {
    const { explanation, evidence } = invalid('r1x0 r1y0 r2x0 r2y0 w1x1/0 w2y1/0');
    expect(explanation).toBe(
      'No serial order fits: 2 transactions must each precede the next in a circle (G2: a cycle of ' +
        'anti-dependencies). Transaction 1 read version 0 of key 1, overwritten by 2, so 1 precedes 2. ' +
        'Transaction 2 read version 0 of key 0, overwritten by 1, so 2 precedes 1.',
    );
    expect(evidence).toEqual({
      length: 2,
      cycle: [
        { from: 1, to: 2, kind: 'rw', key: 1, version: 0, next: 1 },
        { from: 2, to: 1, kind: 'rw', key: 0, version: 0, next: 1 },
      ],
    });
  });

  test('by the shortest cycle of a component', () => {
    // 1 → 2 → 3 → 1, and the way back from 3 to 2.
    const { evidence } = invalid('w1x1/0 r2x1 w2y1/0 r3y1 w3z1/0 r1z1 w3u1/0 r2u1');
    expect(evidence).toMatchObject({
      length: 2,
      cycle: [
        { from: 2, to: 3, kind: 'wr', key: 1 },
        { from: 3, to: 2 },
      ],
    });
  });

  test('by the two that overwrote one version', () => {
    const { explanation, evidence } = invalid('w3x7/0 r1x7 r2x7 w1x1/7 w2x2/7');
    expect(explanation).toContain('Transactions 1 and 2 both overwrote version 7 of key 0');
    expect(evidence).toMatchObject({ fork: { key: 0, version: 7, transactions: [1, 2] } });
  });

  test('by the read of what was never committed', () => {
    expect(invalid('w1x1/0 r2x1 a1').evidence).toEqual({
      read: { transaction: 2, key: 0, version: 1, writer: null },
    });
    expect(invalid('w1x1/0 r2x1 w1x2/1').evidence).toEqual({
      read: { transaction: 2, key: 0, version: 1, writer: 1 },
    });
  });

  test('a reverted transaction that reports its writes is not ordered by them', () => {
    const { block, run } = history('w1x1/0 w1y1/0 r2y0 w2x9/1 a2');
    const [idle, first, second] = run.cores;
    const versions = Int32Array.of(2, 1, 1, 1, 0, 0, 9, 1);
    const told = { ...run, cores: [idle, first, { ...second, versions }] };
    expect(verify(workload, block, 'serializable', told).verdict).toBe('valid');
  });

  test('nor may others read them', () => {
    const { block, run } = history('w1x1/0 r2x1 c2');
    run.outcomes[1] = 1;
    expect(verify(workload, block, 'serializable', run)).toMatchObject({
      anomaly: 'G1a',
      evidence: { read: { transaction: 2, writer: 1 } },
    });
  });
});

/** Verification as a whole: honest runs pass, whatever is corrupted is caught, and brute force agrees. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Run } from '../../harness/machine/run.ts';
import { replay } from '../../harness/verify/replay.ts';
import { verify } from '../../harness/verify/verify.ts';
import { carelessHistory, orderOf, permutations, scripts } from './arbitraries.ts';
import { type Action, history, historyOf } from './history.ts';
import { blockOf, runOf, serialRun, workloadOf } from './scripts.ts';

const workload = workloadOf();
const KEYS = 4;
const seed = 20_240;

/** A block and a run of it, serial in a random order, with a random form of witness. */
const honest = scripts(KEYS, 7)
  .chain((list) => fc.record({ list: fc.constant(list), order: orderOf(list.length) }))
  .chain(({ list, order }) => {
    const block = blockOf(list, KEYS, Float64Array.of(1, 2, 3, 4));
    return fc
      .constantFrom('points' as const, 'versions' as const)
      .map((witness) => ({ block, run: serialRun(block, order, witness) }));
  });

/** A copy, so that a test may change it. */
function copy(run: Run): Run {
  const { outcomes, digests, state, points } = run;
  return {
    ...run,
    outcomes: outcomes.slice(),
    digests: digests.slice(),
    state: state.slice(),
    points: points.slice(),
    cores: run.cores.map((core) => ({ ...core, versions: core.versions.slice() })),
  };
}

describe('an honest run', () => {
  test('is valid, in an order equivalent to its own', () => {
    fc.assert(
      fc.property(honest, ({ block, run }) => {
        const verdict = verify(workload, block, 'serializable', run);
        expect(verdict.verdict).toBe('valid');
        if (verdict.verdict !== 'valid') return;
        const { outcomes, digests, state } = replay(block, verdict.order);
        expect({ outcomes, digests, state }).toEqual({
          outcomes: run.outcomes,
          digests: run.digests,
          state: run.state,
        });
      }),
      { seed, numRuns: 500 },
    );
  });

  test.each(['serializable', 'snapshot-isolation', 'none'] as const)(
    'is judged alike under %s',
    (guarantee) => {
      const { block, run } = history('r1x0 r1y0 r2x0 r2y0 w1x1/0 w2y1/0');
      expect(verify(workload, block, guarantee, run)).toMatchObject({ verdict: 'invalid', anomaly: 'G2' });
    },
  );

  test('with a preset witness is judged in the block order', () => {
    const block = blockOf([[['add', 0, 1]], [['read', 0]]], 1);
    const inOrder = runOf({ witness: 'preset', ...replay(block, [0, 1]) });
    const reversed = runOf({ witness: 'preset', ...replay(block, [1, 0]) });
    expect(verify(workload, block, 'serializable', inOrder).verdict).toBe('valid');
    expect(verify(workload, block, 'serializable', reversed)).toMatchObject({ anomaly: 'read' });
  });
});

describe('a corrupted run is caught', () => {
  const where = fc.nat();

  test('in a digest, an outcome or a final value', () => {
    fc.assert(
      fc.property(honest, fc.constantFrom('digests', 'outcomes', 'state'), where, (made, what, index) => {
        const run = copy(made.run);
        const array = run[what as 'digests' | 'outcomes' | 'state'];
        const at = index % array.length;
        array[at] = what === 'outcomes' ? 1 - array[at] : array[at] + 1;
        expect(verify(workload, made.block, 'serializable', run).verdict).not.toBe('valid');
      }),
      { seed, numRuns: 500 },
    );
  });

  test('in any word of its versions, or its order is still equivalent', () => {
    fc.assert(
      fc.property(honest, fc.nat(1), where, fc.integer({ min: -3, max: 3 }), (made, core, index, by) => {
        const run = copy(made.run);
        const { versions } = run.cores[core];
        if (versions.length > 0) versions[index % versions.length] += by;
        const verdict = verify(workload, made.block, 'serializable', run);
        if (verdict.verdict !== 'valid') return;
        expect(replay(made.block, verdict.order).state).toEqual(run.state);
        expect(replay(made.block, verdict.order).digests).toEqual(run.digests);
      }),
      { seed, numRuns: 1000 },
    );
  });

  test('in a read version where that matters', () => {
    const { block, run } = history('w1x1/0 r2x1 w2y1/0 w3x2/1 r3y1');
    const stale = copy(run);
    stale.cores[2].versions[4] = 0; // transaction 2 says that it read x0
    expect(verify(workload, block, 'serializable', run).verdict).toBe('valid');
    expect(verify(workload, block, 'serializable', stale)).toMatchObject({ anomaly: 'read' });
  });
});

describe('brute force over all orders agrees', () => {
  /** Whether in this order each transaction sees what it saw, and the values at the end are the same. */
  const explains = ({ block, run }: { block: ReturnType<typeof blockOf>; run: Run }) => {
    return permutations(block.transactions).some((order) => {
      const serial = replay(block, order);
      return (
        serial.digests.every((digest, t) => digest === run.digests[t]) &&
        serial.outcomes.every((outcome, t) => outcome === run.outcomes[t]) &&
        serial.state.every((value, key) => value === run.state[key])
      );
    });
  };

  test('where everybody reads what they write', () => {
    const seen = { valid: 0, invalid: 0, unknown: 0 };
    fc.assert(
      fc.property(carelessHistory(false), ({ actions, transactions }) => {
        const made = historyOf(actions, transactions);
        const { verdict } = verify(workload, made.block, 'serializable', made.run);
        seen[verdict]++;
        expect(verdict === 'valid').toBe(explains(made));
      }),
      { seed, numRuns: 800 },
    );
    expect(Math.min(seen.valid, seen.invalid)).toBeGreaterThan(100);
    expect(seen.unknown).toBe(0);
  });

  test('with blind writes, over orders that keep to the versions', () => {
    const seen = { valid: 0, invalid: 0, unknown: 0 };
    fc.assert(
      fc.property(carelessHistory(true), ({ actions, transactions }) => {
        const made = historyOf(actions, transactions);
        const { verdict } = verify(workload, made.block, 'serializable', made.run);
        seen[verdict]++;
        const kept = permutations(transactions).some((order) => keepsVersions(actions, order));
        expect(verdict === 'valid').toBe(kept);
        if (kept) expect(explains(made)).toBe(true);
      }),
      { seed, numRuns: 800 },
    );
    expect(Math.min(seen.valid, seen.invalid)).toBeGreaterThan(100);
  });
});

/** Whether in this order each read sees its version, and each last write of a key overwrites its own. */
function keepsVersions(actions: readonly Action[], order: readonly number[]): boolean {
  const writes = actions.filter((action) => action.kind === 'write');
  const last = (w: (typeof writes)[number]) => writes.findLast((o) => o.by === w.by && o.key === w.key) === w;
  const installedBefore = (version: number): number => {
    const write = writes.find((w) => w.version === version);
    return write === undefined || last(write) ? version : installedBefore(write.over);
  };
  const latest = new Map<number, number>();
  return order.every((t) => {
    const mine = actions.filter(({ by }) => by === t);
    const own = new Set(writes.filter(({ by }) => by === t).map(({ version }) => version));
    const reads = mine.every(
      (a) => a.kind !== 'read' || own.has(a.version) || a.version === (latest.get(a.key) ?? 0),
    );
    const finals = writes.filter((w) => w.by === t && last(w));
    const overwrites = finals.every((w) => installedBefore(w.over) === (latest.get(w.key) ?? 0));
    for (const { key, version } of finals) latest.set(key, version);
    return reads && overwrites;
  });
}

describe('block order', () => {
  // 0 adds to key 0, which 1 reads; 2 is on its own.
  const block = blockOf([[['add', 0, 5]], [['read', 0]], [['add', 1, 7]]], 2);

  test.each(['points', 'versions', 'preset'] as const)(
    'is the order, whatever a witness by %s says',
    (witness) => {
      const commuted = verify(workload, block, 'block-order', serialRun(block, [2, 0, 1], witness));
      expect(commuted).toEqual({ verdict: 'valid', order: Int32Array.of(0, 1, 2) });
      const swapped = verify(workload, block, 'block-order', serialRun(block, [1, 0, 2], witness));
      expect(swapped).toMatchObject({
        verdict: 'invalid',
        anomaly: 'block-order',
        evidence: { differs: 'read', transaction: 1 },
      });
    },
  );

  test('names the edge that goes backward', () => {
    expect(verify(workload, block, 'block-order', serialRun(block, [1, 0, 2], 'versions'))).toMatchObject({
      explanation: expect.stringContaining(
        'so transaction 1 comes before 0, against their order in the block',
      ),
      evidence: { edge: { from: 1, to: 0, kind: 'rw', key: 0, version: 0 } },
    });
  });

  test('names an anomaly', () => {
    const { block, run } = history('r1x0 r2x0 w1x1/0 w2x2/0');
    expect(verify(workload, block, 'block-order', run)).toMatchObject({ anomaly: 'G-single' });
  });
});

describe('what differs from the replay is told', () => {
  const block = blockOf(
    [
      [
        ['read', 0],
        ['add', 1, 1],
      ],
      [['read', 1], ['read', 0], ['revert-if-odd']],
    ],
    3,
  );
  const run = () => copy(serialRun(block, [0, 1], 'points'));

  test('a read', () => {
    const wrong = run();
    wrong.digests[1] ^= 1;
    const verdict = verify(workload, block, 'serializable', wrong);
    expect(verdict).toEqual({
      verdict: 'invalid',
      anomaly: 'read',
      explanation:
        'Transaction 1, number 1 in the serial order, read other values in the run than in the serial replay. ' +
        'There it reads key 1 = 1, key 0 = 0.',
      evidence: {
        transaction: 1,
        position: 1,
        outcome: { run: 1, serial: 1 },
        digest: { run: wrong.digests[1], serial: wrong.digests[1] ^ 1 },
        serialAccesses: [
          { kind: 'read', key: 1, value: 1 },
          { kind: 'read', key: 0, value: 0 },
        ],
      },
    });
  });

  test('an outcome', () => {
    const wrong = run();
    wrong.outcomes[1] = 0;
    expect(verify(workload, block, 'serializable', wrong)).toMatchObject({
      anomaly: 'outcome',
      explanation: expect.stringContaining('committed in the run, but reverted in the serial replay'),
    });
  });

  test('the first difference in the serial order, not by index', () => {
    const wrong = copy(serialRun(block, [1, 0], 'points'));
    wrong.digests[0] ^= 1;
    const evidence = () => verify(workload, block, 'serializable', wrong);
    expect(evidence()).toMatchObject({ evidence: { transaction: 0, position: 1 } });
    wrong.digests[1] ^= 1;
    expect(evidence()).toMatchObject({ evidence: { transaction: 1, position: 0 } });
  });

  test('the final state, as plain data', () => {
    const wrong = run();
    wrong.state.set([-0, Number.NaN, 9]);
    const verdict = verify(workload, block, 'serializable', wrong);
    expect(verdict).toMatchObject({
      anomaly: 'state',
      explanation: expect.stringContaining(
        'Key 0 is -0 after the run, but 0 after the serial replay (2 other keys',
      ),
      evidence: {
        count: 3,
        keys: [
          { key: 0, run: '-0', serial: 0 },
          { key: 1, run: 'NaN', serial: 1 },
          { key: 2, run: 9, serial: 0 },
        ],
      },
    });
    expect(JSON.parse(JSON.stringify(verdict))).toEqual(verdict);
  });

  test('ten keys of many', () => {
    const wide = blockOf([[]], 25);
    const wrong = copy(serialRun(wide, [0], 'points'));
    wrong.state.fill(1);
    const verdict = verify(workload, wide, 'serializable', wrong);
    if (verdict.verdict !== 'invalid') throw new Error('not caught');
    expect(verdict.evidence.count).toBe(25);
    expect(verdict.evidence.keys).toHaveLength(10);
  });

  test('a NaN in both is no difference', () => {
    const odd = blockOf([[['read', 0]]], 1, Float64Array.of(Number.NaN));
    expect(verify(workload, odd, 'serializable', serialRun(odd, [0], 'points')).verdict).toBe('valid');
  });

  test('a transaction that never completed', () => {
    const wrong = run();
    wrong.outcomes[0] = -1;
    expect(verify(workload, block, 'serializable', wrong)).toEqual({
      verdict: 'invalid',
      anomaly: 'incomplete',
      explanation: 'Transaction 0 never completed.',
      evidence: { count: 1, transactions: [0] },
    });
  });

  test("the workload's own invariant, with the run's state and outcomes", () => {
    const strict = workloadOf((_, state, outcomes) => `sum ${state[1]}, outcomes ${Array.from(outcomes)}`);
    expect(verify(strict, block, 'serializable', run())).toMatchObject({
      verdict: 'invalid',
      anomaly: 'invariant',
      explanation: expect.stringContaining('The invariant of scripts is broken: sum 1, outcomes 0,1.'),
    });
  });
});

describe('unknown', () => {
  test('where the run has not the shape of the block', () => {
    const block = blockOf([[]], 2);
    const run = serialRun(block, [0], 'points');
    for (const [change, reason] of [
      [{ state: new Float64Array(1) }, 'the run has 1 final values where the block needs 2'],
      [{ outcomes: new Int32Array(2) }, 'the run has 2 outcomes where the block needs 1'],
      [{ digests: new Int32Array(0) }, 'the run has 0 digests where the block needs 1'],
    ] as const) {
      const verdict = verify(workload, block, 'serializable', { ...run, ...change });
      expect(verdict).toEqual({ verdict: 'unknown', reason });
    }
  });

  test('where the replay itself fails', () => {
    const block = blockOf([[['read', 2]]], 2);
    const run = runOf({ witness: 'preset', ...replay(blockOf([[]], 2), [0]) });
    expect(verify(workload, block, 'serializable', run)).toEqual({
      verdict: 'unknown',
      reason: 'transaction 0 failed in the serial replay: it would read key 2, and keys are 0 … 1',
    });
  });
});

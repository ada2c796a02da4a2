/** The lower bound of a makespan: by hand, and against schedules that reach it or do not. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { algorithms } from '../../algorithms/index.ts';
import { configure } from '../../harness/experiment/configuration.ts';
import { simulatedTrial } from '../../harness/experiment/trials/simulated.ts';
import { type Bound, bound } from '../../harness/verify/bound.ts';
import { orderOf } from './arbitraries.ts';
import { blockOf, type Op, type Script } from './scripts.ts';

const READ = 10;
const costs = { attempt_ns: 0, operation_ns: 0, read_ns: READ, line_ns: 0, work_ns: 2 };
const KEYS = 4;

function boundOf(scripts: Script[], guarantee: 'block-order' | 'serializable', cores: number): Bound {
  return bound(blockOf(scripts, KEYS), [...scripts.keys()], guarantee, cores, costs);
}

/** Reads a key, works so many units, writes the key. */
function update(key: number, units: number): Script {
  return [
    ['read', key],
    ['work', units],
    ['add', key, 1],
  ];
}

describe('by hand', () => {
  test('a first read and work cost; a repeated read, a read of an own write and a write do not', () => {
    const script: Script = [
      ['read', 0],
      ['read', 0],
      ['write', 1, 1],
      ['read', 1],
      ['work', 7],
      ['read', 2],
    ];
    expect(boundOf([script], 'serializable', 1).work_ns_total).toBe(2 * READ + 14);
  });

  test('a transaction that reverts costs what it did', () => {
    expect(boundOf([[['read', 0], ['work', 5], ['revert']]], 'serializable', 1)).toEqual({
      work_ns_total: 20,
      critical_ns: 20,
      bound_ns: 20,
    });
  });

  test('an attempt costs, and so does the first read of each line that nobody has written', () => {
    const full = { ...costs, attempt_ns: 3, operation_ns: 0.5, line_ns: 100 };
    const scripts: Script[] = [
      [
        ['read', 0],
        ['read', 9],
      ],
      [['read', 7]],
      [['write', 17, 1]],
      [['read', 17]],
      [['read', 16]],
    ];
    const { work_ns_total, critical_ns } = bound(
      blockOf(scripts, 24),
      [0, 1, 2, 3, 4],
      'block-order',
      1,
      full,
    );
    // Keys 0 and 7 are on one line, 9 on the next; 17 is read as written, 16 as it was at first.
    expect(work_ns_total).toBe(5 * 3 + 6 * 0.5 + 5 * READ + 3 * 100);
    expect(critical_ns).toBe(3 + 2 * (0.5 + READ));
  });

  test('independent transactions share the cores', () => {
    const scripts = [0, 1, 2, 3].map((key) => update(key, 20));
    for (const guarantee of ['block-order', 'serializable'] as const) {
      expect(boundOf(scripts, guarantee, 2)).toEqual({ work_ns_total: 200, critical_ns: 50, bound_ns: 100 });
      expect(boundOf(scripts, guarantee, 100).bound_ns).toBe(50);
    }
  });

  test('a hot counter is serial under either guarantee', () => {
    const scripts = [10, 20, 30].map((units) => update(0, units));
    for (const guarantee of ['block-order', 'serializable'] as const) {
      expect(boundOf(scripts, guarantee, 8)).toEqual({ work_ns_total: 150, critical_ns: 150, bound_ns: 150 });
    }
  });

  test('of a hot counter only the stretch from read to last write is', () => {
    const script: Script = [['work', 50], ...update(0, 20), ['work', 50]];
    expect(boundOf([script, script, script], 'block-order', 8).critical_ns).toBe(100 + 3 * 50 + 100);
    // In any order the bound leaves out what is before the first stretch, and after the last.
    expect(boundOf([script, script, script, script, script], 'serializable', 8).critical_ns).toBe(5 * 50);
    expect(boundOf([script, script], 'serializable', 8).critical_ns).toBe(250);
  });

  test('a chain follows the block: write, then the read of it', () => {
    // 0 writes x after 20; 1 reads it from then on, and writes y after 20 + 10 + 40; 2 reads that.
    const chain: Script[] = [
      [
        ['work', 10],
        ['write', 0, 1],
        ['work', 10],
      ],
      [
        ['read', 0],
        ['work', 20],
        ['write', 1, 1],
      ],
      [['read', 1]],
    ];
    expect(boundOf(chain, 'block-order', 8).critical_ns).toBe(80);
    // Backward, nobody waits; and some order avoids all waiting.
    expect(boundOf(chain.toReversed(), 'block-order', 8).critical_ns).toBe(50);
    expect(boundOf(chain, 'serializable', 8).critical_ns).toBe(50);
  });

  test('a diamond waits for the longer of its sides', () => {
    const diamond: Script[] = [
      [
        ['work', 5],
        ['write', 0, 1],
      ],
      [
        ['read', 0],
        ['work', 10],
        ['write', 1, 1],
      ],
      [
        ['read', 0],
        ['work', 30],
        ['write', 2, 1],
      ],
      [
        ['read', 1],
        ['read', 2],
      ],
    ];
    expect(boundOf(diamond, 'block-order', 8)).toEqual({ work_ns_total: 130, critical_ns: 90, bound_ns: 90 });
    expect(boundOf(diamond, 'block-order', 1).bound_ns).toBe(130);
  });

  test('a reader waits for the last write of its writer, not for a reverted one', () => {
    const twice: Script = [
      ['write', 0, 1],
      ['work', 10],
      ['write', 0, 2],
    ];
    expect(boundOf([twice, [['read', 0]]], 'block-order', 8).critical_ns).toBe(30);
    expect(boundOf([[...twice, ['revert']], [['read', 0]]], 'block-order', 8).critical_ns).toBe(20);
  });

  test('a blind write waits for nobody, and frees those behind it', () => {
    const scripts: Script[] = [update(0, 50), [['write', 0, 1]], update(0, 40)];
    expect(boundOf(scripts, 'block-order', 8).critical_ns).toBe(110);
    expect(boundOf(scripts, 'serializable', 8).critical_ns).toBe(110);
    // Five updates of 30 and one blind write: two chains, one of which takes at least 75.
    const five = [...Array.from({ length: 5 }, () => update(0, 10)), scripts[1]];
    expect(boundOf(five, 'serializable', 8).critical_ns).toBe(75);
  });
});

describe('no schedule beats it', () => {
  const key = fc.nat(KEYS - 1);
  const op: fc.Arbitrary<Op> = fc.oneof(
    fc.tuple(fc.constant('read' as const), key),
    fc.tuple(fc.constant('add' as const), key, fc.constant(1)),
    fc.tuple(fc.constant('work' as const), fc.integer({ min: 1, max: 20 })),
  );
  const straight = fc
    .tuple(fc.array(op, { maxLength: 6 }), fc.integer({ min: 0, max: 5 }))
    .map(([ops, luck]): Script => (luck === 0 ? [...ops, ['revert']] : ops));
  const cases = fc
    .tuple(fc.array(straight, { minLength: 1, maxLength: 7 }), fc.integer({ min: 1, max: 4 }))
    .chain(([scripts, cores]) => fc.tuple(fc.constant(scripts), fc.constant(cores), orderOf(scripts.length)));

  test('in block order', () => {
    fc.assert(
      fc.property(cases, ([scripts, cores]) => {
        const { bound_ns, critical_ns } = boundOf(scripts, 'block-order', cores);
        const order = [...scripts.keys()];
        expect(bound_ns).toBeLessThanOrEqual(listSchedule(scripts, order, cores) + 1e-9);
        // With a core for each, the critical path is reached.
        expect(critical_ns).toBe(listSchedule(scripts, order, scripts.length));
      }),
      { seed: 11, numRuns: 500 },
    );
  });

  test('in any order', () => {
    let reached = 0;
    fc.assert(
      fc.property(cases, ([scripts, cores, order]) => {
        const { bound_ns } = boundOf(scripts, 'serializable', cores);
        const makespan = listSchedule(scripts, order, cores);
        expect(bound_ns).toBeLessThanOrEqual(makespan + 1e-9);
        if (Math.abs(bound_ns - makespan) < 1e-9) reached++;
      }),
      { seed: 12, numRuns: 1000 },
    );
    expect(reached).toBeGreaterThan(100);
  });
});

/**
 * The makespan of an ideal run equivalent to this order: each transaction, in order, on the core that is free
 * first; a read waits for the write it must see, every version is kept, and nothing else takes time.
 */
function listSchedule(scripts: readonly Script[], order: readonly number[], cores: number): number {
  const free = new Array<number>(cores).fill(0);
  const visible = new Array<number>(KEYS).fill(0);
  for (const t of order) {
    const core = free.indexOf(Math.min(...free));
    let clock = free[core];
    const known = new Set<number>();
    const written = new Map<number, number>();
    let committed = true;
    for (const [kind, operand = 0] of scripts[t]) {
      if (kind === 'work') clock += 2 * operand;
      else if (kind === 'revert') committed = false;
      else if (kind === 'read' && !known.has(operand)) clock = Math.max(clock, visible[operand]) + READ;
      if (kind === 'read' || kind === 'add') known.add(operand);
      if (kind === 'add') written.set(operand, clock);
    }
    free[core] = clock;
    if (committed) for (const [key, at] of written) visible[key] = at;
  }
  return Math.max(...free);
}

describe('no engine beats it, also where the machine charges for lines from memory and for code', () => {
  test.each(Object.keys(algorithms))('%s', async (algorithm) => {
    for (const [workload, parameters] of [
      ['ycsb', { keys: 4000, operations: 8, writes: 'blind' }],
      ['ycsb', { keys: 50, theta: 0.8 }],
      ['transfers', { variant: 'plain', accounts: 10, work: 0 }],
    ] as const) {
      const request = { algorithm, options: {}, workload, parameters, machine: 'server-32', seed: 5 };
      const model = { access_ns: 5, operation_ns: 7, attempt_ns: 40, memory_ns: 300 };
      const configuration = await configure({ ...request, model, cores: 4, transactions: 40 });
      const { metrics, verdict } = simulatedTrial(configuration);
      if (verdict.verdict === 'valid') expect(metrics.efficiency).toBeLessThanOrEqual(1 + 1e-9);
    }
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Conflicts, mostEdges } from '../../algorithms/static-dag/conflicts.ts';
import { components, criticalPath, levels, type Successors } from '../../algorithms/static-dag/plan.ts';
import { type Sightings, zombies } from '../../harness/check/zombies.ts';
import type { Run } from '../../harness/machine/run.ts';
import { models } from '../../harness/machine/simulated/models/index.ts';
import { simulate } from '../../harness/machine/simulated/simulate.ts';
import { seededRandom } from '../../workloads/random.ts';
import { scripts } from '../verify/arbitraries.ts';
import type { Op, Script } from '../verify/scripts.ts';
import { cases, jobOf } from './cases.ts';
import { aborted, jobOn, RUNS, verdictOf, walk } from './judge.ts';
import { declaredBy, scripted, thinned, timed, walked } from './known-sets.ts';

const KEYS = 5;
const SCHEDULES = ['fifo', 'critical-path', 'levels', 'components'] as const;
const options = fc.record({
  schedule: fc.constantFrom(...SCHEDULES),
  weights: fc.constantFrom('one', 'accesses'),
  build: fc.constantFrom('timed', 'given'),
});
const runs = fc.record({ cores: fc.integer({ min: 1, max: 6 }), seed: fc.nat(1_000_000), options });

function attempts(run: Run): number {
  return run.cores.reduce((sum, core) => sum + core.attempts, 0);
}

// The graph ------------------------------------------------------------------------------------------------

/** All pairs that conflict, the lower one first, straight from the definition. */
function conflicting(drawn: readonly Script[]): boolean[][] {
  const touches = (t: number, kinds: readonly string[], key: number | undefined): boolean =>
    drawn[t].some(([kind, other]) => kinds.includes(kind) && other === key);
  const conflict = (a: number, b: number): boolean =>
    drawn[b].some(
      ([kind, key]) =>
        (kind === 'read' && touches(a, ['write', 'add'], key)) ||
        (['write', 'add'].includes(kind) && touches(a, ['read', 'write', 'add'], key)),
    );
  return drawn.map((_, a) => drawn.map((_, b) => a < b && conflict(a, b)));
}

function closed(relation: boolean[][]): boolean[][] {
  const closure = relation.map((row) => [...row]);
  for (let via = 0; via < closure.length; via++) {
    for (const row of closure) {
      if (row[via])
        closure[via].forEach((reaches, to) => {
          row[to] ||= reaches;
        });
    }
  }
  return closure;
}

function edgesOf(drawn: readonly Script[], keys: number, partitions: number) {
  const sets = declaredBy(drawn);
  const numbers: number[] = [];
  const relation = drawn.map(() => drawn.map(() => false));
  for (let partition = 0; partition < partitions; partition++) {
    const conflicts = new Conflicts(
      { ...scripted(drawn, keys), procedures: [] },
      sets,
      partition,
      partitions,
    );
    for (let t = 0; t < drawn.length; t++) {
      conflicts.advance(t);
      for (let i = 0; i < conflicts.size; i++) {
        relation[conflicts.before[i]][t] = true;
        numbers.push(conflicts.edges[i]);
      }
    }
  }
  return { relation, numbers, most: mostEdges(sets) };
}

/** Keys of more than one line, so that there are partitions. */
const spread = scripts(60, 12).map((drawn) => drawn.map((ops) => ops.map(spreadKey)));

function spreadKey(op: Op): Op {
  return op[0] === 'read' || op[0] === 'write' || op[0] === 'add'
    ? ([op[0], (op[1] % 6) * 12, ...op.slice(2)] as unknown as Op)
    : op;
}

test('edges order exactly what conflicts order, directly or by others, each with a number of its own', () => {
  fc.assert(
    fc.property(spread, fc.integer({ min: 1, max: 4 }), (drawn, partitions) => {
      const { relation, numbers, most } = edgesOf(drawn, 72, partitions);
      expect(closed(relation)).toEqual(closed(conflicting(drawn)));
      relation.forEach((row, a) => {
        row.forEach((edge, b) => {
          if (edge) expect(conflicting(drawn)[a][b]).toBe(true);
        });
      });
      expect(new Set(numbers).size).toBe(numbers.length);
      for (const number of numbers) expect(number).toBeLessThan(most);
    }),
    { numRuns: RUNS, seed: 1 },
  );
});

test('a writer waits for the readers since the last writer, and not for that one', () => {
  const drawn: Script[] = [
    [['write', 0, 1]],
    [['read', 0]],
    [['read', 0]],
    [['write', 0, 2]],
    [['write', 0, 3]],
  ];
  const { relation } = edgesOf(drawn, 1, 1);
  const edges = relation.flatMap((row, a) => row.flatMap((edge, b) => (edge ? [[a, b]] : [])));
  expect(edges).toEqual([
    [0, 1],
    [0, 2],
    [1, 3],
    [2, 3],
    [3, 4],
  ]);
});

// Plans ----------------------------------------------------------------------------------------------------

const graphs: fc.Arbitrary<Successors> = fc
  .integer({ min: 1, max: 12 })
  .chain((n) =>
    fc.array(fc.tuple(fc.nat(n - 1), fc.nat(n - 1)), { maxLength: 20 }).map((pairs) => graph(n, pairs)),
  );

function graph(n: number, pairs: readonly (readonly [number, number])[]): Successors {
  const rows: number[][] = Array.from({ length: n }, () => []);
  for (const [a, b] of pairs) if (a !== b) rows[Math.min(a, b)].push(Math.max(a, b));
  const from = new Int32Array(n + 1);
  rows.forEach((row, t) => {
    from[t + 1] = from[t] + row.length;
  });
  return { from, to: Int32Array.from(rows.flat()) };
}

const successorsOf = ({ from, to }: Successors, t: number): number[] => [...to.slice(from[t], from[t + 1])];

function groupOf({ order, starts }: { order: Int32Array; starts: Int32Array }): number[] {
  const group: number[] = [];
  for (let g = 0; g + 1 < starts.length; g++) {
    for (let i = starts[g]; i < starts[g + 1]; i++) group[order[i]] = g;
  }
  return group;
}

describe('plans', () => {
  test('a level is the longest way to it', () => {
    fc.assert(
      fc.property(graphs, (drawn) => {
        const n = drawn.from.length - 1;
        const depth = (t: number): number =>
          Math.max(
            0,
            ...Array.from({ length: t }, (_, u) => u)
              .filter((u) => successorsOf(drawn, u).includes(t))
              .map((u) => depth(u) + 1),
          );
        expect(groupOf(levels(drawn))).toEqual(Array.from({ length: n }, (_, t) => depth(t)));
      }),
      { numRuns: RUNS, seed: 2 },
    );
  });

  test('components are what edges connect, ascending, the heaviest first', () => {
    fc.assert(
      fc.property(graphs, (drawn) => {
        const n = drawn.from.length - 1;
        const both = Array.from({ length: n }, (_, a) =>
          Array.from(
            { length: n },
            (_, b) => a === b || successorsOf(drawn, a).includes(b) || successorsOf(drawn, b).includes(a),
          ),
        );
        const weights = Int32Array.from({ length: n }, (_, t) => 1 + ((t * 7) % 4));
        const plan = components(drawn, weights);
        const group = groupOf(plan);
        expect(closed(both)).toEqual(group.map((a) => group.map((b) => a === b)));
        const weight = (g: number): number =>
          group.reduce((sum, of, t) => sum + (of === g ? weights[t] : 0), 0);
        for (let g = 1; g + 1 < plan.starts.length; g++) expect(weight(g)).toBeLessThanOrEqual(weight(g - 1));
        for (let i = 1; i < n; i++) {
          const [a, b] = [plan.order[i - 1], plan.order[i]];
          if (group[a] === group[b]) expect(a).toBeLessThan(b);
        }
      }),
      { numRuns: RUNS, seed: 3 },
    );
  });

  test('the critical path comes first, and never a transaction before one that it waits for', () => {
    fc.assert(
      fc.property(graphs, (drawn) => {
        const n = drawn.from.length - 1;
        const weights = Int32Array.from({ length: n }, (_, t) => 1 + ((t * 5) % 3));
        const heaviest = (t: number): number =>
          weights[t] + Math.max(0, ...successorsOf(drawn, t).map(heaviest));
        const order = [...criticalPath(drawn, weights)];
        const expected = Array.from({ length: n }, (_, t) => t).sort(
          (a, b) => heaviest(b) - heaviest(a) || a - b,
        );
        expect(order).toEqual(expected);
        for (let t = 0; t < n; t++)
          for (const next of successorsOf(drawn, t))
            expect(order.indexOf(next)).toBeGreaterThan(order.indexOf(t));
      }),
      { numRuns: RUNS, seed: 4 },
    );
  });
});

// Runs -----------------------------------------------------------------------------------------------------

test('with sets that are right each transaction is executed once, under any schedule, built or given', async () => {
  await fc.assert(
    fc.asyncProperty(scripts(KEYS, 20), runs, async (drawn, setting) => {
      const { job, run } = await walked(scripted(drawn, KEYS), { algorithm: 'static-dag', ...setting });
      expect(verdictOf(job, run)).toMatchObject({ verdict: 'valid' });
      expect(attempts(run)).toBe(drawn.length);
    }),
    { numRuns: 2 * RUNS, seed: 5 },
  );
});

test('with sets that lie the block still ends rightly, executed serially', async () => {
  let fellBack = 0;
  await fc.assert(
    fc.asyncProperty(scripts(KEYS, 20), runs, async (drawn, setting) => {
      const { reads, writes } = declaredBy(drawn);
      const lies = { reads: thinned(reads, setting.seed, 8), writes: thinned(writes, setting.seed + 1, 8) };
      const { job, run } = await walked(scripted(drawn, KEYS, lies), { algorithm: 'static-dag', ...setting });
      expect(verdictOf(job, run)).toMatchObject({ verdict: 'valid' });
      expect(attempts(run)).toBe(drawn.length + aborted(run, 'undeclared'));
      if (aborted(run, 'undeclared') > 0) fellBack++;
    }),
    { numRuns: 2 * RUNS, seed: 6 },
  );
  expect(fellBack).toBeGreaterThan(RUNS / 2);
});

test('keeps its guarantee on all workloads, whatever the options', async () => {
  await fc.assert(
    fc.asyncProperty(cases, options, fc.constantFrom('declared', 'exact'), async (drawn, given, sets) => {
      const job = await jobOf(drawn, 'static-dag', { ...given, sets });
      expect(verdictOf(job, walk(job))).toMatchObject({ verdict: 'valid' });
    }),
    { numRuns: 2 * RUNS, seed: 7 },
  );
});

test('shows no attempt an inconsistent state', async () => {
  const seen: Sightings = { traps: 0, rounds: 0 };
  const workload = zombies(seen);
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 3 }), runs, async (pairs, setting) => {
      const data = workload.generate({ pairs }, 24, seededRandom(setting.seed));
      const block = { ...data, accessSets: workload.accessSets(data) };
      walk(await jobOn(workload, block, { algorithm: 'static-dag', ...setting }));
      expect(seen).toEqual({ traps: 0, rounds: 0 });
    }),
    { numRuns: RUNS, seed: 8 },
  );
});

// Schedules ------------------------------------------------------------------------------------------------

const WORK: Op = ['work', 100_000];

async function makespan(
  drawn: readonly Script[],
  keys: number,
  schedule: string,
  cores: number,
): Promise<number> {
  const setting = { algorithm: 'static-dag', options: { schedule, build: 'given' }, cores, seed: 1 };
  const { job, run } = await timed(scripted(drawn, keys), setting);
  expect(verdictOf(job, run)).toMatchObject({ verdict: 'valid' });
  return run.makespan_ns / 100_000;
}

test('critical-path starts a long chain at the end of the block before what is short', async () => {
  const short: Script[] = Array.from({ length: 10 }, (_, key) => [WORK, ['write', key, 1]]);
  const chain: Script[] = Array.from({ length: 10 }, () => [['read', 10], WORK, ['add', 10, 1]]);
  expect(await makespan([...short, ...chain], 11, 'fifo', 2)).toBeCloseTo(15, 0);
  expect(await makespan([...short, ...chain], 11, 'critical-path', 2)).toBeCloseTo(10, 0);
});

test('components lose what a component would allow, and levels wait for their slowest', async () => {
  const star: Script[] = [[['write', 0, 1]], ...Array.from({ length: 8 }, (): Script => [['read', 0], WORK])];
  expect(await makespan(star, 1, 'components', 8)).toBeCloseTo(8, 0);
  expect(await makespan(star, 1, 'fifo', 8)).toBeCloseTo(1, 0);
  // Two chains, each with a long and a short transaction, the other way round.
  const uneven: Script[] = [
    [WORK, ['write', 0, 1]],
    [['write', 1, 1]],
    [
      ['read', 0],
      ['add', 0, 1],
    ],
    [['read', 1], WORK, ['add', 1, 1]],
  ];
  expect(await makespan(uneven, 2, 'levels', 2)).toBeCloseTo(2, 0);
  expect(await makespan(uneven, 2, 'fifo', 2)).toBeCloseTo(1, 0);
});

test.each([
  ['server-32', 32],
  ['two-socket', 64],
] as const)('comes to an end on a ring of three keys, on %s with %i cores', async (machine, cores) => {
  const drawn = { workload: 'cycle', parameters: { keys: 3 }, transactions: 200, cores, seed: 1 };
  for (const schedule of SCHEDULES) {
    const job = await jobOf(drawn, 'static-dag', { schedule });
    const run = simulate(job, { model: models[machine], stepLimit: 200_000 });
    expect(verdictOf(job, run)).toMatchObject({ verdict: 'valid' });
  }
});

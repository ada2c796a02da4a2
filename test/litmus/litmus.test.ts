/** The simulated machine is sequentially consistent: exactly the allowed outcomes occur, under every schedule. */
import { describe, expect, test } from 'vitest';
import type { Core, Memory, Steps, Values, Words } from '../../harness/machine/machine.ts';
import type { SimulationOptions } from '../../harness/machine/simulated/simulate.ts';
import { seededRandom } from '../../workloads/random.ts';
import { run, walk } from '../machine/simulated/program.ts';
import { Enumeration } from './enumeration.ts';
import { type Access, type Litmus, programs, type Variable } from './programs.ts';

interface Shared {
  readonly words: Readonly<Record<Variable, Words>>;
  readonly values: Readonly<Record<Variable, Values>>;
}

/** Runs a program and returns its outcome. `before` is run by a core before each of its accesses. */
function outcomeOf(
  { cores, final = false }: Litmus,
  options: Partial<SimulationOptions>,
  before?: (shared: Shared, core: Core) => Steps<void>,
): string {
  const seen: number[][] = cores.map(() => []);
  let shared!: Shared;
  run(
    cores.length,
    (memory) => {
      shared = allocate(memory);
      return function* (core) {
        for (const access of cores[core.id]) {
          if (before) yield* before(shared, core);
          const result = yield* perform(shared, access);
          if (result !== undefined) seen[core.id].push(result);
        }
      };
    },
    options,
  );
  const outcome = seen.map((results) => results.join(' ')).join(' | ');
  return final ? `${outcome}; ${shared.words.x.peek(0)} ${shared.words.y.peek(0)}` : outcome;
}

function allocate(memory: Memory): Shared {
  return {
    words: { x: memory.words('x', 1), y: memory.words('y', 1) },
    values: { x: memory.values('x value', 1), y: memory.values('y value', 1) },
  };
}

function* perform({ words, values }: Shared, access: Access): Steps<number | undefined> {
  switch (access[0]) {
    case 'load':
      return yield* words[access[1]].load(0);
    case 'load value':
      return yield* values[access[1]].load(0);
    case 'store':
      yield* words[access[1]].store(0, access[2]);
      return undefined;
    case 'store value':
      yield* values[access[1]].store(0, access[2]);
      return undefined;
    case 'compareExchange':
      return yield* words[access[1]].compareExchange(0, access[2], access[3]);
    default:
      return yield* words[access[1]][access[0]](0, access[2]);
  }
}

/** How many ways there are to interleave so many accesses of each core. */
function interleavings({ cores }: Litmus): number {
  let [ways, total] = [1, 0];
  for (const { length } of cores) {
    for (let i = 1; i <= length; i++) ways = (ways * ++total) / i;
  }
  return ways;
}

describe.each(programs)('$name', (litmus) => {
  const allowed = litmus.allowed.toSorted();

  test('the table does not contradict itself', () => {
    expect(new Set(allowed).size).toBe(allowed.length);
    expect(litmus.forbidden.filter((outcome) => allowed.includes(outcome))).toEqual([]);
  });

  test('all schedules together have exactly the allowed outcomes', () => {
    const enumeration = new Enumeration();
    const outcomes = new Set<string>();
    let schedules = 0;
    do {
      outcomes.add(outcomeOf(litmus, { schedule: enumeration }));
      schedules++;
    } while (enumeration.advance());
    expect(schedules).toBe(interleavings(litmus));
    expect([...outcomes].sort()).toEqual(allowed);
  });

  test('so have random walks', () => {
    const outcomes = new Set<string>();
    for (let seed = 0; seed < 2000; seed++) outcomes.add(outcomeOf(litmus, { schedule: walk(seed) }));
    expect([...outcomes].sort()).toEqual(allowed);
  });

  test('and virtual time, where cores with the line in their cache run ahead', () => {
    const outcomes = new Set<string>();
    for (let seed = 0; seed < 2000; seed++) {
      const random = seededRandom(seed);
      // Brings lines into caches and lets the clocks drift apart, by as much as a transfer takes.
      const before = function* ({ words, values }: Shared, core: Core): Steps<void> {
        for (const view of [words.x, words.y, values.x]) if (random.integer(2)) yield* view.load(0);
        core.work(random.integer(2) ? 12_000 + random.integer(400) : random.integer(150));
      };
      outcomes.add(outcomeOf(litmus, {}, before));
    }
    expect([...outcomes].sort()).toEqual(allowed);
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Layout } from '../../../harness/machine/machine.ts';
import { Coherence } from '../../../harness/machine/simulated/coherence.ts';
import type { MachineModel } from '../../../harness/machine/simulated/model.ts';
import { models } from '../../../harness/machine/simulated/models/index.ts';
import { plain, run } from './program.ts';

/** Hit 1, within a group of four 100, across 1000, memory 10,000; an atomic operation 10 on top. */
const GROUP = 100;
const ACROSS = 1000;
const MEMORY = 10_000;

describe('what an access costs', () => {
  const one = (): Coherence => new Coherence(plain, 70, 1);

  test('from memory, then a hit for reads and writes', () => {
    const line = one();
    expect(line.read(0, 0, 0)).toBe(MEMORY);
    expect(line.readHits(0, 0) && line.writeHits(0, 0)).toBe(true);
    expect(line.read(0, 0, MEMORY)).toBe(MEMORY + 1);
    expect(line.write(0, 0, MEMORY)).toBe(MEMORY + 1);
    expect(one().write(0, 0, 5)).toBe(MEMORY + 5);
  });

  test('a transfer within the group and across groups, for reads and for writes', () => {
    for (const access of ['read', 'write'] as const) {
      const line = one();
      line.write(1, 0, 0);
      expect(line[access](3, 0, 20_000)).toBe(20_000 + GROUP);
      const other = one();
      other.write(1, 0, 0);
      expect(other[access](4, 0, 20_000)).toBe(20_000 + ACROSS);
    }
  });

  test('a read leaves the line shared: both read it for a hit, neither writes it for one', () => {
    const line = one();
    line.write(0, 0, 0);
    line.read(1, 0, 20_000);
    for (const core of [0, 1]) {
      expect(line.readHits(core, 0)).toBe(true);
      expect(line.writeHits(core, 0)).toBe(false);
      expect(line.read(core, 0, 30_000)).toBe(30_001);
    }
  });

  test('a shared line comes from the nearest core that has it, and readers do not wait for one another', () => {
    const line = one();
    line.write(0, 0, 0);
    expect(line.read(5, 0, 20_000)).toBe(20_000 + ACROSS);
    expect(line.read(6, 0, 30_000)).toBe(30_000 + GROUP);
    expect(line.read(7, 0, 30_000)).toBe(30_000 + GROUP);
    expect(line.read(69, 0, 30_000)).toBe(30_000 + ACROSS);
    expect(line.read(68, 0, 40_000)).toBe(40_000 + GROUP);
  });

  test('a write to a shared line waits for the farthest core that loses it', () => {
    const near = one();
    near.write(0, 0, 0);
    near.read(1, 0, 20_000);
    expect(near.write(1, 0, 30_000)).toBe(30_000 + GROUP);
    expect(near.readHits(0, 0)).toBe(false);
    const far = one();
    far.write(0, 0, 0);
    far.read(1, 0, 20_000);
    far.read(66, 0, 20_000);
    expect(far.write(1, 0, 30_000)).toBe(30_000 + ACROSS);
    for (const core of [0, 66]) expect(far.readHits(core, 0)).toBe(false);
    expect(far.writeHits(1, 0)).toBe(true);
  });

  test('whoever needs a line while it moves waits until it has', () => {
    const line = one();
    line.write(0, 0, 0);
    expect(line.write(1, 0, 20_000)).toBe(20_000 + GROUP);
    expect(line.write(2, 0, 20_000)).toBe(20_000 + 2 * GROUP);
    expect(line.read(3, 0, 20_050)).toBe(20_000 + 3 * GROUP);
    expect(line.read(4, 0, 20_050)).toBe(20_000 + 3 * GROUP + ACROSS);
  });

  test('on two sockets, within one and across', () => {
    const two = new Coherence(models['two-socket'], 64, 1);
    two.write(0, 0, 0);
    expect(two.write(31, 0, 1000)).toBe(1047);
    expect(two.write(32, 0, 2000)).toBe(2150);
    expect(two.read(63, 0, 3000)).toBe(3047);
    expect(two.write(63, 0, 4000)).toBe(4047);
    two.read(0, 0, 5000);
    expect(two.write(63, 0, 6000)).toBe(6150);
  });
});

/** What the rules in the file's header say, as slowly and plainly as possible. */
class Naive {
  readonly #model: MachineModel;
  readonly #lines = new Map<number, { state: 'owned' | 'shared'; holders: Set<number> }>();
  readonly #freeAt = new Map<number, number>();

  constructor(model: MachineModel) {
    this.#model = model;
  }

  access(kind: 'read' | 'write', core: number, line: number, now: number): number {
    const { hit_ns, memory_ns } = this.#model;
    const found = this.#lines.get(line);
    if (found?.holders.has(core) && (kind === 'read' || found.state === 'owned')) return now + hit_ns;
    const others = [...(found?.holders ?? [])].filter((other) => other !== core);
    const distances = others.map((other) => this.#distance(core, other));
    const start = Math.max(now, this.#freeAt.get(line) ?? 0);
    if (kind === 'read' && found?.state === 'shared') {
      found.holders.add(core);
      return start + Math.min(...distances);
    }
    const end = start + (found === undefined ? memory_ns : Math.max(...distances));
    this.#freeAt.set(line, end);
    if (kind === 'read' && found)
      this.#lines.set(line, { state: 'shared', holders: new Set([...others, core]) });
    else this.#lines.set(line, { state: 'owned', holders: new Set([core]) });
    return end;
  }

  hits(kind: 'read' | 'write', core: number, line: number): boolean {
    const found = this.#lines.get(line);
    return (found?.holders.has(core) ?? false) && (kind === 'read' || found?.state === 'owned');
  }

  #distance(a: number, b: number): number {
    const group = this.#model.domains.find(({ cores }) => Math.floor(a / cores) === Math.floor(b / cores));
    return (group ?? this.#model.domains[this.#model.domains.length - 1]).transfer_ns;
  }
}

const LINES = 3;
const accesses = (cores: number) =>
  fc.array(
    fc.record({
      kind: fc.constantFrom('read' as const, 'read' as const, 'write' as const),
      core: fc.nat(cores - 1),
      line: fc.nat(LINES - 1),
      pass: fc.constantFrom(0, 1, 60, 2000),
    }),
    { minLength: 1, maxLength: 80 },
  );

describe.each<[string, MachineModel, number]>([
  ['groups of 4 of 70 cores', plain, 70],
  ['server-32', models['server-32'], 32],
  ['two-socket', models['two-socket'], 64],
  ['chip-1024', models['chip-1024'], 1024],
  [
    'groups of 2, 32 and 64 of 128 cores',
    {
      ...plain,
      domains: [
        { cores: 2, transfer_ns: 30 },
        { cores: 32, transfer_ns: 100 },
        { cores: 64, transfer_ns: 300 },
        { cores: 128, transfer_ns: 700 },
      ],
    },
    128,
  ],
])('%s', (_, model, cores) => {
  test('costs what the naive protocol says, and never less than no time', () => {
    fc.assert(
      fc.property(accesses(cores), (steps) => {
        const [real, naive] = [new Coherence(model, cores, LINES), new Naive(model)];
        let now = 0;
        for (const { kind, core, line, pass } of steps) {
          now += pass;
          expect(real.readHits(core, line)).toBe(naive.hits('read', core, line));
          expect(real.writeHits(core, line)).toBe(naive.hits('write', core, line));
          const end = real[kind](core, line, now);
          expect(end).toBe(naive.access(kind, core, line, now));
          expect(end).toBeGreaterThan(now);
        }
      }),
      { numRuns: 300, seed: 1 },
    );
  });
});

describe('counters', () => {
  const ADDS = 50;

  /** Every core adds to a word so many times: to one that all share, or each to its own. */
  const makespan = (model: MachineModel, cores: number, shared: boolean, layout: Layout = 'padded'): number =>
    run(
      cores,
      (memory) => {
        const counters = memory.words('counters', cores, layout);
        return function* (core) {
          for (let i = 0; i < ADDS; i++) yield* counters.add(shared ? 0 : core.id, 1);
        };
      },
      { model },
    ).makespan_ns;

  /** All cores equally far from one another. */
  const flat: MachineModel = { ...plain, domains: [{ cores: 128, transfer_ns: ACROSS }] };

  test.each([2, 8, 32, 64])(
    'one that %i cores share allows one add a transfer, however many they are',
    (cores) => {
      const expected = cores * ADDS * ACROSS;
      const actual = makespan(flat, cores, true) - MEMORY;
      expect(Math.abs(actual - expected)).toBeLessThan(0.03 * expected);
    },
  );

  test('one of its own a core, on lines of their own, scale: every add but the first hits', () => {
    for (const cores of [1, 8, 64]) {
      expect(makespan(flat, cores, false)).toBe(MEMORY + (ADDS - 1) * 1 + ADDS * 10);
    }
  });

  test('one of its own a core on one line is as slow as one for all: false sharing', () => {
    const [falsely, truly] = [makespan(flat, 16, false, 'packed'), makespan(flat, 16, true)];
    expect(falsely).toBe(truly);
  });

  test('one within a group is faster than one across groups', () => {
    const expected = 4 * ADDS * GROUP;
    expect(Math.abs(makespan(plain, 4, true) - MEMORY - expected)).toBeLessThan(0.15 * expected);
    expect(makespan(plain, 8, true)).toBeGreaterThan(4 * makespan(plain, 4, true));
  });
});

test('reads of a line that nobody writes any more scale with the cores', () => {
  for (const cores of [2, 64]) {
    const { makespan_ns } = run(cores, (memory) => {
      const w = memory.words('w', 1);
      return function* () {
        for (let i = 0; i < 1000; i++) yield* w.load(0);
      };
    });
    expect(makespan_ns).toBeLessThan(MEMORY + 2 * ACROSS + 1000);
  }
});

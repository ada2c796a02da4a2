import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Layout, Steps } from '../../../harness/machine/machine.ts';
import { Coherence } from '../../../harness/machine/simulated/coherence.ts';
import type { MachineModel } from '../../../harness/machine/simulated/model.ts';
import { models } from '../../../harness/machine/simulated/models/index.ts';
import { plain, run } from './program.ts';

/** Hit 1, within a group of four 100, across 1000, memory 10,000; an atomic operation 10 on top. */
const HIT = 1;
const ATOMIC = 10;
const GROUP = 100;
const ACROSS = 1000;
const MEMORY = 10_000;

describe('what an access costs', () => {
  const one = (): Coherence => new Coherence(plain, 70, 1);

  test('from memory, then a hit for reads and writes', () => {
    const line = one();
    expect(line.read(0, 0, 0)).toBe(MEMORY);
    expect(line.readHits(0, 0) && line.writeHits(0, 0)).toBe(true);
    expect(line.read(0, 0, MEMORY)).toBe(MEMORY + HIT);
    expect(line.write(0, 0, MEMORY, 0)).toBe(MEMORY + HIT);
    expect(one().write(0, 0, 5, 0)).toBe(MEMORY + 5);
  });

  test('from the cache behind the cores, where a model has one that holds the whole block', () => {
    const shared = { ...plain, shared_ns: 700, shared_bytes: 128 };
    expect(new Coherence(shared, 70, 2).read(0, 0, 0)).toBe(700);
    expect(new Coherence(shared, 70, 2).write(0, 1, 0, ATOMIC)).toBe(700 + ATOMIC);
    expect(new Coherence(shared, 70, 3).read(0, 0, 0)).toBe(MEMORY);
  });

  test('a transfer within the group and across groups, for reads and for writes', () => {
    for (const access of ['read', 'write'] as const) {
      const line = one();
      line.write(1, 0, 0, 0);
      expect(line[access](3, 0, 20_000, 0)).toBe(20_000 + GROUP);
      const other = one();
      other.write(1, 0, 0, 0);
      expect(other[access](4, 0, 20_000, 0)).toBe(20_000 + ACROSS);
    }
  });

  test('a read leaves the line shared: both read it for a hit, neither writes it for one', () => {
    const line = one();
    line.write(0, 0, 0, 0);
    line.read(1, 0, 20_000);
    for (const core of [0, 1]) {
      expect(line.readHits(core, 0)).toBe(true);
      expect(line.writeHits(core, 0)).toBe(false);
      expect(line.read(core, 0, 30_000)).toBe(30_000 + HIT);
    }
  });

  test('a shared line comes from the nearest core that has it, and readers do not wait for one another', () => {
    const line = one();
    line.write(0, 0, 0, 0);
    expect(line.read(5, 0, 20_000)).toBe(20_000 + ACROSS);
    expect(line.read(6, 0, 30_000)).toBe(30_000 + GROUP);
    expect(line.read(7, 0, 30_000)).toBe(30_000 + GROUP);
    expect(line.read(69, 0, 30_000)).toBe(30_000 + ACROSS);
    expect(line.read(68, 0, 40_000)).toBe(40_000 + GROUP);
  });

  test('a write to a shared line waits for the farthest core that loses it', () => {
    const near = one();
    near.write(0, 0, 0, 0);
    near.read(1, 0, 20_000);
    expect(near.write(1, 0, 30_000, 0)).toBe(30_000 + GROUP);
    expect(near.readHits(0, 0)).toBe(false);
    const far = one();
    far.write(0, 0, 0, 0);
    far.read(1, 0, 20_000);
    far.read(66, 0, 20_000);
    expect(far.write(1, 0, 30_000, 0)).toBe(30_000 + ACROSS);
    for (const core of [0, 66]) expect(far.readHits(core, 0)).toBe(false);
    expect(far.writeHits(1, 0)).toBe(true);
  });

  test('whoever needs a line while it moves waits until it has', () => {
    const line = one();
    line.write(0, 0, 0, 0);
    expect(line.write(1, 0, 20_000, 0)).toBe(20_000 + GROUP);
    expect(line.write(2, 0, 20_000, 0)).toBe(20_000 + 2 * GROUP);
    expect(line.read(3, 0, 20_050)).toBe(20_000 + 3 * GROUP);
    expect(line.read(4, 0, 20_050)).toBe(20_000 + 3 * GROUP + ACROSS);
  });

  test('on two sockets, within one and across', () => {
    const two = new Coherence(models['two-socket'], 64, 1);
    two.write(0, 0, 0, 0);
    expect(two.write(31, 0, 1000, 0)).toBe(1047);
    expect(two.write(32, 0, 2000, 0)).toBe(2150);
    expect(two.read(63, 0, 3000)).toBe(3047);
    expect(two.write(63, 0, 4000, 0)).toBe(4047);
    two.read(0, 0, 5000);
    expect(two.write(63, 0, 6000, 0)).toBe(6150);
  });
});

describe('an atomic operation holds its line', () => {
  /** A line that core 0 has taken from memory, long ago. */
  const owned = (): Coherence => {
    const line = new Coherence(plain, 70, 1);
    line.write(0, 0, 0, 0);
    return line;
  };

  test('on top of what brings the line: memory, a transfer, an invalidation, or nothing', () => {
    expect(new Coherence(plain, 70, 1).write(0, 0, 5, ATOMIC)).toBe(5 + MEMORY + ATOMIC);
    expect(owned().write(1, 0, 20_000, ATOMIC)).toBe(20_000 + GROUP + ATOMIC);
    const shared = owned();
    shared.read(4, 0, 20_000);
    expect(shared.write(0, 0, 30_000, ATOMIC)).toBe(30_000 + ACROSS + ATOMIC);
    expect(owned().write(0, 0, 20_000, ATOMIC)).toBe(20_000 + HIT + ATOMIC);
  });

  test.each([
    ['memory', () => new Coherence(plain, 70, 1), 0, MEMORY + ATOMIC],
    ['another cache', owned, 1, GROUP + ATOMIC],
    ['its own cache', owned, 0, HIT + ATOMIC],
  ])('so whoever comes next waits until it is done, the line coming from %s', (_, make, core, duration) => {
    for (const access of ['read', 'write'] as const) {
      const line = make();
      expect(line.write(core, 0, 20_000, ATOMIC)).toBe(20_000 + duration);
      expect(line[access](2, 0, 20_003, 0)).toBe(20_000 + duration + GROUP);
    }
  });

  test('but a plain write that hits delays nobody, nor does it end a hold that is still on', () => {
    const line = owned();
    line.write(0, 0, 20_000, 0);
    expect(line.read(2, 0, 20_000)).toBe(20_000 + GROUP);
    const held = owned();
    expect(held.write(0, 0, 20_000, 500)).toBe(20_501);
    held.write(0, 0, 20_501, 0);
    expect(held.read(2, 0, 20_100)).toBe(20_501 + GROUP);
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

  /** @param hold_ns how long an atomic operation holds the line; 0: it is none */
  access(kind: 'read' | 'write', core: number, line: number, now: number, hold_ns: number): number {
    const { hit_ns, memory_ns } = this.#model;
    const found = this.#lines.get(line);
    if (this.hits(kind, core, line)) {
      const end = now + hit_ns + hold_ns;
      if (hold_ns > 0) this.#freeAt.set(line, end);
      return end;
    }
    const others = [...(found?.holders ?? [])].filter((other) => other !== core);
    const distances = others.map((other) => this.#distance(core, other));
    const start = Math.max(now, this.#freeAt.get(line) ?? 0);
    if (kind === 'read' && found?.state === 'shared') {
      found.holders.add(core);
      return start + Math.min(...distances);
    }
    const end = start + (found === undefined ? memory_ns : Math.max(...distances)) + hold_ns;
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
      atomic: fc.constantFrom(0, 0, 8, 300),
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
        // No core starts an access before its last one has ended; the cores' clocks may differ.
        const clocks = new Map<number, number>();
        let latest = 0;
        for (const { kind, core, line, pass, atomic } of steps) {
          latest += pass;
          const now = Math.max(latest, clocks.get(core) ?? 0);
          const hold = kind === 'write' ? atomic : 0;
          expect(real.readHits(core, line)).toBe(naive.hits('read', core, line));
          expect(real.writeHits(core, line)).toBe(naive.hits('write', core, line));
          const end = real[kind](core, line, now, hold);
          expect(end).toBe(naive.access(kind, core, line, now, hold));
          expect(end).toBeGreaterThan(now + hold);
          clocks.set(core, end);
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
    'one that %i cores share allows 1 / (transfer + atomic) adds a second',
    (cores) => {
      for (const atomic_ns of [0, ATOMIC, 700]) {
        const adds = cores * ADDS;
        expect(makespan({ ...flat, atomic_ns }, cores, true)).toBe(
          MEMORY + atomic_ns + (adds - 1) * (ACROSS + atomic_ns),
        );
      }
    },
  );

  test('one of its own a core, on lines of their own, scale: every add but the first hits', () => {
    for (const cores of [1, 8, 64]) {
      expect(makespan(flat, cores, false)).toBe(MEMORY + (ADDS - 1) * HIT + ADDS * ATOMIC);
    }
  });

  test('one of its own a core on one line is as slow as one for all: false sharing', () => {
    const [falsely, truly] = [makespan(flat, 16, false, 'packed'), makespan(flat, 16, true)];
    expect(falsely).toBe(truly);
  });

  test('one within a group is faster than one across groups', () => {
    expect(makespan(plain, 4, true)).toBe(MEMORY + ATOMIC + (4 * ADDS - 1) * (GROUP + ATOMIC));
    expect(makespan(plain, 8, true)).toBeGreaterThan(4 * makespan(plain, 4, true));
  });
});

test('every operation that writes a word is atomic, also when it changes nothing; a value is just stored', () => {
  run(1, (memory) => {
    const word = memory.words('word', 1);
    const value = memory.values('value', 1);
    const { state, balance } = memory.records('row', 1, { state: 'word', balance: 'value' });
    return function* (core) {
      for (const region of [word, value, state]) yield* region.load(0);
      const cost = function* (operation: () => Steps<unknown>): Steps<number> {
        const before = core.now();
        yield* operation();
        return core.now() - before;
      };
      expect(yield* cost(() => word.store(0, 1))).toBe(HIT + ATOMIC);
      expect(yield* cost(() => word.add(0, 1))).toBe(HIT + ATOMIC);
      expect(yield* cost(() => word.exchange(0, 7))).toBe(HIT + ATOMIC);
      expect(yield* cost(() => word.compareExchange(0, 7, 8))).toBe(HIT + ATOMIC);
      expect(yield* cost(() => word.compareExchange(0, 7, 9))).toBe(HIT + ATOMIC);
      expect(yield* cost(() => state.store(0, 1))).toBe(HIT + ATOMIC);
      expect(yield* cost(() => word.load(0))).toBe(HIT);
      expect(yield* cost(() => value.store(0, 0.5))).toBe(HIT);
      expect(yield* cost(() => balance.store(0, 0.5))).toBe(HIT);
    };
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

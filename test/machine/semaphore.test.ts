import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Semaphore } from '../../harness/machine/semaphore.ts';
import type { Observer } from '../../harness/machine/simulated/access.ts';
import { simulate } from '../../harness/machine/simulated/simulate.ts';
import { Enumeration } from '../litmus/enumeration.ts';
import places from './fixtures/places.ts';
import { model, run, walk } from './simulated/program.ts';
import { onLentWorkers, setupFor } from './threads/fixtures/sessions.ts';

const loaded = {
  reference: new URL('./fixtures/places.ts', import.meta.url).href,
  declaration: places,
} as unknown as Parameters<typeof setupFor>[0];

describe('a semaphore', () => {
  it('has at most so many cores inside as there are places, and loses no wake-up, under random walks', () => {
    let full = 0;
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 4 }),
        fc.nat(),
        (cores, size, seed) => {
          const job = setupFor(loaded, { places: size, rounds: 5 }, cores, 1);
          const { cores: reports } = simulate(job, { model, schedule: walk(seed), stepLimit: 100_000 });
          for (const { counters } of reports) {
            expect(counters.rounds).toBe(5);
            if (size > 1) full += counters.full;
          }
        },
      ),
      { numRuns: 500, seed: 1 },
    );
    expect(full).toBeGreaterThan(100); // not so few as one at a time
  });

  it('is a lock when it has one place', () => {
    for (const schedule of [undefined, walk(1), walk(2), walk(3)]) {
      const job = setupFor(loaded, { places: 1, rounds: 40 }, 8, 1);
      expect(simulate(job, { model, ...(schedule ? { schedule } : {}) }).state[0]).toBe(8 * 40);
    }
  });

  it('admits in the order in which the cores have taken their tickets', () => {
    for (let seed = 0; seed < 100; seed++) {
      const tickets: number[] = [];
      const admitted: number[] = [];
      const observer: Observer = (core, _operation, place) => {
        if (place?.name === 'semaphore.tickets') tickets.push(core);
      };
      run(
        5,
        (memory) => {
          const semaphore = new Semaphore(memory, 'semaphore', 1, 5);
          return function* (core) {
            for (let round = 0; round < 4; round++) {
              yield* semaphore.acquire();
              admitted.push(core.id);
              yield* semaphore.release();
            }
          };
        },
        { schedule: walk(seed), observer },
      );
      expect(tickets).toHaveLength(20);
      expect(admitted).toEqual(tickets);
    }
  });

  it('wakes only the core that it admits', () => {
    const { steps } = run(8, (memory) => {
      const semaphore = new Semaphore(memory, 'semaphore', 1, 8);
      return function* (core) {
        core.work(20_000 * core.id); // they come one after the other, while core 0 is inside
        yield* semaphore.acquire();
        if (core.id === 0) core.work(1_000_000);
        yield* semaphore.release();
      };
    });
    // A ticket and a look; for those that wait, turn and look before and after, and the wait before and after.
    const [enter, wait, leave] = [2, 6, 2];
    expect(steps).toBe(8 * (enter + leave) + 7 * wait);
  });

  it('holds under every schedule of two cores that pass once', () => {
    const enumeration = new Enumeration();
    let schedules = 0;
    do {
      let inside = 0;
      run(
        2,
        (memory) => {
          const semaphore = new Semaphore(memory, 'semaphore', 1, 2);
          const other = memory.words('other', 1);
          return function* () {
            yield* semaphore.acquire();
            expect(++inside).toBe(1);
            yield* other.load(0);
            inside--;
            yield* semaphore.release();
          };
        },
        { schedule: enumeration },
      );
      schedules++;
    } while (enumeration.advance());
    expect(schedules).toBeGreaterThan(100);
  });

  it.each([
    [3, 1],
    [4, 3],
  ])('holds on real threads: %i cores, %i places', async (cores, size) => {
    const rounds = 500;
    const setup = setupFor(loaded, { places: size, rounds }, cores, 1);
    const { state, cores: reports } = await onLentWorkers(setup, (session) => session.run(0));
    expect(reports.map(({ counters }) => counters.rounds)).toEqual(Array(cores).fill(rounds));
    if (size === 1) expect(state[0]).toBe(cores * rounds);
  });
});

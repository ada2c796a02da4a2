import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Barrier } from '../../harness/machine/barrier.ts';
import { simulate } from '../../harness/machine/simulated/simulate.ts';
import { Enumeration } from '../litmus/enumeration.ts';
import meetings from './fixtures/meetings.ts';
import { model, run, walk } from './simulated/program.ts';
import { onLentWorkers, setupFor } from './threads/fixtures/sessions.ts';

const loaded = {
  reference: new URL('./fixtures/meetings.ts', import.meta.url).href,
  declaration: meetings,
} as unknown as Parameters<typeof setupFor>[0];

/** How often each core came last, together. */
const lasts = (cores: readonly { counters: Readonly<Record<string, number>> }[]): number =>
  cores.reduce((total, { counters }) => total + counters.last, 0);

describe('a barrier', () => {
  it('lets nobody pass a phase before all have come, and has one last core a phase, under random walks', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 7 }), fc.nat(), (cores, seed) => {
        const job = setupFor(loaded, { phases: 6 }, cores, 1);
        const { cores: reports } = simulate(job, { model, schedule: walk(seed), stepLimit: 100_000 });
        expect(lasts(reports)).toBe(6);
      }),
      { numRuns: 500, seed: 1 },
    );
  });

  it('does so in virtual time, on as many cores as the model has', () => {
    for (const cores of [1, 2, 32]) {
      const job = setupFor(loaded, { phases: 50 }, cores, 1);
      expect(lasts(simulate(job, { model, stepLimit: 1_000_000 }).cores)).toBe(50);
    }
  });

  it('does so under every schedule of two cores that meet twice', () => {
    const enumeration = new Enumeration();
    let schedules = 0;
    do {
      const phase = [0, 0];
      run(
        2,
        (memory) => {
          const barrier = new Barrier(memory, 'barrier', 2);
          return function* (core) {
            for (phase[core.id] = 1; phase[core.id] <= 2; phase[core.id]++) {
              const mine = phase[core.id];
              yield* barrier.meet();
              expect(phase[1 - core.id]).toBeGreaterThanOrEqual(mine);
            }
          };
        },
        { schedule: enumeration },
      );
      schedules++;
    } while (enumeration.advance());
    expect(schedules).toBeGreaterThan(50);
  });

  it('does so on real threads, more than there are cores', async () => {
    const setup = setupFor(loaded, { phases: 300 }, 5, 1);
    const reports = await onLentWorkers(setup, async (session) => [
      (await session.run(0)).cores,
      (await session.run(1)).cores,
    ]);
    expect(reports.map(lasts)).toEqual([300, 300]);
  });
});

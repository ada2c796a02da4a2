/**
 * Opacity: an opaque algorithm never shows an attempt an inconsistent state, not even one that it aborts later.
 * Of the others some attempts trap or loop on such states, which shows that this test can see it; but what such
 * an attempt came to must never be the result.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { withAccessSets } from '../../harness/experiment/access-sets.ts';
import { resolve } from '../../harness/machine/declared.ts';
import { COMMITTED } from '../../harness/machine/machine.ts';
import { seededRandom } from '../../workloads/random.ts';
import { variants } from './cases.ts';
import { jobOn, RUNS, verdictOf, walk } from './judge.ts';
import { type Sightings, zombies } from './zombies.ts';

/** By name; who is not here promises neither. Snapshots are consistent, though what commits may not be. */
const opaque: Readonly<Record<string, boolean>> = {
  '2pl': true,
  'block-stm': false,
  norec: true,
  sequential: true,
  silo: false,
  'snapshot-isolation': true,
  tl2: true,
};

const judged = (await variants()).filter(({ name }) => Object.hasOwn(opaque, name));

const blocks = fc.record({
  pairs: fc.integer({ min: 1, max: 3 }),
  transactions: fc.integer({ min: 0, max: 24 }),
  cores: fc.integer({ min: 1, max: 8 }),
  seed: fc.nat(1_000_000),
});

describe.each(judged)('$name $options', ({ name, options }) => {
  test(
    opaque[name] ? 'shows no attempt an inconsistent state' : 'keeps what zombies do out of the result',
    async () => {
      const seen: Sightings = { traps: 0, rounds: 0 };
      const workload = zombies(seen);
      await fc.assert(
        fc.asyncProperty(blocks, async ({ pairs, transactions, cores, seed }) => {
          const data = workload.generate({ pairs }, transactions, seededRandom(seed));
          const job = await jobOn(workload, data, { algorithm: name, options, cores, seed });
          const { accessSets } = resolve(job.algorithm.declaration, job.options);
          const run = walk({ ...job, block: withAccessSets(workload, data, accessSets) });
          // Before the verdict, whose replay is serial and adds none.
          if (opaque[name]) expect(seen).toEqual({ traps: 0, rounds: 0 });
          expect(run.outcomes.every((outcome) => outcome === COMMITTED)).toBe(true);
          const verdict = verdictOf(job, run);
          if (name !== 'snapshot-isolation') expect(verdict).toMatchObject({ verdict: 'valid' });
        }),
        { numRuns: RUNS, seed: 4 },
      );
      // Options may rule zombies out: where write sets are known beforehand, Block-STM waits for all of them.
      if (opaque[name] || Object.keys(options).length > 0) return;
      expect(seen.traps).toBeGreaterThan(0);
      expect(seen.rounds).toBeGreaterThan(0);
    },
  );
});

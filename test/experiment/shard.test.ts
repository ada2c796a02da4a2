/** Shards: together the whole grid, each cell once, evenly, and the same whoever deals. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { costOf } from '../../harness/experiment/cost.ts';
import { dealt, shardFrom } from '../../harness/experiment/shard.ts';
import { blockIdentity } from '../../harness/experiment/trials/block.ts';
import { type Work, workOf } from '../../harness/experiment/work.ts';
import { algorithm, configuration } from './trials.ts';

const grid = (seeds: number, machine: string): Work[] =>
  workOf(
    Array.from({ length: seeds }, (_, at) => at + 1).flatMap((seed) =>
      ['alpha', 'beta', 'gamma'].flatMap((name) =>
        [1, 4, 16].map((cores) =>
          configuration({ algorithm: algorithm(name), cores, seed, machine, transactions: 100 * seed }),
        ),
      ),
    ),
    5,
  );

const cost = (work: readonly Work[]): number => work.reduce((sum, part) => sum + costOf(part), 0);

test('law: every cell in exactly one shard, in any order of the grid, and none far above its share', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 8 }),
      fc.constantFrom('server-32', 'threads'),
      fc.infiniteStream(fc.nat()),
      (count, seeds, machine, keys) => {
        const work = grid(seeds, machine);
        const shards = Array.from({ length: count }, (_, at) => dealt(work, { index: at + 1, count }));
        expect(shards.flat()).toHaveLength(work.length);
        expect(new Set(shards.flat())).toEqual(new Set(work));
        const mixed = work.map((part) => [keys.next().value, part] as const).sort(([a], [b]) => a - b);
        const again = dealt(
          mixed.map(([, part]) => part),
          { index: 1, count },
        );
        expect(new Set(again)).toEqual(new Set(shards[0]));
        const groups = [...Map.groupBy(work, (part) => pieceOf(part)).values()].map(cost);
        for (const shard of shards)
          expect(cost(shard)).toBeLessThanOrEqual(cost(work) / count + Math.max(...groups) + 1e-6);
      },
    ),
    { seed: 5, numRuns: 40 },
  );
});

const pieceOf = ({ configuration: c }: Work): unknown => (c.model === undefined ? blockIdentity(c) : c);

test('what is to be compared on real threads is on one host', () => {
  for (const part of dealt(grid(6, 'threads'), { index: 2, count: 3 })) {
    const mine = dealt(grid(6, 'threads'), { index: 2, count: 3 }).filter(
      (other) => other.configuration.seed === part.configuration.seed,
    );
    expect(mine).toHaveLength(9);
  }
});

test.each(['0/4', '5/4', '2', 'a/b', '1/0', '2/8/9'])('%s is no shard', (text) => {
  expect(() => shardFrom(text)).toThrow(/shard/);
});

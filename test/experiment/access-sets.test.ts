import fc from 'fast-check';
import { expect, test } from 'vitest';
import { withAccessSets } from '../../harness/experiment/access-sets.ts';
import transfers from '../../workloads/transfers.ts';
import type { BlockData, KeySets } from '../../workloads/workload.ts';

fc.configureGlobal({ seed: 42 });

/** Each transaction's keys, in the order in which a workload might declare them. */
const declarations = fc.array(fc.array(fc.nat(20), { maxLength: 60 }), { maxLength: 8 });

test('declared sets reach algorithms ascending and without repeats, in whatever order they were declared', () => {
  fc.assert(
    fc.property(declarations, declarations, (reads, writes) => {
      const workload = { ...transfers, accessSets: () => ({ reads: packed(reads), writes: packed(writes) }) };
      const { accessSets } = withAccessSets(workload, {} as BlockData, 'declared');
      expect(accessSets && unpacked(accessSets.reads)).toEqual(reads.map(ascending));
      expect(accessSets && unpacked(accessSets.writes)).toEqual(writes.map(ascending));
    }),
  );
});

function ascending(keys: readonly number[]): number[] {
  return [...new Set(keys)].sort((a, b) => a - b);
}

function packed(sets: readonly number[][]): KeySets {
  const from = Int32Array.from([0, ...sets.map((_, t) => sets.slice(0, t + 1).flat().length)]);
  return { from, keys: Int32Array.from(sets.flat()) };
}

function unpacked({ from, keys }: KeySets): number[][] {
  return Array.from({ length: from.length - 1 }, (_, t) => [...keys.subarray(from[t], from[t + 1])]);
}

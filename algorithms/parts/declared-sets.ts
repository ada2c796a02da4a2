/**
 * Access sets that are known before the block runs. A key's place in them is its slot: the slots of transaction
 * t are `from[t]` to `from[t + 1] - 1`, so that each access that is declared has a number of its own, dense over
 * the block, which shared regions can be indexed by.
 *
 * Looking into the sets is no shared access, as looking at a transaction's arguments is none.
 */
import type { Block } from '../algorithm.ts';

export type AccessSets = NonNullable<Block['accessSets']>;
export type KeySets = AccessSets['reads'];

/** Keys that lie on one cache line of words, and so belong to one partition. */
const LINE_BITS = 4;

/** The block's access sets, which a declaration that names its need has in every block. */
export function declaredSets(block: Block): AccessSets {
  if (block.accessSets === undefined) throw new Error('the block came without the access sets it needs');
  return block.accessSets;
}

/** How many accesses are declared in all. */
export function slotsOf({ keys }: KeySets): number {
  return keys.length;
}

/** The slot of a key in transaction t's set, or -1. By scanning: sets of contracts are small. */
export function slotOf({ from, keys }: KeySets, t: number, key: number): number {
  const end = from[t + 1];
  for (let slot = from[t]; slot < end; slot++) if (keys[slot] === key) return slot;
  return -1;
}

/** Which of so many partitions a key belongs to. Whole lines of keys, so that partitions share none. */
export function partitionOf(key: number, partitions: number): number {
  return (key >> LINE_BITS) % partitions;
}

/** A key's number among its partition's keys. */
export function placeInPartition(key: number, partitions: number): number {
  const line = Math.floor((key >> LINE_BITS) / partitions);
  return (line << LINE_BITS) | (key & (2 ** LINE_BITS - 1));
}

/** How many such numbers a partition has at most. */
export function placesInPartition(keys: number, partitions: number): number {
  return Math.ceil(Math.ceil(keys / 2 ** LINE_BITS) / partitions) << LINE_BITS;
}

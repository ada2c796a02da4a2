/**
 * Where the keys of a table's partitions are: whole lines of keys, dealt out in turn, so that no two partitions
 * share a cache line. (As algorithms divide a table: parts/declared-sets.ts.)
 */

/** Keys of one line of words, as a power of two. */
const LINE_BITS = 4;

/** How many keys each partition has at least: partitions are drawn from as if none had more. */
export function placesInPartition(keys: number, partitions: number): number {
  return Math.floor((keys >> LINE_BITS) / partitions) << LINE_BITS;
}

/** The key with this number among its partition's keys. */
export function keyInPartition(place: number, partition: number, partitions: number): number {
  const line = (place >> LINE_BITS) * partitions + partition;
  return (line << LINE_BITS) | (place & (2 ** LINE_BITS - 1));
}

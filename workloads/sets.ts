/** Offsets and key sets: what workloads share when they lay out a block's arrays. */
import type { KeySets } from './workload.ts';

/** Below this many keys, insertion beats the engine's sort by far. */
const INSERTION_MAX = 48;

/** Where each of `count` rows of `size` elements starts, and where the last one ends. */
export function evenOffsets(count: number, size: number): Int32Array {
  const from = new Int32Array(count + 1);
  for (let row = 0; row <= count; row++) from[row] = row * size;
  return from;
}

/**
 * Key sets, each ascending and without repeats. `fill` puts transaction t's keys into `keys` from `at` on, in
 * any order and as often as it likes, and returns where it stopped; all it puts fits into `capacity`.
 */
export function keySets(
  transactions: number,
  capacity: number,
  fill: (t: number, keys: Int32Array, at: number) => number,
): KeySets {
  const from = new Int32Array(transactions + 1);
  const keys = new Int32Array(capacity);
  for (let t = 0; t < transactions; t++) {
    const end = fill(t, keys, from[t]);
    if (end > capacity) throw new RangeError(`${end} keys do not fit into ${capacity}`);
    sort(keys, from[t], end);
    from[t + 1] = distinct(keys, from[t], end);
  }
  return { from, keys: keys.slice(0, from[transactions]) };
}

function sort(keys: Int32Array, from: number, to: number): void {
  if (to - from > INSERTION_MAX) {
    keys.subarray(from, to).sort();
    return;
  }
  for (let i = from + 1; i < to; i++) {
    const key = keys[i];
    let j = i;
    for (; j > from && keys[j - 1] > key; j--) keys[j] = keys[j - 1];
    keys[j] = key;
  }
}

/** Moves the distinct ones of sorted keys to the front; returns where they end. */
function distinct(keys: Int32Array, from: number, to: number): number {
  let end = from;
  for (let i = from; i < to; i++) {
    if (end === from || keys[i] !== keys[end - 1]) keys[end++] = keys[i];
  }
  return end;
}

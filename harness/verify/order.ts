/** The serial order that a run witnesses without versions: the block's own, or by serialization numbers. */

/** A witness that does not say enough to find an order. The verdict is then unknown, for this reason. */
export class WitnessError extends Error {
  override readonly name = 'WitnessError';
}

/** The block's order. */
export function presetOrder(transactions: number): Int32Array {
  return Int32Array.from({ length: transactions }, (_, t) => t);
}

/**
 * Transactions by ascending point; equal points by transaction index.
 *
 * Sorts the bare numbers, which a typed array does natively, and then places each transaction at its
 * point's first position plus how many with the same point came before it.
 */
export function orderByPoints(transactions: number, points: Float64Array): Int32Array {
  if (points.length !== transactions) {
    throw new WitnessError(`the witness has ${points.length} points for ${transactions} transactions`);
  }
  for (let t = 0; t < transactions; t++) {
    if (!Number.isFinite(points[t])) {
      throw new WitnessError(`transaction ${t} has no serialization number: its point is ${points[t]}`);
    }
  }
  const sorted = points.slice().sort();
  const placed = new Int32Array(transactions);
  const order = new Int32Array(transactions);
  for (let t = 0; t < transactions; t++) {
    const first = lowerBound(sorted, points[t]);
    order[first + placed[first]++] = t;
  }
  return order;
}

/** The first index whose value is not below `value`. */
function lowerBound(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

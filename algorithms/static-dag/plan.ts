/**
 * What a schedule needs to know of the graph beyond its edges: levels, components, or an order by the heaviest
 * remaining path. Plain computing on private arrays.
 */

/** A graph by successors: t's are `to[from[t]] … to[from[t + 1] - 1]`, all of them above t. */
export interface Successors {
  readonly from: Int32Array;
  readonly to: Int32Array;
}

/** The transactions in groups, one group after another, ascending within each. */
export interface Grouped {
  readonly order: Int32Array;
  /** Group g is `order[starts[g]] … order[starts[g + 1] - 1]`. */
  readonly starts: Int32Array;
}

/** Level 0 waits for nobody, level k + 1 for somebody on level k and nobody above. */
export function levels({ from, to }: Successors): Grouped {
  const level = new Int32Array(from.length - 1);
  let count = 0;
  for (let t = 0; t < level.length; t++) {
    count = Math.max(count, level[t] + 1);
    for (let i = from[t]; i < from[t + 1]; i++) level[to[i]] = Math.max(level[to[i]], level[t] + 1);
  }
  return grouped(level, count);
}

/** Weakly connected components, the heaviest first: so the last ones to be taken are short. */
export function components({ from, to }: Successors, weights: Int32Array): Grouped {
  const root = Int32Array.from(weights.keys());
  for (let t = 0; t < root.length; t++) {
    for (let i = from[t]; i < from[t + 1]; i++) join(root, t, to[i]);
  }
  const weight = new Float64Array(root.length);
  for (let t = 0; t < root.length; t++) weight[find(root, t)] += weights[t];
  const roots = root.filter((parent, t) => parent === t).sort((a, b) => weight[b] - weight[a] || a - b);
  const component = new Int32Array(root.length);
  for (let i = 0; i < roots.length; i++) component[roots[i]] = i;
  for (let t = 0; t < root.length; t++) component[t] = component[find(root, t)];
  return grouped(component, roots.length);
}

/** All transactions, those with the heaviest path from them to an end first; then by index. */
export function criticalPath({ from, to }: Successors, weights: Int32Array): Int32Array {
  const remaining = new Float64Array(weights.length);
  for (let t = weights.length - 1; t >= 0; t--) {
    let heaviest = 0;
    for (let i = from[t]; i < from[t + 1]; i++) heaviest = Math.max(heaviest, remaining[to[i]]);
    remaining[t] = weights[t] + heaviest;
  }
  return Int32Array.from(weights.keys()).sort((a, b) => remaining[b] - remaining[a] || a - b);
}

/** Sorts by group, by counting. */
function grouped(group: Int32Array, count: number): Grouped {
  const starts = new Int32Array(count + 1);
  for (const g of group) starts[g + 1]++;
  for (let g = 0; g < count; g++) starts[g + 1] += starts[g];
  const next = starts.slice();
  const order = new Int32Array(group.length);
  for (let t = 0; t < group.length; t++) order[next[group[t]]++] = t;
  return { order, starts };
}

/** The lowest transaction of t's tree, with paths halved on the way. */
function find(root: Int32Array, t: number): number {
  let at = t;
  while (root[at] !== at) {
    root[at] = root[root[at]];
    at = root[at];
  }
  return at;
}

function join(root: Int32Array, a: number, b: number): void {
  const low = find(root, a);
  const high = find(root, b);
  if (low < high) root[high] = low;
  else root[low] = high;
}

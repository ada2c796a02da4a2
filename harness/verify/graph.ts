/**
 * The direct serialization graph of a run, from its versions witness: who must come before whom.
 *
 * Paper    Adya, Liskov, O'Neil: Generalized Isolation Level Definitions. ICDE 2000, section 4.4.
 * Edges    ww  the first wrote a version, the second installed the next one of that key
 *          wr  the second read a version that the first installed
 *          rw  the first read a version, the second installed the next one of that key
 *
 * A transaction that reverted reads too, and must fit into the order; it installs nothing.
 *
 * Layout   `to[from[t] … from[t + 1] - 1]` are the heads of t's edges, the ww ones first, then the wr ones, then
 *          the rw ones, so the graph with fewer kinds of edges is a prefix of each list: `ends[kind][t]` is where
 *          it ends. Everything is in typed arrays and takes time linear in the witness.
 */
import { INITIAL, predecessors, type Versions } from './versions.ts';

/** The kinds of edges, as indexes into `Graph.ends`. */
export const WW = 0;
export const WR = 1;
export const RW = 2;
export const KINDS = ['ww', 'wr', 'rw'] as const;
export type EdgeKind = typeof WW | typeof WR | typeof RW;

export interface Graph {
  readonly nodes: number;
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** `ends[kind][t]`: where t's edges of this kind and those before it end. */
  readonly ends: readonly [ww: Int32Array, wr: Int32Array, rw: Int32Array];
}

/** Two committed transactions overwrote the same version: the version order of its key has a fork. */
export interface Fork {
  readonly key: number;
  readonly version: number;
  readonly transactions: readonly [number, number];
}

/** The version order of each key. Its elements are indexes of installed writes. */
export interface VersionOrder {
  /** The write before write i, or INITIAL. */
  readonly before: Int32Array;
  /** The write after write i, or -1. Where there is a fork, one of those after it. */
  readonly after: Int32Array;
  /** The first write of each key, or -1. */
  readonly first: Int32Array;
  /** A fork, if there is one: then the order is not total. */
  readonly fork: Fork | undefined;
}

/** Puts the installed writes of each key in their order. */
export function versionOrder(versions: Versions): VersionOrder {
  const { keys, writeBy, writeKey, writeVersion, installed } = versions;
  const before = predecessors(versions);
  const after = new Int32Array(writeBy.length).fill(-1);
  const first = new Int32Array(keys).fill(-1);
  let fork: Fork | undefined;
  for (let w = 0; w < before.length; w++) {
    if (!installed[w]) continue;
    const replaced = before[w];
    const other = replaced === INITIAL ? first[writeKey[w]] : after[replaced];
    if (other >= 0) {
      const version = replaced === INITIAL ? 0 : writeVersion[replaced];
      fork ??= { key: writeKey[w], version, transactions: [writeBy[other], writeBy[w]] };
    } else if (replaced === INITIAL) {
      first[writeKey[w]] = w;
    } else {
      after[replaced] = w;
    }
  }
  return { before, after, first, fork };
}

/** The edge that write w gives: its version's place after another's. The tail, or -1 where there is none. */
export function tailOfOverwrite({ writeBy, installed }: Versions, order: VersionOrder, w: number): number {
  const replaced = order.before[w];
  if (!installed[w] || replaced === INITIAL) return -1;
  return writeBy[replaced] === writeBy[w] ? -1 : writeBy[replaced];
}

/** The wr edge that read r gives: its tail, or -1. */
export function tailOfRead({ readBy, readSource, writeBy, installed }: Versions, r: number): number {
  const source = readSource[r];
  if (source < 0 || !installed[source]) return -1;
  return writeBy[source] === readBy[r] ? -1 : writeBy[source];
}

/** The rw edge that read r gives: the write that replaced what it saw, or -1. */
export function overwriteOfRead(versions: Versions, order: VersionOrder, r: number): number {
  const { readBy, readKey, readSource, writeBy } = versions;
  const source = readSource[r];
  const next = source === INITIAL ? order.first[readKey[r]] : source >= 0 ? order.after[source] : -1;
  return next < 0 || writeBy[next] === readBy[r] ? -1 : next;
}

/** Builds the graph. Where the version order has a fork, some rw edges are missing. */
export function serializationGraph(versions: Versions, order: VersionOrder): Graph {
  const { transactions: nodes, readBy, writeBy } = versions;
  const most = writeBy.length + 2 * readBy.length;
  const tails = new Int32Array(most);
  const heads = new Int32Array(most);
  let count = 0;
  const upTo = [0, 0, 0];
  for (let w = 0; w < writeBy.length; w++) {
    const tail = tailOfOverwrite(versions, order, w);
    if (tail < 0) continue;
    tails[count] = tail;
    heads[count++] = writeBy[w];
  }
  upTo[WW] = count;
  for (let r = 0; r < readBy.length; r++) {
    const tail = tailOfRead(versions, r);
    if (tail < 0) continue;
    tails[count] = tail;
    heads[count++] = readBy[r];
  }
  upTo[WR] = count;
  for (let r = 0; r < readBy.length; r++) {
    const next = overwriteOfRead(versions, order, r);
    if (next < 0) continue;
    tails[count] = readBy[r];
    heads[count++] = writeBy[next];
  }
  upTo[RW] = count;
  return adjacency(nodes, tails, heads, upTo);
}

/** Groups edges, given kind after kind, by their tails; kinds stay in order, for the sort is stable. */
function adjacency(nodes: number, tails: Int32Array, heads: Int32Array, upTo: number[]): Graph {
  const ends = [new Int32Array(nodes), new Int32Array(nodes), new Int32Array(nodes)] as const;
  for (let kind = WW; kind <= RW; kind++) {
    const counts = ends[kind];
    if (kind > WW) counts.set(ends[kind - 1]);
    for (let e = kind > WW ? upTo[kind - 1] : 0; e < upTo[kind]; e++) counts[tails[e]]++;
  }
  const from = new Int32Array(nodes + 1);
  for (let t = 0; t < nodes; t++) {
    from[t + 1] = from[t] + ends[RW][t];
    for (const counts of ends) counts[t] += from[t];
  }
  const next = from.slice(0, nodes);
  const to = new Int32Array(upTo[RW]);
  for (let e = 0; e < to.length; e++) to[next[tails[e]]++] = heads[e];
  return { nodes, from, to, ends };
}

/**
 * An order in which every edge of the kinds up to `kind` goes forward, or nothing if there is a cycle (Kahn).
 * The nodes without predecessors come first, by index, then each as its last predecessor is placed.
 */
export function topologicalOrder({ nodes, from, to, ends }: Graph, kind: EdgeKind): Int32Array | undefined {
  const end = ends[kind];
  const awaited = new Int32Array(nodes);
  for (let t = 0; t < nodes; t++) {
    for (let e = from[t]; e < end[t]; e++) awaited[to[e]]++;
  }
  const order = new Int32Array(nodes);
  let placed = 0;
  for (let t = 0; t < nodes; t++) {
    if (awaited[t] === 0) order[placed++] = t;
  }
  for (let position = 0; position < placed; position++) {
    const t = order[position];
    for (let e = from[t]; e < end[t]; e++) {
      if (--awaited[to[e]] === 0) order[placed++] = to[e];
    }
  }
  return placed === nodes ? order : undefined;
}

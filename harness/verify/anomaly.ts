/**
 * From a versions witness to a serial order, or to the anomaly that stands in its way, by name.
 *
 * Papers  Adya, Liskov, O'Neil: Generalized Isolation Level Definitions. ICDE 2000 (G0, G1, G2).
 *         Adya: Weak Consistency: A Generalized Theory and Optimistic Implementations for Distributed
 *         Transactions. PhD thesis, MIT, 1999 (G-single).
 *
 * Names   G1a       a read of a version that no committed transaction wrote
 *         G1b       a read of another transaction's intermediate version
 *         G0        a cycle of ww edges
 *         G1c       a cycle of ww and wr edges
 *         G-single  a cycle with exactly one rw edge
 *         G2        a cycle with more rw edges
 *         Of several, the first of this list is reported.
 *
 * A fork  Adya takes for granted that the versions of a key are totally ordered. A witness may say otherwise: that
 *         two transactions A and B overwrote the same version v. "Overwrote v" is what an algorithm observed when
 *         it installed its write: v was the latest version. Whatever serial order is tried, one of the two is
 *         first, say A. Then v was followed by A's version, so A -ww-> B; and B, which observed v as the latest
 *         and not A's version, precedes A by an anti-dependency, so B -rw-> A. With B first it is the same with
 *         the names exchanged. Every completion of the version order thus has a cycle with exactly one rw edge,
 *         and a fork is reported as G-single: it is the lost update (where A and B read v, as a lost update has
 *         it, the rw edge is Adya's own; for blind writes it is what their reports say). G0 and G1c need no rw
 *         edge, hence no total order, and are looked for first.
 *
 * So the graph has no cycle, and the witness no G1a, G1b or fork, exactly if there is a serial order in which each
 * transaction reads the versions that it reported and overwrites the versions that it reported.
 */

import type { Block } from '../../workloads/workload.ts';
import { COMMITTED } from '../machine/machine.ts';
import type { Run } from '../machine/run.ts';
import { type Cycle, strongestCycle } from './cycles.ts';
import {
  type EdgeKind,
  type Fork,
  type Graph,
  KINDS,
  overwriteOfRead,
  RW,
  serializationGraph,
  tailOfOverwrite,
  tailOfRead,
  topologicalOrder,
  type VersionOrder,
  versionOrder,
  WR,
  WW,
} from './graph.ts';
import type { Anomaly, Invalid, Json } from './verdict.ts';
import { decode, INITIAL, NOBODY, type Versions } from './versions.ts';

/** Edges of a cycle that the explanation, and the evidence, spell out. */
const [TOLD, SHOWN] = [6, 100];

const MEANING: Partial<Record<Anomaly, string>> = {
  G0: 'transactions overwrote each other',
  G1a: 'an aborted read',
  G1b: 'an intermediate read',
  G1c: 'information flowed in a circle',
  'G-single': 'a cycle with a single anti-dependency',
  G2: 'a cycle of anti-dependencies',
};

/** A serial order that fits every version read and overwritten, or why there is none. */
export function orderByVersions(block: Block, run: Run): Int32Array | Invalid {
  const analysis = analyse(block, run);
  return 'verdict' in analysis ? analysis : serialOrder(analysis);
}

function serialOrder({ versions, order, graph }: Analysis): Int32Array | Invalid {
  const serial = order.fork === undefined ? topologicalOrder(graph, RW) : undefined;
  if (serial !== undefined) return serial;
  // With a fork some rw edges are missing, and it is a G-single itself: only stronger ones come before it.
  const cycle = strongestCycle(graph, order.fork === undefined ? RW : WR);
  if (cycle !== undefined) return cyclic(versions, order, cycle);
  if (order.fork !== undefined) return forked(order.fork);
  throw new Error('a graph that cannot be sorted has no cycle');
}

/** An anomaly of the run's versions, or else an edge against the block's order, or nothing. */
export function againstBlockOrder(block: Block, run: Run): Invalid | undefined {
  const analysis = analyse(block, run);
  if ('verdict' in analysis) return analysis;
  const found = serialOrder(analysis);
  if ('verdict' in found) return found;
  const { versions, order, graph } = analysis;
  const edge = backwardEdge(graph);
  if (edge === undefined) return undefined;
  const [told] = describe(versions, order, [edge]);
  return {
    verdict: 'invalid',
    anomaly: 'block-order',
    explanation:
      `The run is not equivalent to the block's order: ${told.sentence}, ` +
      `so transaction ${edge.from} comes before ${edge.to}, against their order in the block.`,
    evidence: { edge: told.data },
  };
}

interface Analysis {
  readonly versions: Versions;
  readonly order: VersionOrder;
  readonly graph: Graph;
}

function analyse(block: Block, run: Run): Analysis | Invalid {
  const { transactions, keys } = block;
  const versions = decode(transactions, keys, run.cores, (t) => run.outcomes[t] === COMMITTED);
  const dirty = dirtyRead(versions, run);
  if (dirty !== undefined) return dirty;
  const order = versionOrder(versions);
  return { versions, order, graph: serializationGraph(versions, order) };
}

/** The first G1a, or else the first G1b. A transaction may read its own versions, installed or not. */
function dirtyRead(versions: Versions, run: Run): Invalid | undefined {
  const { readBy, readSource, writeBy, installed } = versions;
  let intermediate = -1;
  for (let r = 0; r < readBy.length; r++) {
    const source = readSource[r];
    if (source === INITIAL) continue;
    if (source === NOBODY) return aborted(versions, r, 'no transaction wrote');
    const writer = writeBy[source];
    if (writer === readBy[r] || installed[source]) continue;
    if (run.outcomes[writer] !== COMMITTED) {
      return aborted(versions, r, `transaction ${writer} wrote, and it reverted`);
    }
    if (intermediate < 0) intermediate = r;
  }
  if (intermediate < 0) return undefined;
  const writer = writeBy[readSource[intermediate]];
  return dirty(versions, intermediate, 'G1b', `transaction ${writer} overwrote itself`, { writer });
}

function aborted(versions: Versions, r: number, which: string): Invalid {
  const source = versions.readSource[r];
  return dirty(versions, r, 'G1a', which, { writer: source < 0 ? null : versions.writeBy[source] });
}

function dirty(
  versions: Versions,
  r: number,
  anomaly: Anomaly,
  which: string,
  more: { writer: Json },
): Invalid {
  const [transaction, key, version] = [versions.readBy[r], versions.readKey[r], versions.readVersion[r]];
  return {
    verdict: 'invalid',
    anomaly,
    explanation:
      `Transaction ${transaction} read version ${version} of key ${key}, which ${which} ` +
      `(${anomaly}: ${MEANING[anomaly]}).`,
    evidence: { read: { transaction, key, version, ...more } },
  };
}

function forked({ key, version, transactions: [a, b] }: Fork): Invalid {
  return {
    verdict: 'invalid',
    anomaly: 'G-single',
    explanation:
      `Transactions ${a} and ${b} both overwrote version ${version} of key ${key}, so in every serial order ` +
      `the later of the two missed the earlier one's write (G-single: a lost update).`,
    evidence: {
      fork: { key, version, transactions: [a, b] },
      cycle: [
        { from: a, to: b, kind: 'ww', key },
        { from: b, to: a, kind: 'rw', key, version },
      ],
    },
  };
}

function cyclic(versions: Versions, order: VersionOrder, cycle: Cycle): Invalid {
  const anomaly = nameOf(cycle);
  const { transactions, kinds } = cycle;
  const edges = transactions
    .slice(0, SHOWN)
    .map((from, i) => ({ from, to: transactions[(i + 1) % transactions.length], kind: kinds[i] }));
  const told = describe(versions, order, edges);
  const sentences = told
    .slice(0, TOLD)
    .map(({ sentence, from, to }) => `${sentence}, so ${from} precedes ${to}`);
  const rest = transactions.length - sentences.length;
  if (rest > 0) sentences.push(`and ${rest} more such steps lead back to ${transactions[0]}`);
  return {
    verdict: 'invalid',
    anomaly,
    explanation:
      `No serial order fits: ${transactions.length} transactions must each precede the next in a circle ` +
      `(${anomaly}: ${MEANING[anomaly]}). ${sentences.map(capital).join('. ')}.`,
    evidence: { length: transactions.length, cycle: told.map(({ data }) => data) },
  };
}

function nameOf({ kinds }: Cycle): Anomaly {
  const antiDependencies = kinds.filter((kind) => kind === RW).length;
  if (antiDependencies > 0) return antiDependencies === 1 ? 'G-single' : 'G2';
  return kinds.includes(WR) ? 'G1c' : 'G0';
}

interface Edge {
  readonly from: number;
  readonly to: number;
  readonly kind: EdgeKind;
}

interface Told extends Edge {
  readonly sentence: string;
  readonly data: { readonly [name: string]: Json };
}

/** Finds the accesses that the edges come from, all in one pass, since this is for a few edges of many. */
function describe(versions: Versions, order: VersionOrder, edges: readonly Edge[]): Told[] {
  const { writeBy, writeKey, writeVersion, readBy, readKey, readVersion, transactions } = versions;
  const name = (from: number, to: number, kind: EdgeKind) => (from * transactions + to) * KINDS.length + kind;
  const told = new Map<number, Told | undefined>(
    edges.map(({ from, to, kind }) => [name(from, to, kind), undefined]),
  );
  const tell = (from: number, to: number, kind: EdgeKind, key: number, version: number, next?: number) => {
    const id = name(from, to, kind);
    if (from < 0 || !told.has(id) || told.get(id) !== undefined) return;
    const data = { from, to, kind: KINDS[kind], key, version, ...(next === undefined ? {} : { next }) };
    told.set(id, { from, to, kind, sentence: sentenceOf(from, to, kind, key, version), data });
  };
  for (let w = 0; w < writeBy.length; w++) {
    const from = tailOfOverwrite(versions, order, w);
    if (from >= 0) tell(from, writeBy[w], WW, writeKey[w], writeVersion[order.before[w]], writeVersion[w]);
  }
  for (let r = 0; r < readBy.length; r++) {
    tell(tailOfRead(versions, r), readBy[r], WR, readKey[r], readVersion[r]);
    const next = overwriteOfRead(versions, order, r);
    if (next >= 0) tell(readBy[r], writeBy[next], RW, readKey[r], readVersion[r], writeVersion[next]);
  }
  return edges.map(({ from, to, kind }) => told.get(name(from, to, kind))!);
}

function sentenceOf(from: number, to: number, kind: EdgeKind, key: number, version: number): string {
  if (kind === WW) return `transaction ${to} overwrote version ${version} of key ${key}, written by ${from}`;
  if (kind === WR) return `transaction ${to} read version ${version} of key ${key}, written by ${from}`;
  return `transaction ${from} read version ${version} of key ${key}, overwritten by ${to}`;
}

function capital(sentence: string): string {
  return sentence[0].toUpperCase() + sentence.slice(1);
}

/** An edge to a transaction that is earlier in the block. */
function backwardEdge({ nodes, from, to, ends }: Graph): Edge | undefined {
  for (let tail = 0; tail < nodes; tail++) {
    for (let e = from[tail]; e < from[tail + 1]; e++) {
      const kind = e < ends[WW][tail] ? WW : e < ends[WR][tail] ? WR : RW;
      if (to[e] < tail) return { from: tail, to: to[e], kind };
    }
  }
  return undefined;
}

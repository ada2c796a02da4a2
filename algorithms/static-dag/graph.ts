/**
 * The conflict graph in shared memory: for each transaction the list of those that wait for it, and how many it
 * waits for itself.
 *
 * Layout      transactions[t]   first      the first edge from t, + 1; 0: none. Whoever adds an edge
 *                               waits      edges into t; counted up by who adds them, down by who ends them
 *             edges[e]          to, next   the transaction that waits, and the next edge of the list, + 1.
 *                                          Whoever adds the edge, once: its number belongs to one access
 *
 * Invariants  G1  `waits` passes from 0 to -1 once: when all edges are ended and the transaction was looked at
 *                 by `start`, whichever comes last. So it is put among the ready ones once, and not before.
 */
import type { Block, Memory, Steps, Views } from '../algorithm.ts';
import type { AccessSets } from '../parts/declared-sets.ts';
import { Conflicts, mostEdges } from './conflicts.ts';
import type { Successors } from './plan.ts';

/** Where transactions go that wait for nobody. */
export interface Ready {
  put(t: number): Steps<void>;
  poke(t: number): void;
}

export class Graph {
  readonly #block: Block;
  readonly #sets: AccessSets;
  readonly #transactions: Views<{ first: 'word'; waits: 'word' }>;
  readonly #edges: Views<{ to: 'word'; next: 'word' }>;

  constructor(memory: Memory, block: Block, sets: AccessSets) {
    this.#block = block;
    this.#sets = sets;
    this.#transactions = memory.records('transactions', block.transactions, { first: 'word', waits: 'word' });
    this.#edges = memory.records('edges', mostEdges(sets), { to: 'word', next: 'word' });
  }

  /** Adds the edges of the conflicts on one partition of the keys. */
  *build(partition: number, partitions: number): Steps<void> {
    const conflicts = new Conflicts(this.#block, this.#sets, partition, partitions);
    const { waits } = this.#transactions;
    for (let t = 0; t < this.#block.transactions; t++) {
      conflicts.advance(t);
      if (conflicts.size > 0) yield* waits.add(t, conflicts.size);
      for (let i = 0; i < conflicts.size; i++) yield* this.#link(conflicts.before[i], t, conflicts.edges[i]);
    }
  }

  *#link(before: number, t: number, edge: number): Steps<void> {
    const { first } = this.#transactions;
    yield* this.#edges.to.store(edge, t);
    for (;;) {
      const seen = yield* first.load(before);
      yield* this.#edges.next.store(edge, seen);
      if ((yield* first.compareExchange(before, seen, edge + 1)) === seen) return;
    }
  }

  /** The same, all of it, before the run. */
  poke(): void {
    const conflicts = new Conflicts(this.#block, this.#sets, 0, 1);
    const { first, waits } = this.#transactions;
    for (let t = 0; t < this.#block.transactions; t++) {
      conflicts.advance(t);
      waits.poke(t, conflicts.size);
      for (let i = 0; i < conflicts.size; i++) {
        const before = conflicts.before[i];
        const edge = conflicts.edges[i];
        this.#edges.to.poke(edge, t);
        this.#edges.next.poke(edge, first.peek(before));
        first.poke(before, edge + 1);
      }
    }
  }

  /** Puts those among a share of the transactions that wait for nobody. Others may be at it, or may execute. */
  *start(share: number, shares: number, ready: Ready): Steps<void> {
    const size = Math.ceil(this.#block.transactions / shares);
    const end = Math.min(this.#block.transactions, (share + 1) * size);
    for (let t = share * size; t < end; t++) yield* this.#count(t, ready);
  }

  /** The same, all of it, before the run. */
  pokeStart(ready: Ready): void {
    const { waits } = this.#transactions;
    for (let t = 0; t < this.#block.transactions; t++) {
      const count = waits.peek(t);
      waits.poke(t, count - 1);
      if (count === 0) ready.poke(t);
    }
  }

  /** Ends the edges from t. */
  *release(t: number, ready: Ready): Steps<void> {
    const { to, next } = this.#edges;
    for (let at = yield* this.#transactions.first.load(t); at !== 0; at = yield* next.load(at - 1)) {
      yield* this.#count(yield* to.load(at - 1), ready);
    }
  }

  *#count(t: number, ready: Ready): Steps<void> {
    if ((yield* this.#transactions.waits.add(t, -1)) === 0) yield* ready.put(t);
  }

  /** All edges, as one core collects them. */
  *successors(): Steps<Successors> {
    const { to, next } = this.#edges;
    const rows = new Rows(this.#block.transactions, mostEdges(this.#sets));
    for (let t = 0; t < this.#block.transactions; t++) {
      let at = yield* this.#transactions.first.load(t);
      for (; at !== 0; at = yield* next.load(at - 1)) rows.add(yield* to.load(at - 1));
      rows.close(t);
    }
    return rows;
  }

  /** The same, before the run. */
  peekSuccessors(): Successors {
    const { to, next } = this.#edges;
    const rows = new Rows(this.#block.transactions, mostEdges(this.#sets));
    for (let t = 0; t < this.#block.transactions; t++) {
      let at = this.#transactions.first.peek(t);
      for (; at !== 0; at = next.peek(at - 1)) rows.add(to.peek(at - 1));
      rows.close(t);
    }
    return rows;
  }
}

/** Successors, filled row by row. */
class Rows implements Successors {
  readonly from: Int32Array;
  readonly to: Int32Array;
  #size = 0;

  constructor(transactions: number, edges: number) {
    this.from = new Int32Array(transactions + 1);
    this.to = new Int32Array(edges);
  }

  add(t: number): void {
    this.to[this.#size++] = t;
  }

  close(row: number): void {
    this.from[row + 1] = this.#size;
  }
}

/**
 * The conflict graph's edges, transaction by transaction: which earlier ones does it have to wait for?
 * Of those that conflict on a key only the latest: the last writer for a reader; for a writer the readers since
 * then, or that writer if there are none. All others are before these.
 *
 * Private to a core, which takes the keys of one partition; the partitions' edges together are the graph.
 */
import type { Block } from '../algorithm.ts';
import {
  type AccessSets,
  partitionOf,
  placeInPartition,
  placesInPartition,
  slotsOf,
} from '../parts/declared-sets.ts';

/** The most edges of a block: each read is behind one write at most and before one, each write behind one. */
export function mostEdges({ reads, writes }: AccessSets): number {
  return 2 * slotsOf(reads) + slotsOf(writes);
}

export class Conflicts {
  /** After `advance(t)`: the transactions that t has to wait for, and each edge's number, its own in the block. */
  readonly before: Int32Array;
  readonly edges: Int32Array;
  size = 0;

  readonly #sets: AccessSets;
  readonly #partition: number;
  readonly #partitions: number;
  /** By the key's place: its last writer + 1; its last reader since then, as an entry of the readers' log + 1. */
  readonly #writer: Int32Array;
  readonly #reader: Int32Array;
  /** The readers' log: transaction, slot, and the reader of the same key before it. */
  readonly #readerOf: Int32Array;
  readonly #slotOf: Int32Array;
  readonly #earlier: Int32Array;
  #readers = 0;
  /** Which transaction, + 1, has an edge from this one already. */
  readonly #marked: Int32Array;

  constructor(block: Block, sets: AccessSets, partition: number, partitions: number) {
    this.#sets = sets;
    this.#partition = partition;
    this.#partitions = partitions;
    const places = placesInPartition(block.keys, partitions);
    this.#writer = new Int32Array(places);
    this.#reader = new Int32Array(places);
    const readers = this.#countReads();
    this.#readerOf = new Int32Array(readers);
    this.#slotOf = new Int32Array(readers);
    this.#earlier = new Int32Array(readers);
    this.#marked = new Int32Array(block.transactions);
    this.before = new Int32Array(block.transactions);
    this.edges = new Int32Array(block.transactions);
  }

  #countReads(): number {
    let count = 0;
    for (const key of this.#sets.reads.keys) if (this.#owns(key)) count++;
    return count;
  }

  #owns(key: number): boolean {
    return partitionOf(key, this.#partitions) === this.#partition;
  }

  /** Takes the next transaction: 0, 1, 2, … */
  advance(t: number): void {
    this.size = 0;
    const { reads, writes } = this.#sets;
    for (let r = reads.from[t]; r < reads.from[t + 1]; r++) {
      if (this.#owns(reads.keys[r])) this.#read(t, r, placeInPartition(reads.keys[r], this.#partitions));
    }
    for (let w = writes.from[t]; w < writes.from[t + 1]; w++) {
      if (this.#owns(writes.keys[w])) this.#write(t, w, placeInPartition(writes.keys[w], this.#partitions));
    }
  }

  /** Read after write. */
  #read(t: number, slot: number, place: number): void {
    if (this.#writer[place] > 0) this.#add(t, this.#writer[place] - 1, slot);
    this.#readerOf[this.#readers] = t;
    this.#slotOf[this.#readers] = slot;
    this.#earlier[this.#readers] = this.#reader[place];
    this.#reader[place] = ++this.#readers;
  }

  /** Write after read; or write after write, where nobody has read in between. */
  #write(t: number, slot: number, place: number): void {
    const reads = slotsOf(this.#sets.reads);
    let reader = this.#reader[place];
    if (reader === 0 && this.#writer[place] > 0) this.#add(t, this.#writer[place] - 1, 2 * reads + slot);
    for (; reader > 0; reader = this.#earlier[reader - 1]) {
      this.#add(t, this.#readerOf[reader - 1], reads + this.#slotOf[reader - 1]);
    }
    this.#reader[place] = 0;
    this.#writer[place] = t + 1;
  }

  #add(t: number, before: number, edge: number): void {
    if (before === t || this.#marked[before] === t + 1) return;
    this.#marked[before] = t + 1;
    this.before[this.size] = before;
    this.edges[this.size++] = edge;
  }
}

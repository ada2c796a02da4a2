/**
 * The concurrency control phase: placeholders for all versions that the block will write, and for each declared
 * read the one that it will read.
 *
 * Paper       Bohm (see bohm.ts), sections 3.2.2 to 3.2.4. Upholds I1 and I2 there.
 */
import type { Steps } from '../algorithm.ts';
import { partitionOf } from '../parts/declared-sets.ts';
import type { Bohm } from './bohm.ts';

/** One partition of the keys. */
export class ConcurrencyControl {
  readonly #bohm: Bohm;
  readonly #partition: number;
  readonly #partitions: number;

  constructor(bohm: Bohm, partition: number, partitions: number) {
    this.#bohm = bohm;
    this.#partition = partition;
    this.#partitions = partitions;
  }

  *whole(): Steps<void> {
    const { transactions } = this.#bohm.context.block;
    for (let t = 0; t < transactions; t++) yield* this.#insert(t);
  }

  /** Batch by batch, while others execute those that are built (section 3.2.4). */
  *ahead(): Steps<void> {
    const { block, options } = this.#bohm.context;
    const { built } = this.#bohm;
    for (let t = 0, batches = 0; t < block.transactions; ) {
      const end = Math.min(block.transactions, t + options.batch);
      while (t < end) yield* this.#insert(t++);
      yield* built.store(this.#partition, ++batches); // after all of the batch is inserted: I2
      yield* built.wake(this.#partition);
    }
  }

  *#insert(t: number): Steps<void> {
    const { reads, writes } = this.#bohm.sets;
    const { versions, latest, sources } = this.#bohm;
    for (let r = reads.from[t]; r < reads.from[t + 1]; r++) {
      if (this.#owns(reads.keys[r])) yield* sources.store(r, yield* latest.load(reads.keys[r]));
    }
    for (let w = writes.from[t]; w < writes.from[t + 1]; w++) {
      const key = writes.keys[w];
      if (!this.#owns(key)) continue;
      yield* versions.state.store(w, -(t + 1));
      yield* versions.previous.store(w, yield* latest.load(key));
      // Last: a search that starts here finds a whole version.
      yield* latest.store(key, w + 1);
    }
  }

  #owns(key: number): boolean {
    return partitionOf(key, this.#partitions) === this.#partition;
  }
}

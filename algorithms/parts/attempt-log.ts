/**
 * What a core's attempts of one round have read and written, kept until the round is decided. Private to the
 * core; it grows to the largest round's size and stays there.
 */
import type { AccessSet } from './access-set.ts';

export class AttemptLog {
  /** Of each attempt: the transaction, its rank in the round, and where its accesses are. */
  transactions: Int32Array = new Int32Array(64);
  ranks: Int32Array = new Int32Array(64);
  readsFrom: Int32Array = new Int32Array(64);
  writesFrom: Int32Array = new Int32Array(64);
  writesTo: Int32Array = new Int32Array(64);
  /** Of each access: the key, and the value that was read or written. */
  keys: Int32Array = new Int32Array(512);
  values: Float64Array = new Float64Array(512);
  size = 0;
  #accesses = 0;

  clear(): void {
    this.size = 0;
    this.#accesses = 0;
  }

  append(transaction: number, rank: number, reads: AccessSet, writes: AccessSet): void {
    if (this.size === this.transactions.length) this.#growAttempts();
    const i = this.size++;
    this.transactions[i] = transaction;
    this.ranks[i] = rank;
    this.readsFrom[i] = this.#accesses;
    this.#add(reads);
    this.writesFrom[i] = this.#accesses;
    this.#add(writes);
    this.writesTo[i] = this.#accesses;
  }

  #add({ keys, values, size }: AccessSet): void {
    while (this.#accesses + size > this.keys.length) this.#growAccesses();
    for (let i = 0; i < size; i++) {
      this.keys[this.#accesses] = keys[i];
      this.values[this.#accesses++] = values[i];
    }
  }

  #growAttempts(): void {
    this.transactions = doubled(this.transactions);
    this.ranks = doubled(this.ranks);
    this.readsFrom = doubled(this.readsFrom);
    this.writesFrom = doubled(this.writesFrom);
    this.writesTo = doubled(this.writesTo);
  }

  #growAccesses(): void {
    const values = new Float64Array(2 * this.values.length);
    values.set(this.values);
    this.values = values;
    this.keys = doubled(this.keys);
  }
}

function doubled(array: Int32Array): Int32Array {
  const longer = new Int32Array(2 * array.length);
  longer.set(array);
  return longer;
}

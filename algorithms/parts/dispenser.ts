/** Hands out the block's transactions in their order, each to one core. */
import type { Memory, Steps, Words } from '../algorithm.ts';

export class Dispenser {
  readonly #next: Words;
  readonly #transactions: number;

  constructor(memory: Memory, transactions: number) {
    this.#next = memory.words('next', 1, 'padded');
    this.#transactions = transactions;
  }

  /** The next transaction, or -1 when there is none left. */
  *take(): Steps<number> {
    const transaction = yield* this.#next.add(0, 1);
    return transaction < this.#transactions ? transaction : -1;
  }
}

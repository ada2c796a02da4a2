/**
 * Whose turn it is to commit, in the block's order: what makes an algorithm for any serial order one for the
 * preset order.
 *
 * A word a core, each on a line of its own, as in Anderson's array lock: transaction t waits at the word
 * t mod cores until that holds t, and the end of a turn writes and wakes only the next one's word. A single
 * word would send every waiting core to one line at every commit.
 *
 * No two transactions wait at the same word: a core has one transaction at a time, transactions are begun in
 * their order and end in it, so those under way are among the next `cores` ones.
 *
 * Source   Anderson: The Performance of Spin Lock Alternatives for Shared-Memory Multiprocessors. IEEE TPDS
 *          1(1), 1990.
 */
import type { Memory, Steps, Words } from '../algorithm.ts';

export class Turn {
  /** Zeros at first, so it is transaction 0's turn. */
  readonly #turns: Words;

  constructor(memory: Memory, cores: number) {
    this.#turns = memory.words('turns', cores, 'padded');
  }

  /**
   * Blocks the core until it is this transaction's turn. The one before it wakes it by `pass`. False if it was
   * interrupted instead.
   */
  *wait(transaction: number): Steps<boolean> {
    const place = transaction % this.#turns.length;
    const interrupted = ~transaction;
    for (;;) {
      const holder = yield* this.#turns.load(place);
      if (holder === transaction) return true;
      if (holder === interrupted) {
        // Not a store: its turn may have come meanwhile. Transaction 0 does not wait here: nobody interrupts it.
        yield* this.#turns.compareExchange(place, interrupted, 0);
        return false;
      }
      yield* this.#turns.waitWhile(place, holder);
    }
  }

  /** Makes a transaction give up its wait, if its turn has not come. It does wait, or is about to. */
  *interrupt(transaction: number): Steps<void> {
    const place = transaction % this.#turns.length;
    const holder = yield* this.#turns.load(place);
    if (holder === transaction) return;
    yield* this.#turns.compareExchange(place, holder, ~transaction);
    yield* this.#turns.wake(place);
  }

  /** Ends this transaction's turn: the next one's begins. */
  *pass(transaction: number): Steps<void> {
    const next = transaction + 1;
    const place = next % this.#turns.length;
    yield* this.#turns.store(place, next);
    yield* this.#turns.wake(place);
  }
}

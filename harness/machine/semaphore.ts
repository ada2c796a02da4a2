/**
 * A counting semaphore: at most so many cores are inside at a time, admitted in the order in which they came.
 *
 * Source      A ticket lock with more than one place, and a word for each waiter to wait on; after Dice, Kogan:
 *             Semaphores Augmented with a Waiting Array, 2025.
 * Layout      tickets    how many have asked to enter; whoever asks
 *             left       how many have left; whoever leaves
 *             turns[i]   changes whenever a ticket t with t mod cores = i is admitted; whoever admits it
 *                        Each of these words on a line of its own.
 * Invariants  I1  Ticket t is inside only if t < left + places. So at most `places` are, and first come, first
 *                 admitted.
 *             I2  Of the tickets that wait, at most one a core, no two share a turn: they follow one another and
 *                 are no more than there are cores. So a release wakes the one core that it admits.
 *             I3  No wake-up is lost: a waiter loads its turn before it looks at `left`; a release adds to
 *                 `left` before it changes the turn. If the look misses the release, the turn changes after
 *                 it was loaded.
 */
import type { Memory, Steps, Words } from './machine.ts';

export class Semaphore {
  readonly #places: number;
  readonly #cores: number;
  readonly #tickets: Words;
  readonly #left: Words;
  readonly #turns: Words;

  /**
   * @param places how many may be inside at a time
   * @param cores how many may ask for a place at a time
   */
  constructor(memory: Memory, name: string, places: number, cores: number) {
    this.#places = places;
    this.#cores = cores;
    this.#tickets = memory.words(`${name}.tickets`, 1, 'padded');
    this.#left = memory.words(`${name}.left`, 1, 'padded');
    this.#turns = memory.words(`${name}.turns`, cores, 'padded');
  }

  /** Waits for a place. */
  *acquire(): Steps<void> {
    const ticket = yield* this.#tickets.add(0, 1);
    if (ticket - (yield* this.#left.load(0)) < this.#places) return;
    const turn = ticket % this.#cores;
    let seen = yield* this.#turns.load(turn); // must precede the look at `left`: I3
    while (ticket - (yield* this.#left.load(0)) >= this.#places) {
      yield* this.#turns.waitWhile(turn, seen); // woken by the release that admits this ticket
      seen = yield* this.#turns.load(turn);
    }
  }

  /** Gives the place back. */
  *release(): Steps<void> {
    const admitted = (yield* this.#left.add(0, 1)) + this.#places; // must precede the change of turn: I3
    const turn = admitted % this.#cores;
    yield* this.#turns.add(turn, 1);
    yield* this.#turns.wake(turn);
  }
}

/**
 * Hands out 0, 1, 2, … to the cores, afresh in each of a series of rounds that barriers separate. Two counters
 * take turns: the one that a round does not use is set back during that round, when nobody draws from it.
 */
import type { Memory, Steps, Words } from '../algorithm.ts';

export class RoundDispenser {
  readonly #next: Words;

  constructor(memory: Memory, name: string) {
    this.#next = memory.words(name, 2, 'padded');
  }

  /** The round's next number, or -1 when all of 0 … size - 1 are taken. */
  *take(round: number, size: number): Steps<number> {
    const taken = yield* this.#next.add(round & 1, 1);
    return taken < size ? taken : -1;
  }

  /** Sets back the counter of the next round. By one core, at any time between this round's two barriers. */
  *prepareNext(round: number): Steps<void> {
    yield* this.#next.store((round + 1) & 1, 0);
  }
}

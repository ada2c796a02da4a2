/**
 * Randomized exponential back-off between the attempts at one transaction: a wait of up to `initial` units
 * of work after the first abort, up to twice that after the second, and so on to 1024 times. Without it two
 * transactions in step with one another can abort each other for ever.
 */
import type { Core } from '../algorithm.ts';

const DOUBLINGS = 10;

export class Backoff {
  readonly #initial: number;
  #aborts = 0;

  /** @param initial in units of work; 0: no back-off */
  constructor(initial: number) {
    this.#initial = initial;
  }

  /** A new transaction starts. */
  reset(): void {
    this.#aborts = 0;
  }

  /** Computes for a random while after an abort. */
  wait(core: Core): void {
    if (this.#initial === 0) return;
    core.work(core.random(this.#initial * 2 ** Math.min(this.#aborts, DOUBLINGS)));
    this.#aborts++;
  }
}

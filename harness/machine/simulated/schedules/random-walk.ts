/**
 * Random walk: each step is taken by a core drawn uniformly from those that may step. Explores interleavings
 * that virtual time never shows; the cores' clocks still run, but mean nothing.
 */
import type { Schedule } from './schedule.ts';

export class RandomWalk implements Schedule {
  readonly #random: (bound: number) => number;
  readonly #ready: number[] = [];

  /** @param random a uniform integer in [0, bound) */
  constructor(random: (bound: number) => number) {
    this.#random = random;
  }

  add(core: number): void {
    if (!this.#ready.includes(core)) this.#ready.push(core);
  }

  next(): number {
    const ready = this.#ready;
    if (ready.length === 0) return -1;
    const at = this.#random(ready.length);
    const core = ready[at];
    ready[at] = ready[ready.length - 1];
    ready.pop();
    return core;
  }

  horizon(): number {
    return Number.NEGATIVE_INFINITY;
  }
}

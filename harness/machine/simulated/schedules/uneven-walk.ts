/**
 * Uneven walk: a random walk on which cores fall asleep now and then, for one step or for thousands. On an even walk
 * no core is far behind the others for long; here one may stop between any two accesses while the others go on as far
 * as they like, which is what an interrupt does to a thread, and what many faults need.
 */
import type { Schedule } from './schedule.ts';

/** A core falls asleep about once in so many steps of the walk, for up to 2^11 of them. */
const RARITY = 8;
const DOUBLINGS = 12;

export class UnevenWalk implements Schedule {
  readonly #random: (bound: number) => number;
  readonly #ready: number[] = [];
  /** By core: the step until which it sleeps. */
  readonly #until: number[] = [];
  #step = 0;

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
    this.#step++;
    if (this.#random(RARITY) === 0) {
      const core = ready[this.#random(ready.length)];
      this.#until[core] = this.#step + this.#random(2 ** this.#random(DOUBLINGS));
    }
    const at = this.#place();
    const core = ready[at];
    ready[at] = ready[ready.length - 1];
    ready.pop();
    return core;
  }

  /** Of the cores that may step, one that is awake; if none is, the one that would wake first. */
  #place(): number {
    const ready = this.#ready;
    let awake = 0;
    let first = 0;
    for (let at = 0; at < ready.length; at++) {
      if (this.#sleepsUntil(ready[at]) <= this.#step) awake++;
      if (this.#sleepsUntil(ready[at]) < this.#sleepsUntil(ready[first])) first = at;
    }
    if (awake === 0) return first;
    let skip = this.#random(awake);
    let at = 0;
    while (this.#sleepsUntil(ready[at]) > this.#step || skip-- > 0) at++;
    return at;
  }

  #sleepsUntil(core: number): number {
    return this.#until[core] ?? 0;
  }

  horizon(): number {
    return Number.NEGATIVE_INFINITY;
  }
}

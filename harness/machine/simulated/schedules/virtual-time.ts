/**
 * Virtual time: the core whose clock is behind steps next. The order is total: by time, then by serial, so
 * that of two cores at the same time the one that came there first goes first. (No priorities are needed:
 * a core has one step at a time.)
 */
import type { Schedule } from './schedule.ts';

const ABSENT = -1;

export class VirtualTime implements Schedule {
  /** A binary heap of cores; `#place[core]` is the core's index in it. */
  readonly #heap: Int32Array;
  readonly #place: Int32Array;
  readonly #time: Float64Array;
  readonly #serial: Float64Array;
  #size = 0;
  #serials = 0;

  constructor(cores: number) {
    this.#heap = new Int32Array(cores);
    this.#place = new Int32Array(cores).fill(ABSENT);
    this.#time = new Float64Array(cores);
    this.#serial = new Float64Array(cores);
  }

  add(core: number, time: number): void {
    this.#time[core] = time;
    this.#serial[core] = this.#serials++;
    let place = this.#place[core];
    if (place === ABSENT) {
      place = this.#size++;
      this.#heap[place] = core;
    }
    this.#down(core, this.#up(core, place));
  }

  next(): number {
    if (this.#size === 0) return -1;
    const first = this.#heap[0];
    this.#place[first] = ABSENT;
    const last = this.#heap[--this.#size];
    if (this.#size > 0) this.#down(last, 0);
    return first;
  }

  horizon(): number {
    return this.#size === 0 ? Number.POSITIVE_INFINITY : this.#time[this.#heap[0]];
  }

  #before(a: number, b: number): boolean {
    const difference = this.#time[a] - this.#time[b];
    return difference < 0 || (difference === 0 && this.#serial[a] < this.#serial[b]);
  }

  /** Moves the core up from a place; returns where it may stay. */
  #up(core: number, from: number): number {
    let place = from;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!this.#before(core, this.#heap[parent])) break;
      this.#put(this.#heap[parent], place);
      place = parent;
    }
    return place;
  }

  /** Moves the core down from a place, and puts it there. */
  #down(core: number, from: number): void {
    let place = from;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= this.#size) break;
      if (child + 1 < this.#size && this.#before(this.#heap[child + 1], this.#heap[child])) child++;
      if (!this.#before(this.#heap[child], core)) break;
      this.#put(this.#heap[child], place);
      place = child;
    }
    this.#put(core, place);
  }

  #put(core: number, place: number): void {
    this.#heap[place] = core;
    this.#place[core] = place;
  }
}

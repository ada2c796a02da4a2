/**
 * Every schedule of a small program, one after the other: depth-first over the choices. A core's first step,
 * up to its first access, touches nothing that is shared, so all cores take it first and without a choice.
 */
import type { Schedule } from '../../harness/machine/simulated/schedules/schedule.ts';

export class Enumeration implements Schedule {
  /** The choice at each step, as an index into who could step there, and how many could. */
  #choices: number[] = [];
  #widths: number[] = [];
  #step = 0;
  #starting: number[] = [];
  readonly #started = new Set<number>();
  #ready: number[] = [];

  add(core: number): void {
    if (!this.#started.has(core)) this.#starting.push(core);
    else if (!this.#ready.includes(core)) this.#ready.push(core);
    this.#started.add(core);
  }

  next(): number {
    const start = this.#starting.shift();
    if (start !== undefined) return start;
    if (this.#ready.length === 0) return -1;
    const step = this.#step++;
    if (step === this.#choices.length) {
      this.#choices.push(0);
      this.#widths.push(this.#ready.length);
    }
    return this.#ready.splice(this.#choices[step], 1)[0];
  }

  horizon(): number {
    return Number.NEGATIVE_INFINITY;
  }

  /** Turns to the next schedule; false if that was the last one. */
  advance(): boolean {
    this.#step = 0;
    this.#started.clear();
    this.#ready = [];
    while (this.#choices.length > 0) {
      const last = this.#choices.length - 1;
      if (++this.#choices[last] < this.#widths[last]) return true;
      this.#choices.pop();
      this.#widths.pop();
    }
    return false;
  }
}

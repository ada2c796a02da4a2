/** Recording a schedule's choices, and replaying them step by step. */
import type { Schedule } from './schedule.ts';

/** Another schedule, with its choices kept. */
export class Recording implements Schedule {
  readonly #schedule: Schedule;
  readonly choices: number[] = [];

  constructor(schedule: Schedule) {
    this.#schedule = schedule;
  }

  add(core: number, time: number): void {
    this.#schedule.add(core, time);
  }

  next(): number {
    const core = this.#schedule.next();
    if (core >= 0) this.choices.push(core);
    return core;
  }

  /** Every step has to be asked for, or it would not be recorded. */
  horizon(): number {
    return Number.NEGATIVE_INFINITY;
  }
}

/** The same choices again. After the last one, the lowest-numbered core that may step does. */
export class Replay implements Schedule {
  readonly #choices: readonly number[];
  readonly #ready = new Set<number>();
  #position = 0;

  constructor(choices: readonly number[]) {
    this.#choices = choices;
  }

  add(core: number): void {
    this.#ready.add(core);
  }

  next(): number {
    if (this.#ready.size === 0) return -1;
    const core =
      this.#position < this.#choices.length ? this.#choices[this.#position] : Math.min(...this.#ready);
    if (!this.#ready.delete(core)) {
      throw new Error(
        `the schedule does not fit: step ${this.#position} is core ${core}'s, which cannot step there ` +
          `(cores that can: ${[...this.#ready].sort((a, b) => a - b).join(', ')})`,
      );
    }
    this.#position++;
    return core;
  }

  horizon(): number {
    return Number.NEGATIVE_INFINITY;
  }
}

/**
 * Two transactions overlap in one way only: core 0 runs alone until a procedure opens the gate, then core 1
 * to its end, then core 0 to its own. For examples that a paper tells step by step.
 */
import type { Schedule } from '../../harness/machine/simulated/schedules/schedule.ts';

export class Gate implements Schedule {
  readonly #ready = new Set<number>();
  #open = false;

  /** From now on core 1 goes first. Once open it stays so. */
  readonly open = (): void => {
    this.#open = true;
  };

  add(core: number): void {
    this.#ready.add(core);
  }

  next(): number {
    const first = this.#open ? 1 : 0;
    const core = this.#ready.has(first) ? first : 1 - first;
    return this.#ready.delete(core) ? core : -1;
  }

  horizon(): number {
    return Number.NEGATIVE_INFINITY;
  }
}

/**
 * What happens on one core of a traced run, in its order: appended in the hot path, put together by
 * `trace.ts` after the run.
 *
 *   row   time in ns of the core's clock, event, operand, transaction      float64
 */
import type { Phase } from './machine.ts';

/** Events, and their operands. */
export const BEGIN = 0;
/** The procedure of the open attempt has ended, one way or another. */
export const EXECUTED = 1;
/** The open attempt is complete. */
export const END = 2;
/** An attempt is undone: the open one, or another core's. Operand: the cause, as an index. */
export const UNDO = 3;
/** The core was parked until now. Operand: for how long, in ns. */
export const PARKED = 4;
/** Operand: the phase that begins, as an index of PHASES. */
export const PHASE = 5;

export const ROW = 4;

export const PHASES: readonly Phase[] = ['execute', 'commit', 'validate', 'back-off', 'engine'];

/** Rows that an attempt takes when little goes wrong. */
const ROWS_PER_TRANSACTION = 16;
const LEAST_ROWS = 1024;

export class Recorder {
  #rows: Float64Array;
  #size = 0;

  /** @param transactions how many this core will execute, about */
  constructor(transactions: number) {
    this.#rows = new Float64Array(ROW * (LEAST_ROWS + Math.ceil(transactions) * ROWS_PER_TRANSACTION));
  }

  add(time_ns: number, event: number, operand: number, transaction: number): void {
    if (this.#size === this.#rows.length) this.#grow();
    const rows = this.#rows;
    rows[this.#size++] = time_ns;
    rows[this.#size++] = event;
    rows[this.#size++] = operand;
    rows[this.#size++] = transaction;
  }

  #grow(): void {
    const longer = new Float64Array(2 * this.#rows.length);
    longer.set(this.#rows);
    this.#rows = longer;
  }

  /** All rows so far. */
  log(): Float64Array {
    return this.#rows.slice(0, this.#size);
  }
}

/** A run's accesses as lines of a table: step, core, operation, place, value, time. */
import { type Observer, OPERATIONS, type Place } from '../machine/simulated/access.ts';

export type Step = readonly [
  step: string,
  core: string,
  operation: string,
  place: string,
  value: string,
  time: string,
];

export const STEP_COLUMNS: Step = ['step', 'core', 'operation', 'place', 'value', 'time'];

/** Keeps the last so many accesses of a run. */
export class StepLog {
  readonly #most: number;
  readonly #steps: Step[] = [];
  /** Accesses in all. */
  count = 0;

  constructor(most: number) {
    this.#most = most;
  }

  readonly observer: Observer = (core, operation, place, index, result, time_ns) => {
    this.count++;
    this.#steps.push([
      `${this.count}`,
      `${core}`,
      OPERATIONS[operation],
      place === undefined ? '' : `${place.name}[${index}]`,
      place === undefined ? '' : seen(OPERATIONS[operation], place, index, result),
      `${time_ns.toLocaleString('en-US', { maximumFractionDigits: 1 })} ns`,
    ]);
    // Twice as many are kept before half of them are dropped, so that this takes constant time a step.
    if (this.#steps.length >= 2 * this.#most) this.#steps.splice(0, this.#steps.length - this.#most);
  };

  get steps(): readonly Step[] {
    return this.#steps.slice(-this.#most);
  }
}

/** What a load saw; what a write made of what; what a wait found. */
function seen(operation: (typeof OPERATIONS)[number], place: Place, index: number, result: number): string {
  if (operation === 'wait') return result === 1 ? 'differs' : 'timed out';
  if (operation === 'wake') return '';
  const after = place.elements[index * place.stride + place.offset];
  if (operation === 'load') return shown(result);
  return Object.is(after, result) ? `${shown(result)} (kept)` : `${shown(result)} → ${shown(after)}`;
}

function shown(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

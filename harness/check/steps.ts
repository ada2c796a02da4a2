/** A run's accesses as lines of a table: step, core, transaction, operation, place, value, time. */
import { type Observer, OPERATIONS, type Place } from '../machine/simulated/access.ts';
import type { Json } from '../verify/verdict.ts';
import type { Watcher } from './watch.ts';

export type Step = readonly [
  step: string,
  core: string,
  transaction: string,
  operation: string,
  place: string,
  value: string,
  time: string,
];

/** Made once: a run has millions of steps, and to look the locale up for each took nine tenths of the time. */
const TIME = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });

export const STEP_COLUMNS: Step = ['step', 'core', 'transaction', 'operation', 'place', 'value', 'time'];

/** Keeps the last so many accesses of a run, of all or of some transactions. */
export class StepLog {
  readonly #most: number;
  readonly #of: ReadonlySet<number> | undefined;
  /** By core: the transaction whose attempt it began last. What it does after a commit is still on its account. */
  readonly #latest: number[] = [];
  readonly #steps: Step[] = [];
  /** Accesses in all. */
  count = 0;

  constructor(most: number, of?: ReadonlySet<number>) {
    this.#most = most;
    this.#of = of;
  }

  /** To be told of attempts. */
  readonly watcher: Watcher = {
    begin: (transaction, core) => {
      this.#latest[core] = transaction;
    },
  };

  readonly observer: Observer = (core, operation, place, index, result, time_ns) => {
    this.count++;
    const transaction = this.#latest[core];
    if (this.#of !== undefined && !this.#of.has(transaction)) return;
    this.#steps.push([
      `${this.count}`,
      `${core}`,
      `${transaction ?? ''}`,
      OPERATIONS[operation],
      place === undefined ? '' : `${place.name}[${index}]`,
      place === undefined ? '' : seen(OPERATIONS[operation], place, index, result),
      `${TIME.format(time_ns)} ns`,
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

/** The transactions that the evidence of a verdict speaks of, under whatever names. */
export function transactionsIn(evidence: Json): Set<number> {
  const found = new Set<number>();
  const visit = (value: Json, isTransaction: boolean): void => {
    if (typeof value === 'number' && isTransaction) found.add(value);
    else if (Array.isArray(value)) for (const one of value) visit(one, isTransaction);
    else if (value !== null && typeof value === 'object') {
      for (const [name, one] of Object.entries(value)) visit(one, /^(transactions?|from|to)$/.test(name));
    }
  };
  visit(evidence, false);
  return found;
}

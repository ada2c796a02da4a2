/**
 * The set called active: the transactions that are between their two critical sections of parallel validation, and
 * how many have entered it in all. Everything here is done inside < >.
 *
 * Layout      critical    entered, actives: how many have entered, and how many are active
 *             active[i]   which are active, in no order
 */
import type { Memory, Steps, Views, Words } from '../algorithm.ts';

export class Active {
  readonly #critical: Views<{ entered: 'word'; actives: 'word' }>;
  readonly #active: Words;

  constructor(memory: Memory, cores: number) {
    this.#critical = memory.records('critical', 1, { entered: 'word', actives: 'word' }, 'padded');
    this.#active = memory.words('active', cores);
  }

  /** How many transactions have entered. */
  entered(): Steps<number> {
    return this.#critical.entered.load(0);
  }

  /** Copies the set; returns its size. */
  *copyTo(copy: Int32Array): Steps<number> {
    const actives = yield* this.#critical.actives.load(0);
    for (let i = 0; i < actives; i++) copy[i] = yield* this.#active.load(i);
    return actives;
  }

  /** Adds a transaction to a set of so many; returns its number of entry. */
  *enter(t: number, actives: number): Steps<number> {
    const entered = (yield* this.#critical.entered.load(0)) + 1;
    yield* this.#critical.entered.store(0, entered);
    yield* this.#active.store(actives, t);
    yield* this.#critical.actives.store(0, actives + 1);
    return entered;
  }

  /** Puts the last of the set in the transaction's place. */
  *leave(t: number): Steps<void> {
    const last = (yield* this.#critical.actives.load(0)) - 1;
    let place = 0;
    while ((yield* this.#active.load(place)) !== t) place++;
    if (place < last) yield* this.#active.store(place, yield* this.#active.load(last));
    yield* this.#critical.actives.store(0, last);
  }
}

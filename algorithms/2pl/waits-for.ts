/**
 * Deadlock detection: a search of the waits-for graph, by each core that is about to wait.
 *
 * The graph is not kept anywhere: who waits for whom is read from the lock table, one lock at a time. A core
 * that waits is taken to be stopped by the holders of the lock. If its mode is compatible with theirs, it is really
 * stopped by somebody ahead in the queue, whom those holders stop. So the search goes from holder to holder and
 * need not look into queues.
 *
 * Invariants  W1  Each deadlock is found. Whoever waits in it waits for ever, so its lock has a holder (for an upgrade:
 *                 another one) that never lets go, because it waits in the deadlock too. So some of its members
 *                 form a cycle from holder to holder. When the last of these queued, the others were waiting
 *                 already, and each held its locks: so that one's search sees all edges.
 *             W2  Whoever finds a cycle wounds its youngest member, so that two that find the same cycle wound the
 *                 same one. So nobody gives up for a younger one while the cycle stands; ages may be out of date
 *                 by then (W3).
 *             W3  A cycle whose edges were seen one after the other may never have existed as a whole. That
 *                 costs an attempt, nothing else: any attempt that waits may be given up.
 */
import type { Core, Steps } from '../algorithm.ts';
import { type LockTable, QUEUED, WAITING, WOUNDED } from './lock-table.ts';

const NOBODY = -1;

export class WaitsFor {
  readonly #core: Core;
  readonly #table: LockTable;
  /** The holders that the search has met and not yet followed, and for each core met the one it stops. */
  readonly #stack: Int32Array;
  readonly #stops: Int32Array;
  readonly #met: Int32Array;
  #size = 0;
  #search = 0;

  constructor(core: Core, table: LockTable) {
    this.#core = core;
    this.#table = table;
    this.#stack = new Int32Array(core.count);
    this.#stops = new Int32Array(core.count);
    this.#met = new Int32Array(core.count);
  }

  /** Breaks every cycle that this core, which has queued for a lock, closes by waiting. */
  *breakCycles(): Steps<void> {
    for (;;) {
      const last = yield* this.#findCycle();
      if (last === NOBODY) return;
      yield* this.#wound(yield* this.#youngest(last));
    }
  }

  /** The core on a cycle that waits for this one, or NOBODY. */
  *#findCycle(): Steps<number> {
    const { id } = this.#core;
    this.#core.tally('searches');
    this.#search++;
    this.#size = 0;
    this.#meet(id, NOBODY);
    while (this.#size > 0) {
      const core = this.#stack[--this.#size];
      if (yield* this.#follow(core)) return core;
    }
    return NOBODY;
  }

  /** Meets whoever stops the core. True if this very core does. */
  *#follow(core: number): Steps<boolean> {
    const table = this.#table;
    const { signal, key } = table.lockers;
    if ((yield* signal.load(core)) !== WAITING) return false;
    const at = yield* key.load(core);
    const word = yield* table.latch(at, QUEUED);
    // Under the latch nobody enters the queue or leaves it: who waits for this lock is in it.
    const waits = (yield* signal.load(core)) === WAITING && (yield* key.load(core)) === at;
    const closed = waits && (yield* this.#meetHolders(core, at, word));
    yield* table.unlatch(at, word, word);
    return closed;
  }

  *#meetHolders(core: number, key: number, word: number): Steps<boolean> {
    const { id } = this.#core;
    const table = this.#table;
    for (let h = yield* table.holder(key, word, 0); h >= 0; h = yield* table.holder(key, word, h + 1)) {
      if (h === core) continue;
      if (h === id) return true;
      if (this.#met[h] !== this.#search) this.#meet(h, core);
    }
    return false;
  }

  #meet(core: number, stopped: number): void {
    this.#met[core] = this.#search;
    this.#stops[core] = stopped;
    this.#stack[this.#size++] = core;
  }

  *#youngest(last: number): Steps<number> {
    const ages = this.#table.lockers.age;
    let victim = last;
    let youngest = -1;
    for (let core = last; core !== NOBODY; core = this.#stops[core]) {
      const age = yield* ages.load(core);
      if (age > youngest) {
        youngest = age;
        victim = core;
      }
    }
    return victim;
  }

  *#wound(core: number): Steps<void> {
    const { signal } = this.#table.lockers;
    if ((yield* signal.compareExchange(core, WAITING, WOUNDED)) === WAITING) yield* signal.wake(core);
  }
}

/**
 * Deadlock detection: a search of the waits-for graph, by each core that is about to wait.
 *
 * The graph is not kept anywhere: who waits for whom is read from the lock table, one lock at a time. A core
 * that waits is stopped by the holders of the lock, or else by those ahead of it in the queue, whom the holders
 * stop. So the search goes from holder to holder, and looks into a queue only if the searcher stands in that
 * itself.
 *
 * Invariants  W1  Each deadlock is found. Of its members let L be the one that queued last. When L searches,
 *                 all others wait, and keep waiting; what stops them was there when they queued, or else is an
 *                 upgrade that went to the head of their queue, whose core also searches after that. So L sees
 *                 all edges.
 *             W2  Whoever finds a cycle wounds its youngest member, so that two that find the same cycle wound
 *                 the same one, and that the oldest transaction of all never has to give up.
 *             W3  A cycle whose edges were seen one after the other may never have existed as a whole. That
 *                 costs an attempt, nothing else: any attempt that waits may be given up.
 */
import type { Core, Steps } from '../algorithm.ts';
import { conflict, type LockTable, type Mode, QUEUED, WAITING, WOUNDED } from './lock-table.ts';

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
  #key = 0;

  constructor(core: Core, table: LockTable) {
    this.#core = core;
    this.#table = table;
    this.#stack = new Int32Array(core.count);
    this.#stops = new Int32Array(core.count);
    this.#met = new Int32Array(core.count);
  }

  /** Breaks every cycle that this core, which has queued for a key's lock, closes by waiting. */
  *breakCycles(key: number): Steps<void> {
    this.#key = key;
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
    const { id } = this.#core;
    const { signal, key } = table.lockers;
    if ((yield* signal.load(core)) !== WAITING) return false;
    const at = yield* key.load(core);
    const word = yield* table.latch(at, QUEUED);
    // Under the latch nobody enters the queue or leaves it: who waits for this lock is in it.
    let closed = false;
    if ((yield* signal.load(core)) === WAITING && (yield* key.load(core)) === at) {
      closed = core !== id && at === this.#key && (yield* this.#isAhead(at, core));
      if (!closed) closed = yield* this.#meetHolders(core, at, word);
    }
    yield* table.unlatch(at, word, word);
    return closed;
  }

  /** Whether the searcher is ahead of the core in a queue, and stops it, or stops one that does. */
  *#isAhead(key: number, core: number): Steps<boolean> {
    const { next, mode } = this.#table.lockers;
    const wanted = (yield* mode.load(core)) as Mode;
    let ahead = false;
    let at = (yield* this.#table.rows.first.load(key)) - 1;
    for (; at >= 0 && at !== core; at = (yield* next.load(at)) - 1) {
      ahead ||= at === this.#core.id;
      if (ahead && conflict(wanted, (yield* mode.load(at)) as Mode)) return true;
    }
    return false;
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

/**
 * One core's way to its locks: takes them, or finds out who is in the way and does what the policy says.
 *
 * Invariants  K1  Where the policy goes by age, all waiting goes one way: for wait-die from the older to the
 *                 younger, otherwise from the younger to the older; so nobody waits in a circle. A request that
 *                 is about to queue looks at all whom it will wait for, the holders and those ahead in the
 *                 queue, and at those who will wait for it. The queue's order does the rest: the ones behind
 *                 are on the right side.
 *             K2  An upgrade goes to the head: the holder of a shared lock stops the writers in the queue
 *                 anyway. Readers in the queue wait for it from now on; where age goes the other way, it gives
 *                 up.
 *             K3  A wound that is needed reaches its attempt: it is made under the latch of a lock that this
 *                 attempt holds or queues for. One that comes when the lock was just released may hit the
 *                 core's next attempt, which is younger still, and costs it that attempt.
 *             K4  Under wait-die a younger reader does not pass a waiting writer: readers could come for ever.
 *             K5  Whose turn to commit has come waits for older ones, whatever the policy: these have committed, and
 *                 wait for nothing any more.
 *
 * Waits       For a lock, on the core's own signal: woken by who grants the lock, by who wounds the core, or by
 *             the timeout. For the turn: by the transaction before, or by who wounds the core.
 */
import type { Core, Steps } from '../algorithm.ts';
import type { Turn } from '../parts/turn.ts';
import {
  AT_TURN,
  admits,
  COMMITTED,
  conflict,
  type LockTable,
  type Mode,
  QUEUED,
  RUNNING,
  TAKEN,
  UPGRADE,
  WAITING,
  WOUNDED,
  writer,
} from './lock-table.ts';
import type { Cause, Policy } from './policy.ts';
import { WaitsFor } from './waits-for.ts';

/** Places in a queue besides those behind a core. */
const HEAD = -1;
const NOWHERE = -2;

export class Locker {
  readonly #core: Core;
  readonly #table: LockTable;
  readonly #policy: Policy;
  readonly #turn: Turn | undefined;
  readonly #timeout_ns: number;
  readonly #waitsFor: WaitsFor;
  #transaction = 0;
  #age = 0;
  #due = false;

  /** @param timeout_ns the longest wait for a lock; 0: as long as it takes */
  constructor(core: Core, table: LockTable, policy: Policy, turn: Turn | undefined, timeout_ns: number) {
    this.#core = core;
    this.#table = table;
    this.#policy = policy;
    this.#turn = turn;
    this.#timeout_ns = timeout_ns === 0 ? Number.POSITIVE_INFINITY : timeout_ns;
    this.#waitsFor = new WaitsFor(core, table);
  }

  /**
   * Before an attempt at a transaction, while no lock is held.
   * @param age the smaller, the older; with a turn to wait for, the transaction itself
   * @param due whether that turn is known to have come
   */
  *begin(transaction: number, age: number, due: boolean): Steps<void> {
    const { lockers } = this.#table;
    this.#transaction = transaction;
    this.#age = age;
    this.#due = due;
    yield* lockers.age.store(this.#core.id, age);
    yield* lockers.signal.store(this.#core.id, RUNNING);
  }

  /** Nobody can stop the attempt after this. False if somebody has. */
  *commit(): Steps<boolean> {
    const { signal } = this.#table.lockers;
    const { id } = this.#core;
    if (this.#turn === undefined) {
      return (yield* signal.compareExchange(id, RUNNING, COMMITTED)) === RUNNING;
    }
    if ((yield* signal.compareExchange(id, RUNNING, AT_TURN)) !== RUNNING) return false;
    if (!(yield* this.#turn.wait(this.#transaction))) return false;
    return (yield* signal.compareExchange(id, AT_TURN, COMMITTED)) === AT_TURN;
  }

  /** Why an attempt ends that was wounded. */
  get woundedBy(): Cause {
    return this.#policy.detects ? 'deadlock' : 'wound';
  }

  /** Takes the lock, waiting for it if need be. Undefined if it is held now; else why the attempt ends. */
  *acquire(key: number, mode: Mode): Steps<Cause | undefined> {
    const table = this.#table;
    const { id } = this.#core;
    // A transaction that never blocks would learn of its wound only at its end.
    if (this.#policy.wounds && (yield* table.lockers.signal.load(id)) === WOUNDED) return 'wound';
    const seen = yield* table.take(key, id, mode);
    if (seen === TAKEN) return undefined;
    if (yield* this.#isHopeless(seen)) return this.#policy.refusal;
    const word = yield* table.latch(key, seen);
    if ((word & QUEUED) !== 0 || !admits(word, mode)) return yield* this.#contend(key, word, mode);
    yield* table.unlatch(key, word, yield* table.admit(key, word, id, mode));
    return undefined;
  }

  /** Whether a look at the lock word, without the latch, shows already that there will be no waiting. */
  *#isHopeless(word: number): Steps<boolean> {
    const { neverWaits, waitsForOlder } = this.#policy;
    if (neverWaits || waitsForOlder || this.#due || writer(word) < 0) return neverWaits;
    return !(yield* this.#isOlderThan(writer(word)));
  }

  /** Somebody holds the lock or waits for it. Latched; unlatches. */
  *#contend(key: number, word: number, mode: Mode): Steps<Cause | undefined> {
    const table = this.#table;
    const { id } = this.#core;
    const free = admits(word, mode);
    let place = NOWHERE;
    if (free || (yield* this.#mayWaitForHolders(key, word))) place = yield* this.#place(key, mode);
    if (place === HEAD && free) {
      if (mode === UPGRADE || this.#policy.wounds) {
        yield* table.unlatch(key, word, yield* table.admit(key, word, id, mode));
        return undefined;
      }
      place = NOWHERE; // K4
    }
    if (place !== NOWHERE) return yield* this.#queue(key, word, mode, place);
    yield* table.unlatch(key, word, word);
    return this.#policy.refusal;
  }

  /** Queues and waits. Latched; unlatches. */
  *#queue(key: number, word: number, mode: Mode, place: number): Steps<Cause | undefined> {
    const table = this.#table;
    const { id } = this.#core;
    const { lockers } = table;
    yield* lockers.key.store(id, key);
    yield* lockers.mode.store(id, mode);
    if ((yield* lockers.signal.compareExchange(id, RUNNING, WAITING)) !== RUNNING) {
      yield* table.unlatch(key, word, word);
      return this.woundedBy;
    }
    yield* table.unlatch(key, word, yield* table.enqueue(key, word, id, place));
    this.#core.tally('waits');
    // Only now, when all can see that it waits (W1).
    if (this.#policy.detects) yield* this.#waitsFor.breakCycles();
    return yield* this.#wait(key);
  }

  *#wait(key: number): Steps<Cause | undefined> {
    const { signal } = this.#table.lockers;
    const { id } = this.#core;
    let cause = this.woundedBy;
    if (!(yield* signal.waitWhile(id, WAITING, this.#timeout_ns))) {
      if ((yield* signal.compareExchange(id, WAITING, WOUNDED)) === WAITING) cause = 'timeout';
    }
    if ((yield* signal.load(id)) === RUNNING) return undefined;
    // Whoever was let in before it was wounded holds the lock, and will learn of the wound.
    return (yield* this.#table.cancel(key, id)) ? cause : undefined;
  }

  *#mayWaitForHolders(key: number, word: number): Steps<boolean> {
    if (!this.#policy.byAge) return this.#policy.waitsForOlder;
    const table = this.#table;
    for (let h = yield* table.holder(key, word, 0); h >= 0; h = yield* table.holder(key, word, h + 1)) {
      if (h !== this.#core.id && !(yield* this.#mayWaitFor(h))) return false;
    }
    return true;
  }

  /** Where in the queue the request goes: HEAD, behind the core returned, or NOWHERE if it may not wait. */
  *#place(key: number, mode: Mode): Steps<number> {
    if (mode === UPGRADE) return (yield* this.#stopsOlder(key)) ? NOWHERE : HEAD;
    if (!this.#policy.byAge) return (yield* this.#table.rows.last.load(key)) - 1;
    const { lockers } = this.#table;
    let place = HEAD;
    let at = (yield* this.#table.rows.first.load(key)) - 1;
    for (; at >= 0; at = (yield* lockers.next.load(at)) - 1) {
      const theirs = (yield* lockers.mode.load(at)) as Mode;
      if (theirs !== UPGRADE && (yield* this.#goesBefore(at))) break;
      if (conflict(mode, theirs) && !(yield* this.#mayWaitFor(at))) return NOWHERE;
      place = at;
    }
    return place;
  }

  /** Whether an upgrade would make an older one wait for it, where that is the wrong way (K2). */
  *#stopsOlder(key: number): Steps<boolean> {
    if (!this.#policy.wounds) return false;
    const { next } = this.#table.lockers;
    let at = (yield* this.#table.rows.first.load(key)) - 1;
    for (; at >= 0; at = (yield* next.load(at)) - 1) {
      if (!(yield* this.#isOlderThan(at))) return true;
    }
    return false;
  }

  /** Asks the policy about one in the way; wounds it if the policy says so. */
  *#mayWaitFor(other: number): Steps<boolean> {
    const { wounds, waitsForOlder, waitsForYounger } = this.#policy;
    if (!(yield* this.#isOlderThan(other))) return waitsForOlder || this.#due;
    if (wounds) yield* this.#wound(other);
    return waitsForYounger;
  }

  /** The queue's order: the oldest first where waiting goes from young to old, else the youngest. */
  *#goesBefore(other: number): Steps<boolean> {
    return (yield* this.#isOlderThan(other)) === this.#policy.wounds;
  }

  *#isOlderThan(other: number): Steps<boolean> {
    return this.#age < (yield* this.#table.lockers.age.load(other));
  }

  *#wound(other: number): Steps<void> {
    const { signal, age } = this.#table.lockers;
    for (;;) {
      const state = yield* signal.load(other);
      if (state === WOUNDED || state === COMMITTED) return;
      if ((yield* signal.compareExchange(other, state, WOUNDED)) !== state) continue;
      this.#core.tally('wounds');
      yield* signal.wake(other);
      if (this.#turn !== undefined && state === AT_TURN) {
        yield* this.#turn.interrupt(yield* age.load(other));
      }
      return;
    }
  }
}

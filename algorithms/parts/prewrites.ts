/**
 * Announced writes, and who waits for them: what schedulers that order by timestamp keep of a row besides its
 * timestamps. A transaction announces a write before it executes further, and makes it or takes it back at its
 * end; in between nobody with a later timestamp may see the row.
 *
 * Source      Bernstein, Goodman: Concurrency Control in Distributed Database Systems. ACM Computing Surveys
 *             13(2), 1981, section 4.1: prewrites and buffering (see timestamp-ordering.ts).
 * Layout      rows[key]    pending     the timestamp of the announced write, 0: none      } under the latch
 *                          first, last the ends of the queue, core + 1, 0: empty          } of the row
 *             waiters[c]   timestamp, writes, next   of core c's request; c, then under the latch
 *                          signal      1 while c waits; c, then who lets it go on
 *
 * Invariants  Q1  A queue is in the order of timestamps.
 *             Q2  Whoever waits has a later timestamp than the write that is pending; or nothing is pending, and
 *                 one that wants to write, and is before it in the order, was told to go on and has yet to come
 *                 to the latch. So waiting goes from later to earlier timestamps, in no circle, and ends.
 *                 `settle`, at the end of every section under the latch, makes it so.
 */
import type { Memory, Steps, Views } from '../algorithm.ts';

/** What a row needs for it. */
export const PREWRITE_FIELDS = { pending: 'value', latch: 'word', first: 'word', last: 'word' } as const;

const WAITING = 1;

export class Prewrites {
  readonly #rows: Views<typeof PREWRITE_FIELDS>;
  readonly #waiters: Views<{ timestamp: 'value'; writes: 'word'; next: 'word'; signal: 'word' }>;

  constructor(memory: Memory, rows: Views<typeof PREWRITE_FIELDS>, cores: number) {
    this.#rows = rows;
    const waiter = { timestamp: 'value', writes: 'word', next: 'word', signal: 'word' } as const;
    this.#waiters = memory.records('waiters', cores, waiter, 'padded');
  }

  /** Puts a request into the row's queue. Latched. */
  *enqueue(key: number, core: number, stamp: number, writes: boolean): Steps<void> {
    const { first, last } = this.#rows;
    const { timestamp, next, signal } = this.#waiters;
    yield* timestamp.store(core, stamp);
    yield* this.#waiters.writes.store(core, writes ? 1 : 0);
    yield* signal.store(core, WAITING);
    let before = (yield* last.load(key)) - 1;
    // Most requests are later than all that wait; the others look for their place from the head on.
    if (before >= 0 && (yield* timestamp.load(before)) > stamp) before = yield* this.#lastBefore(key, stamp);
    const behind = before < 0 ? yield* first.load(key) : yield* next.load(before);
    yield* next.store(core, behind);
    if (before < 0) yield* first.store(key, core + 1);
    else yield* next.store(before, core + 1);
    if (behind === 0) yield* last.store(key, core + 1);
  }

  /** The last in the queue with an earlier timestamp, or -1. */
  *#lastBefore(key: number, stamp: number): Steps<number> {
    const { timestamp, next } = this.#waiters;
    let before = -1;
    let at = (yield* this.#rows.first.load(key)) - 1;
    while (at >= 0 && (yield* timestamp.load(at)) < stamp) {
      before = at;
      at = (yield* next.load(at)) - 1;
    }
    return before;
  }

  /** Waits until the core is told to go on, by `settle`, and to look at the row again. Not latched. */
  *wait(core: number): Steps<void> {
    yield* this.#waiters.signal.waitWhile(core, WAITING);
  }

  /** Tells all to go on that the row's state no longer stops (Q2). Latched. */
  *settle(key: number): Steps<void> {
    const { first, last } = this.#rows;
    const { timestamp, next, signal } = this.#waiters;
    let head = (yield* first.load(key)) - 1;
    if (head < 0) return;
    const pending = yield* this.#rows.pending.load(key);
    while (head >= 0 && (pending === 0 || (yield* timestamp.load(head)) < pending)) {
      const behind = yield* next.load(head);
      const writes = yield* this.#waiters.writes.load(head);
      yield* first.store(key, behind);
      if (behind === 0) yield* last.store(key, 0);
      yield* signal.store(head, 0);
      yield* signal.wake(head);
      if (pending === 0 && writes === 1) return;
      head = behind - 1;
    }
  }
}

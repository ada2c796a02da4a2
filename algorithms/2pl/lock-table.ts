/**
 * The lock table: for each key who holds its lock, and who waits for it in what order. Mechanism only; who
 * waits, and who has to give way, is locker.ts's matter.
 *
 * Layout      rows[key]     value     the holder in exclusive mode, when it commits
 *                           version   the same; t + 1 if transaction t wrote the value, 0: nobody did
 *                           lock      see below
 *                           first     the first core in the queue, + 1; 0: nobody waits. Under the latch
 *                           last      the last one, + 1. Under the latch
 *                           holders   a bit for each core, where there were several holders. Under the latch
 *             lockers[c]    signal    what core c is at (RUNNING …); c itself, who grants, who wounds
 *                           transaction  what it executes: its age. c, while it holds no lock
 *                           key, mode    what it waits for; c, before it queues
 *                           next      the core behind it in the queue, + 1. Under the latch of the key it waits for
 *
 *             lock = n << 4 | MANY | WRITER | QUEUED | LATCH
 *                    n       without MANY: the only holder's core + 1, or 0 if the lock is free
 *                            with MANY: how many holders there are; `holders` tells which
 *                    WRITER  held in exclusive mode, hence by one        QUEUED  somebody waits
 *                    LATCH   somebody is changing the lock's holders or queue
 *
 * Invariants  L1  A lock has one holder in exclusive mode, or any number in shared mode.
 *             L2  Holders and queue change only by whoever set LATCH, or by one compare-and-swap of the lock word
 *                 from a state without LATCH and QUEUED, which says all there is to say of it.
 *             L3  When the latch is released, the head of the queue cannot be let in, or has to leave. Each change of
 *                 the holders or of the queue's head ends in `grant`. So whoever waits is let in or gives up.
 *             L4  A core leaves a queue by `grant`, and holds the lock, or by its own `cancel`. The compare-and-swap of
 *                 its signal from WAITING decides which: where that fails, `grant` goes on when it has left.
 *
 * Waits       A core waits for at most one lock at a time, on its own signal, and is woken by whoever changes that:
 *             one wake-up a grant, however many wait. A latch is waited for on the lock word; `unlatch` wakes.
 */
import type { Memory, Steps, Views } from '../algorithm.ts';

export const SHARED = 0;
export const EXCLUSIVE = 1;
/** To exclusive mode, by a core that holds the lock in shared mode. */
export const UPGRADE = 2;
export type Mode = typeof SHARED | typeof EXCLUSIVE | typeof UPGRADE;

/** What a core is at, in its signal. */
export const RUNNING = 0;
export const WAITING = 1;
/** Told, by another or by itself, to give up its attempt. */
export const WOUNDED = 2;
/** Waiting for its turn to commit. */
export const AT_TURN = 3;
/** Past the point from which nobody can stop it. */
export const COMMITTED = 4;

const LATCH = 1;
const QUEUED = 2;
const WRITER = 4;
const MANY = 8;
const SHIFT = 4;
const FREE = 0;

export class LockTable {
  readonly rows: Views<{
    value: 'value';
    version: 'word';
    lock: 'word';
    first: 'word';
    last: 'word';
    holders: readonly ['words', number];
  }>;
  readonly lockers: Views<{
    signal: 'word';
    transaction: 'word';
    key: 'word';
    mode: 'word';
    next: 'word';
  }>;

  constructor(memory: Memory, keys: number, cores: number) {
    this.rows = memory.records('rows', keys, {
      value: 'value',
      version: 'word',
      lock: 'word',
      first: 'word',
      last: 'word',
      holders: ['words', Math.ceil(cores / 32)],
    });
    const locker = { signal: 'word', transaction: 'word', key: 'word', mode: 'word', next: 'word' } as const;
    this.lockers = memory.records('lockers', cores, locker, 'padded');
  }

  /** Takes a free lock, or upgrades one that nobody else holds, at once. False: not in that state. */
  *take(key: number, core: number, mode: Mode): Steps<boolean> {
    const before = mode === UPGRADE ? heldBy(core, SHARED) : FREE;
    return (yield* this.rows.lock.compareExchange(key, before, heldBy(core, mode))) === before;
  }

  /** Gives the lock back. */
  *release(key: number, core: number, mode: Mode): Steps<void> {
    const alone = heldBy(core, mode);
    if ((yield* this.rows.lock.compareExchange(key, alone, FREE)) === alone) return;
    const word = yield* this.dismiss(key, yield* this.latch(key), core);
    yield* this.unlatch(key, yield* this.#grant(key, word));
  }

  /** Leaves the queue. False if the core is not in it any more, hence holds the lock. */
  *cancel(key: number, core: number): Steps<boolean> {
    const word = yield* this.latch(key);
    const removed = yield* this.#remove(key, core);
    yield* this.unlatch(key, yield* this.#grant(key, word));
    return removed;
  }

  /** Returns the lock word, without LATCH, which is set now. */
  *latch(key: number): Steps<number> {
    const { lock } = this.rows;
    for (;;) {
      const word = yield* lock.load(key);
      if ((word & LATCH) !== 0) yield* lock.waitWhile(key, word);
      else if ((yield* lock.compareExchange(key, word, word | LATCH)) === word) return word;
    }
  }

  /** @param word the lock word as it is to be, without LATCH */
  *unlatch(key: number, word: number): Steps<void> {
    yield* this.rows.lock.store(key, word);
    yield* this.rows.lock.wake(key);
  }

  /** Adds a holder that `admits` lets in. Latched, like all that follow; takes and returns the lock word. */
  *admit(key: number, word: number, core: number, mode: Mode): Steps<number> {
    const queued = word & QUEUED;
    if (mode === UPGRADE && (word & MANY) !== 0) yield* this.#unmark(key, core);
    if (mode !== SHARED || isFree(word)) return heldBy(core, mode) | queued;
    const n = word >> SHIFT;
    if ((word & MANY) === 0) yield* this.#mark(key, n - 1);
    yield* this.#mark(key, core);
    return (((word & MANY) === 0 ? 2 : n + 1) << SHIFT) | MANY | queued;
  }

  /** Takes a holder away. */
  *dismiss(key: number, word: number, core: number): Steps<number> {
    const queued = word & QUEUED;
    if ((word & MANY) === 0) return queued;
    yield* this.#unmark(key, core);
    const left = (word >> SHIFT) - 1;
    return left === 0 ? queued : (left << SHIFT) | MANY | queued;
  }

  /** The first holder from core `from` on, or -1. */
  *holder(key: number, word: number, from: number): Steps<number> {
    const n = word >> SHIFT;
    if ((word & MANY) === 0) return n > from ? n - 1 : -1;
    const { holders } = this.rows;
    let mask = -1 << (from & 31);
    for (let i = from >> 5; i < holders.length; i++) {
      const bits = (yield* holders[i].load(key)) & mask;
      if (bits !== 0) return (i << 5) + 31 - Math.clz32(bits & -bits);
      mask = -1;
    }
    return -1;
  }

  /** Puts a core into the queue behind another, or with `after` = -1 at its head. */
  *enqueue(key: number, word: number, core: number, after: number): Steps<number> {
    const { first, last } = this.rows;
    const { next } = this.lockers;
    const behind = yield* this.#behind(key, after);
    yield* next.store(core, behind);
    if (after < 0) yield* first.store(key, core + 1);
    else yield* next.store(after, core + 1);
    if (behind === 0) yield* last.store(key, core + 1);
    return word | QUEUED;
  }

  /** Lets in who waits, from the head on, as far as their modes allow it (L3). */
  *#grant(key: number, word: number): Steps<number> {
    if ((word & QUEUED) === 0) return word;
    const { signal, mode, next } = this.lockers;
    for (let granted = word; ; ) {
      const head = (yield* this.rows.first.load(key)) - 1;
      if (head < 0) return granted & ~QUEUED;
      const wanted = (yield* mode.load(head)) as Mode;
      if (!admits(granted, wanted)) return granted;
      // Before the signal: from then on the core runs, and may queue elsewhere by the same word.
      const behind = yield* next.load(head);
      if ((yield* signal.compareExchange(head, WAITING, RUNNING)) !== WAITING) return granted; // L4
      yield* this.rows.first.store(key, behind);
      if (behind === 0) yield* this.rows.last.store(key, 0);
      granted = yield* this.admit(key, granted, head, wanted);
      yield* signal.wake(head);
    }
  }

  *#remove(key: number, core: number): Steps<boolean> {
    const { first, last } = this.rows;
    const { next } = this.lockers;
    let before = -1;
    let at = (yield* first.load(key)) - 1;
    while (at >= 0 && at !== core) {
      before = at;
      at = (yield* next.load(at)) - 1;
    }
    if (at < 0) return false;
    const behind = yield* next.load(core);
    if (before < 0) yield* first.store(key, behind);
    else yield* next.store(before, behind);
    if (behind === 0) yield* last.store(key, before + 1);
    return true;
  }

  #behind(key: number, after: number): Steps<number> {
    return after < 0 ? this.rows.first.load(key) : this.lockers.next.load(after);
  }

  #mark(key: number, core: number): Steps<number> {
    return this.rows.holders[core >> 5].add(key, 1 << (core & 31));
  }

  #unmark(key: number, core: number): Steps<number> {
    return this.rows.holders[core >> 5].add(key, -(1 << (core & 31)));
  }
}

/** Whether the holders let another in. An upgrade is asked for by one of them. */
export function admits(word: number, mode: Mode): boolean {
  if (mode === SHARED) return (word & WRITER) === 0;
  if (mode === EXCLUSIVE) return isFree(word);
  return (word & MANY) === 0 || word >> SHIFT === 1;
}

export function isQueued(word: number): boolean {
  return (word & QUEUED) !== 0;
}

export function conflict(one: Mode, other: Mode): boolean {
  return one !== SHARED || other !== SHARED;
}

function isFree(word: number): boolean {
  return word >> SHIFT === 0;
}

function heldBy(core: number, mode: Mode): number {
  return ((core + 1) << SHIFT) | (mode === SHARED ? 0 : WRITER);
}

/**
 * The lock table: for each key who holds its lock, and who waits for it in what order. Mechanism only; who
 * waits, and who has to give way, is locker.ts's matter.
 *
 * Layout      rows[key]     value     the holder in exclusive mode, when it commits
 *                           version   the same; t + 1 if transaction t wrote the value, 0: nobody did
 *                           lock      see below
 *                           first     the first core in the queue, + 1; 0: nobody waits. Under the latch
 *                           last      the last one, + 1. Under the latch
 *                           readers   where a policy asks who they are: a bit for each core that holds the
 *                                     lock in shared mode; itself, before it takes and after it releases it
 *             lockers[c]    signal    what core c is at (RUNNING …); c itself, who grants, who wounds
 *                           age          of the transaction it executes, smaller is older. c, while it holds no lock
 *                           key, mode    what it waits for; c, before it queues
 *                           next      the core behind it in the queue, + 1. Under the latch of that key
 *
 *             lock = writer << 13 | count << 2 | QUEUED | LATCH
 *                    writer  the core that holds it in exclusive mode, + 1     QUEUED  somebody waits
 *                    count   how many hold it in shared mode                   LATCH   the queue is being changed
 *
 * Taking      A free lock is taken in exclusive mode by one compare-and-swap. In shared mode the core takes a
 *             look, then counts itself in by an addition, which no other reader can make fail; if a writer,
 *             queue or latch was there before, it counts itself out again. Releasing is an addition. All else
 *             goes on under the latch.
 *
 * Invariants  L1  A lock has one writer, or any number of readers. While the latch is set or somebody queues,
 *                 only the latch's holder lets anybody in. (A count may for a moment contain who will find that
 *                 it is not in.)
 *             L2  Under the latch the writer and the count can only become fewer than seen. `unlatch` adds the
 *                 difference that was made, so it undoes no release, not even one by a core that was let in
 *                 under this latch. (That one's makes the word negative until then; LATCH shows all the same.)
 *             L3  When the latch is released, the head of the queue cannot be let in, or has to leave, or
 *                 somebody comes to let it in: each change of the queue's head ends in `grant`, and so does
 *                 each release that met QUEUED or LATCH. So whoever waits is let in or gives up.
 *             L4  A core leaves a queue by `grant`, and holds the lock, or by its own `cancel`. The
 *                 compare-and-swap of its signal from WAITING decides which: where that fails, `grant` goes on
 *                 when it has left.
 *
 * Waits       A core waits for at most one lock at a time, on its own signal, and is woken by whoever changes
 *             that: one wake-up a grant, however many wait. A latch is waited for on the lock word; `unlatch`
 *             wakes.
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
export const QUEUED = 2;
const READER = 4;
const COUNT = 2047 * READER;
const WRITER_SHIFT = 13;
const MAX_CORES = 2047;
/** No lock word: those are below 2^31, and below zero for a moment (L2). */
export const TAKEN: number = 2 ** 31;

export class LockTable {
  readonly rows: Views<{
    value: 'value';
    version: 'word';
    lock: 'word';
    first: 'word';
    last: 'word';
    readers: readonly ['words', number];
  }>;
  readonly lockers: Views<{
    signal: 'word';
    age: 'value';
    key: 'word';
    mode: 'word';
    next: 'word';
  }>;
  readonly #named: boolean;

  /** @param named whether anybody will ask who the readers are */
  constructor(memory: Memory, keys: number, cores: number, named: boolean) {
    if (cores > MAX_CORES) throw new Error(`2pl counts readers up to ${MAX_CORES} cores, not ${cores}`);
    this.#named = named;
    this.rows = memory.records('rows', keys, {
      value: 'value',
      version: 'word',
      lock: 'word',
      first: 'word',
      last: 'word',
      readers: ['words', named ? Math.ceil(cores / 32) : 0],
    });
    const locker = { signal: 'word', age: 'value', key: 'word', mode: 'word', next: 'word' } as const;
    this.lockers = memory.records('lockers', cores, locker, 'padded');
  }

  /** Takes the lock at once if nobody is in the way: TAKEN, or else the lock word as it was. */
  *take(key: number, core: number, mode: Mode): Steps<number> {
    const { lock } = this.rows;
    if (mode === SHARED) return yield* this.#takeShared(key, core);
    const wanted = mode === UPGRADE ? READER : 0;
    const seen = yield* lock.compareExchange(key, wanted, writtenBy(core));
    if (seen !== wanted) return seen;
    if (this.#named && mode === UPGRADE) yield* this.#unname(key, core);
    return TAKEN;
  }

  *#takeShared(key: number, core: number): Steps<number> {
    const { lock } = this.rows;
    let seen = yield* lock.load(key);
    if ((seen & ~COUNT) !== 0) return seen;
    // The name goes before the count: whoever finds the count finds the name as well.
    if (this.#named) yield* this.#name(key, core);
    seen = yield* lock.add(key, READER);
    if ((seen & ~COUNT) === 0) return TAKEN;
    yield* this.release(key, core, SHARED);
    return seen;
  }

  /** Gives the lock back. */
  *release(key: number, core: number, mode: Mode): Steps<void> {
    const given = mode === SHARED ? READER : writtenBy(core);
    const before = yield* this.rows.lock.add(key, -given);
    if (this.#named && mode === SHARED) yield* this.#unname(key, core);
    if ((before & (QUEUED | LATCH)) === 0) return;
    const word = yield* this.latch(key, before - given);
    yield* this.unlatch(key, word, yield* this.#grant(key, word));
  }

  /** Leaves the queue. False if the core is not in it any more, hence holds the lock. */
  *cancel(key: number, core: number): Steps<boolean> {
    const word = yield* this.latch(key, QUEUED);
    const removed = yield* this.#remove(key, core);
    yield* this.unlatch(key, word, yield* this.#grant(key, word));
    return removed;
  }

  /**
   * Returns the lock word, without LATCH, which is set now.
   * @param guess what the word may be: a right guess saves a look
   */
  *latch(key: number, guess: number): Steps<number> {
    const { lock } = this.rows;
    for (let word = guess; ; ) {
      if ((word & LATCH) !== 0) {
        yield* lock.waitWhile(key, word);
        word = yield* lock.load(key);
      } else {
        const before = yield* lock.compareExchange(key, word, word | LATCH);
        if (before === word) return word;
        word = before;
      }
    }
  }

  /** @param seen the word that `latch` returned; `now` is what has become of it, releases aside (L2) */
  *unlatch(key: number, seen: number, now: number): Steps<void> {
    yield* this.rows.lock.add(key, now - (seen | LATCH));
    yield* this.rows.lock.wake(key);
  }

  /** Adds a holder that `admits` lets in. Latched; takes and returns the lock word, as all that follow. */
  *admit(key: number, word: number, core: number, mode: Mode): Steps<number> {
    if (mode === EXCLUSIVE) return word + writtenBy(core);
    if (mode === SHARED) {
      if (this.#named) yield* this.#name(key, core);
      return word + READER;
    }
    if (this.#named) yield* this.#unname(key, core);
    return word - READER + writtenBy(core);
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

  /**
   * The first holder from core `from` on, or -1. Latched. May also show a reader that has just released the lock
   * or will find that it cannot have it.
   */
  *holder(key: number, word: number, from: number): Steps<number> {
    const only = writer(word);
    if (only >= 0) return only >= from ? only : -1;
    const { readers } = this.rows;
    let mask = -1 << (from & 31);
    for (let i = from >> 5; i < readers.length; i++) {
      const bits = (yield* readers[i].load(key)) & mask;
      if (bits !== 0) return (i << 5) + 31 - Math.clz32(bits & -bits);
      mask = -1;
    }
    return -1;
  }

  /** Lets in who waits, from the head on, as far as their modes allow it (L3). */
  *#grant(key: number, word: number): Steps<number> {
    if ((word & QUEUED) === 0) return word;
    const { signal, mode, next } = this.lockers;
    const { first, last } = this.rows;
    for (let granted = word; ; ) {
      const head = (yield* first.load(key)) - 1;
      if (head < 0) return granted & ~QUEUED;
      const wanted = (yield* mode.load(head)) as Mode;
      if (!admits(granted, wanted)) return granted;
      // Before the signal: a core that is let in may go on at once, and queue elsewhere.
      const behind = yield* next.load(head);
      if ((yield* signal.compareExchange(head, WAITING, RUNNING)) !== WAITING) return granted; // L4
      yield* first.store(key, behind);
      if (behind === 0) yield* last.store(key, 0);
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

  #name(key: number, core: number): Steps<number> {
    return this.rows.readers[core >> 5].add(key, 1 << (core & 31));
  }

  #unname(key: number, core: number): Steps<number> {
    return this.rows.readers[core >> 5].add(key, -(1 << (core & 31)));
  }
}

/** Whether the holders let another in. An upgrade is asked for by one of them. */
export function admits(word: number, mode: Mode): boolean {
  if (writer(word) >= 0) return false;
  return mode === SHARED || (word & COUNT) === (mode === UPGRADE ? READER : 0);
}

export function conflict(one: Mode, other: Mode): boolean {
  return one !== SHARED || other !== SHARED;
}

/** The core that holds the lock in exclusive mode, or -1. */
export function writer(word: number): number {
  return (word >> WRITER_SHIFT) - 1;
}

function writtenBy(core: number): number {
  return (core + 1) << WRITER_SHIFT;
}

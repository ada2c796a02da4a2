/**
 * MVMemory: the values that the block's transactions have written so far, by key and transaction.
 *
 * Paper       Block-STM (see block-stm.ts), section 3.1.1 and Algorithm 2. There, a hash map from location to
 *             a lock-protected search tree by transaction index. Here keys are dense, the map is an array, and
 *             the tree is a skip list (Pugh: Skip lists: a probabilistic alternative to balanced trees. CACM
 *             33(6), 1990) under a sequence lock, so that readers write nothing.
 *
 * Words       location   key
 *             version    (txn, incarnation): here an entry, which belongs to one transaction, and its state
 *             ESTIMATE   the mark in the state
 *
 * Layout      heads[key]     lock    whoever writes the key's list: sequence << 4 | height << 1 | locked
 *                            next    the first entry of each level, + 1; 0: none
 *             entries[e]     value, state, next: half a line. Entry e belongs to transaction e >> slotBits for
 *                            the whole block; its state is incarnation << 1 | ESTIMATE
 *             last[t]        written    for each of its entries the key under which that is listed, + 1; 0: free
 *                            readCount, key, entry, state    what its latest incarnation has read
 *                            The paper's last_written_locations and last_read_set; the transaction's executor
 *
 *             The highest writer comes first in a list: a transaction reads what one of the latest has written, and is
 *             listed before all others, so both most often touch the head and one entry. In ascending order who was
 *             listed also changed the entry before, which others had just read.
 *
 * Invariants  M1  A key's list is ordered by transaction, the highest first, and changes only under the key's lock.
 *             M2  A search ends, whatever changes under it: it only moves to lower transactions. For an entry
 *                 never changes hands, even when it is unlinked and listed under another key.
 *             M3  What a search returns was the list's answer at one moment: the lock's word was the same,
 *                 and unlocked, before and after.
 *             M4  Only one core writes a transaction's entries and read set at a time: the one that moved
 *                 its status to EXECUTING, or to ABORTING. (The scheduler's status machine.)
 *
 * Departures  D1  Locations that an incarnation no longer writes are removed before its writes are applied,
 *                 not after: then no transaction needs more entries than it may write keys. Between an abort
 *                 and the next finish_execution no validation that read any of them can succeed, either way.
 *             D2  The read set is overwritten in place instead of by RCU. A validator that is late reads of two
 *                 incarnations mixed; but then its version is over, and neither verdict of it has an effect.
 */
import type { AccessSets, Context, Core, Steps, Values, Views } from '../algorithm.ts';
import type { AccessSet } from '../parts/access-set.ts';

/** A level holds about a quarter of the entries of the level below; with 5 an entry takes half a line. */
const LEVELS = 5;
const LOCKED = 1;
const ESTIMATE = 1;
const SEQUENCE = 16;

/** Where a list starts, in the place of what is before an entry. */
const HEAD = 0;

/** No entry: the key is to be read from storage. */
export const NOT_FOUND = -1;

/** Where one core's latest search ended and what it found. Private to the core. */
export class Cursor {
  /** The entry, or NOT_FOUND. */
  entry = NOT_FOUND;
  state = 0;
  value = 0;
  /** The last entry (+ 1) before it on each level; 0: the head. */
  readonly path: Int32Array = new Int32Array(LEVELS);

  get isEstimate(): boolean {
    return this.entry !== NOT_FOUND && (this.state & ESTIMATE) !== 0;
  }
}

/** What is known of a transaction's latest incarnation. */
type Last = Views<{
  written: readonly ['words', number];
  readCount: 'word';
  key: readonly ['words', number];
  entry: readonly ['words', number];
  state: readonly ['words', number];
}>;

export class MVMemory {
  readonly #storage: Values;
  readonly #initial: Float64Array;
  readonly #heads: Views<{ lock: 'word'; next: readonly ['words', number] }>;
  readonly #entries: Views<{ value: 'value'; state: 'word'; next: readonly ['words', number] }>;
  readonly #last: Last;
  readonly #slots: number;
  readonly #slotBits: number;

  constructor({ memory, block }: Context<unknown>) {
    const { transactions, keys } = block;
    this.#slotBits = Math.ceil(Math.log2(block.maxWrites));
    this.#slots = 2 ** this.#slotBits;
    this.#initial = block.initial;
    this.#storage = memory.values('storage', keys);
    this.#heads = memory.records('heads', keys, { lock: 'word', next: ['words', LEVELS] });
    this.#entries = memory.records('entries', transactions * this.#slots, {
      value: 'value',
      state: 'word',
      next: ['words', LEVELS],
    });
    const reads = ['words', block.maxReads] as const;
    this.#last = memory.records('last', transactions, {
      written: ['words', this.#slots],
      readCount: 'word',
      key: reads,
      entry: reads,
      state: reads,
    });
  }

  load(): void {
    for (let key = 0; key < this.#initial.length; key++) this.#storage.poke(key, this.#initial[key]);
  }

  /**
   * Lists what the access sets say will be written, as estimates, before the block starts. A transaction whose
   * declared set is too large a superset to fit its entries gets no hints.
   */
  loadHints({ writes: { from, keys } }: AccessSets): void {
    const listed = new Int32Array(this.#initial.length);
    for (let txn = 0; txn + 1 < from.length; txn++) {
      if (from[txn + 1] - from[txn] > this.#slots) continue;
      for (let slot = 0; slot < from[txn + 1] - from[txn]; slot++) {
        const key = keys[from[txn] + slot];
        this.#last.written[slot].poke(txn, key + 1);
        this.#loadHint(this.#entry(txn, slot), key, ++listed[key]);
      }
    }
  }

  /** Lists the key's nth entry: every 4th one on level 1, every 16th on level 2 … as chance has it elsewhere. */
  #loadHint(entry: number, key: number, n: number): void {
    let levels = 1;
    while (levels < LEVELS && n % 4 ** levels === 0) levels++;
    for (let level = 0; level < levels; level++) {
      this.#entries.next[level].poke(entry, this.#heads.next[level].peek(key));
      this.#heads.next[level].poke(key, entry + 1);
    }
    this.#entries.state.poke(entry, ESTIMATE);
    const height = Math.max((this.#heads.lock.peek(key) >> 1) & 7, levels);
    this.#heads.lock.poke(key, height << 1);
  }

  /** The transaction that an entry belongs to. */
  writer(entry: number): number {
    return entry >> this.#slotBits;
  }

  #entry(txn: number, slot: number): number {
    return (txn << this.#slotBits) + slot;
  }

  /** read(location, txn_idx): what the highest transaction below txn wrote, or storage. */
  *read(key: number, txn: number, cursor: Cursor): Steps<void> {
    const { lock } = this.#heads;
    for (;;) {
      const before = yield* lock.load(key);
      if ((before & LOCKED) !== 0) {
        yield* lock.waitWhile(key, before);
        continue;
      }
      const height = (before >> 1) & 7;
      if (height === 0) break;
      const at = yield* this.#search(key, txn, height, cursor.path);
      if (at === 0) {
        if ((yield* lock.load(key)) === before) break;
        continue;
      }
      cursor.entry = at - 1;
      cursor.state = yield* this.#entries.state.load(at - 1);
      cursor.value = yield* this.#entries.value.load(at - 1);
      // Last: that the lock has not moved shows that all of the above was of one moment (M3).
      if ((yield* lock.load(key)) === before) return;
    }
    cursor.entry = NOT_FOUND;
    cursor.state = 0;
    cursor.value = yield* this.#storage.load(key);
  }

  /** The key's entry (+ 1) of the highest transaction below txn, or 0. `path` has what is before it, level by level. */
  *#search(key: number, txn: number, height: number, path: Int32Array): Steps<number> {
    let at = HEAD;
    let next = 0;
    for (let level = height - 1; level >= 0; level--) {
      for (;;) {
        next = yield* this.#next(key, at, level);
        if (next === 0 || this.writer(next - 1) < txn) break;
        at = next;
      }
      path[level] = at;
    }
    return next;
  }

  #next(key: number, at: number, level: number): Steps<number> {
    return at === HEAD ? this.#heads.next[level].load(key) : this.#entries.next[level].load(at - 1);
  }

  #link(key: number, at: number, level: number, next: number): Steps<void> {
    return at === HEAD
      ? this.#heads.next[level].store(key, next)
      : this.#entries.next[level].store(at - 1, next);
  }

  /** Locks the key's list; returns the lock's word as it was. */
  *#lock(key: number): Steps<number> {
    const { lock } = this.#heads;
    for (;;) {
      const before = yield* lock.load(key);
      if ((before & LOCKED) !== 0) yield* lock.waitWhile(key, before);
      else if ((yield* lock.compareExchange(key, before, before | LOCKED)) === before) return before;
    }
  }

  /** Unlocks it with the next sequence number and a height. */
  *#unlock(key: number, before: number, height: number): Steps<void> {
    const { lock } = this.#heads;
    yield* lock.store(key, ((before + SEQUENCE) & -SEQUENCE) | (height << 1));
    yield* lock.wake(key);
  }

  /** record(version, read_set, write_set). Returns wrote_new_location. */
  *record(done: Incarnation): Steps<boolean> {
    yield* this.#removeStale(done);
    let wroteNewLocation = false;
    for (let i = 0; i < done.writes.size; i++) {
      const isNew = yield* this.#apply(done, done.writes.keys[i], done.writes.values[i]);
      wroteNewLocation = isNew || wroteNewLocation;
    }
    yield* this.#recordReads(done);
    return wroteNewLocation;
  }

  /** Unlists what the previous incarnation wrote and this one does not. */
  *#removeStale({ txn, writes, cursor }: Incarnation): Steps<void> {
    const { written } = this.#last;
    for (let slot = 0; slot < this.#slots; slot++) {
      const key = (yield* written[slot].load(txn)) - 1;
      if (key >= 0 && writes.find(key) < 0) yield* this.#remove(txn, slot, key, cursor);
    }
  }

  /** Unlists all that an aborted incarnation wrote: what happens without estimates. */
  *removeWrites(txn: number, cursor: Cursor): Steps<void> {
    const { written } = this.#last;
    for (let slot = 0; slot < this.#slots; slot++) {
      const key = (yield* written[slot].load(txn)) - 1;
      if (key >= 0) yield* this.#remove(txn, slot, key, cursor);
    }
  }

  *#remove(txn: number, slot: number, key: number, { path }: Cursor): Steps<void> {
    const entry = this.#entry(txn, slot);
    const before = yield* this.#lock(key);
    const height = (before >> 1) & 7;
    yield* this.#search(key, txn + 1, height, path);
    for (let level = 0; level < height; level++) {
      if ((yield* this.#next(key, path[level], level)) !== entry + 1) break;
      yield* this.#link(key, path[level], level, yield* this.#entries.next[level].load(entry));
    }
    yield* this.#last.written[slot].store(txn, 0);
    yield* this.#unlock(key, before, height);
  }

  /** Writes one location. True if the previous incarnation had not written it. */
  *#apply(done: Incarnation, key: number, value: number): Steps<boolean> {
    const { txn } = done;
    const { written } = this.#last;
    let slot = NOT_FOUND;
    let free = NOT_FOUND;
    for (let at = 0; at < this.#slots && slot === NOT_FOUND; at++) {
      const listed = yield* written[at].load(txn);
      if (listed === key + 1) slot = at;
      else if (listed === 0 && free === NOT_FOUND) free = at;
    }
    const isNew = slot === NOT_FOUND;
    if (isNew) slot = free;
    const entry = this.#entry(txn, slot);
    const before = yield* this.#lock(key);
    yield* this.#entries.state.store(entry, done.incarnation << 1);
    yield* this.#entries.value.store(entry, value);
    let height = (before >> 1) & 7;
    if (isNew) {
      yield* written[slot].store(txn, key + 1);
      height = yield* this.#insert(done, key, entry, height);
    }
    yield* this.#unlock(key, before, height);
    return isNew;
  }

  /** Links an entry into the locked list. Returns the list's height. */
  *#insert(
    { core, txn, cursor: { path } }: Incarnation,
    key: number,
    entry: number,
    height: number,
  ): Steps<number> {
    yield* this.#search(key, txn, height, path);
    let levels = 1;
    while (levels < LEVELS && levels <= height && core.random(4) === 0) levels++;
    if (levels > height) path[height] = HEAD;
    for (let level = 0; level < levels; level++) {
      yield* this.#entries.next[level].store(entry, yield* this.#next(key, path[level], level));
      yield* this.#link(key, path[level], level, entry + 1);
    }
    return Math.max(height, levels);
  }

  *#recordReads({ txn, reads }: Incarnation): Steps<void> {
    const { entry, key, readCount, state } = this.#last;
    for (let i = 0; i < reads.size; i++) {
      yield* key[i].store(txn, reads.keys[i]);
      yield* entry[i].store(txn, reads.entries[i]);
      yield* state[i].store(txn, reads.states[i]);
    }
    yield* readCount.store(txn, reads.size);
  }

  /** convert_writes_to_estimates: the aborted incarnation's writes show what the next one will write. */
  *convertWritesToEstimates(txn: number): Steps<void> {
    for (let slot = 0; slot < this.#slots; slot++) {
      if ((yield* this.#last.written[slot].load(txn)) === 0) continue;
      const entry = this.#entry(txn, slot);
      // One word, so it needs no lock: a reader has the state from before or from after.
      yield* this.#entries.state.store(entry, (yield* this.#entries.state.load(entry)) | ESTIMATE);
    }
  }

  /** validate_read_set: whether reading again finds the same versions. */
  *validateReadSet(txn: number, cursor: Cursor): Steps<boolean> {
    const { entry, key, readCount, state } = this.#last;
    const count = yield* readCount.load(txn);
    for (let i = 0; i < count; i++) {
      yield* this.read(yield* key[i].load(txn), txn, cursor);
      if (cursor.entry !== (yield* entry[i].load(txn))) return false;
      if (cursor.state !== (yield* state[i].load(txn))) return false;
    }
    return true;
  }

  /** Whether something that the previous incarnation read is an ESTIMATE now; the cursor is left there. */
  *estimateAmongReads(txn: number, cursor: Cursor): Steps<boolean> {
    const { key, readCount } = this.#last;
    const count = yield* readCount.load(txn);
    for (let i = 0; i < count; i++) {
      yield* this.read(yield* key[i].load(txn), txn, cursor);
      if (cursor.isEstimate) return true;
    }
    return false;
  }

  /** snapshot(): the key's value after the block. */
  snapshot(key: number): number {
    const highest = this.#heads.next[0].peek(key);
    return highest === 0 ? this.#storage.peek(key) : this.#entries.value.peek(highest - 1);
  }
}

/** The incarnation that a core executes, with what it has read and written so far. Private to the core. */
export interface Incarnation {
  readonly core: Core;
  txn: number;
  incarnation: number;
  readonly reads: ReadSet;
  readonly writes: AccessSet;
  readonly cursor: Cursor;
}

/** What an incarnation found for each key that it has read. */
export class ReadSet {
  readonly keys: Int32Array;
  readonly entries: Int32Array;
  readonly states: Int32Array;
  readonly values: Float64Array;
  size = 0;

  constructor(capacity: number) {
    this.keys = new Int32Array(capacity);
    this.entries = new Int32Array(capacity);
    this.states = new Int32Array(capacity);
    this.values = new Float64Array(capacity);
  }

  find(key: number): number {
    for (let i = 0; i < this.size; i++) if (this.keys[i] === key) return i;
    return -1;
  }

  add(key: number, cursor: Cursor): void {
    if (this.size === this.keys.length) throw new Error(`more than the declared ${this.size} distinct keys`);
    this.keys[this.size] = key;
    this.entries[this.size] = cursor.entry;
    this.states[this.size] = cursor.state;
    this.values[this.size++] = cursor.value;
  }
}

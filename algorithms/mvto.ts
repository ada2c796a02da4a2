/**
 * Multi-version timestamp ordering: a transaction is given its place in the serial order before it starts, and
 * reads the versions that were current there. Reads are never too late; a write is, once a later transaction has
 * read what it would have overwritten.
 *
 * Papers      Reed: Implementing Atomic Actions on Decentralized Data. ACM TOCS 1(1), 1983,
 *             doi:10.1145/357353.357355.
 *             Bernstein, Goodman: Multiversion Concurrency Control: Theory and Algorithms. ACM TODS 8(4), 1983,
 *             doi:10.1145/319996.319998. Section 4, multiversion timestamp ordering.
 *             Yu, Bezerra, Pavlo, Devadas, Stonebraker: Staring into the Abyss. PVLDB 8(3), 2014,
 *             doi:10.14778/2735508.2735511: MVCC.
 * Guarantee   Serializable, in the order of timestamps. Not block order.
 *             Deadlock-free: whoever waits, waits for an earlier timestamp (parts/prewrites.ts). Strict: nobody sees
 *             what may still be undone. An attempt whose write is refused comes back with a new timestamp; one
 *             transaction may starve, and back-off makes that unlikely. Who only reads is never refused.
 *             Opaque: an attempt sees the state as of its timestamp.
 *
 * Words       interval of a version   from its wts to that of the next version
 *             possibility, prewrite   an announced write: pending
 *
 * Layout      rows[key]    value, rts  of the initial version, whose wts is 0; under the latch
 *                          head        the version with the latest wts (entry + 1; 0: the initial one); the same
 *                          latch       row-latches.ts
 *                          pending, first, last, and the waiters: see parts/prewrites.ts
 *             entries[e]   value, wts, rts, previous: a version. Those of transaction t are t * maxWrites …;
 *                          made once, under the latch of its row; rts later too
 *             timestamps   see parts/timestamps.ts
 *
 * Invariants  I1  From the head on, wts fall. A version is put where its wts belongs.
 *             I2  A read with timestamp ts is of the version with the largest wts <= ts, and takes place only
 *                 while no write is pending between the two; it leaves rts >= ts on the version.
 *             I3  A write with timestamp ts is announced only while the version with the largest wts <= ts has
 *                 rts <= ts, so nobody has read it who should have read this one; and none other is pending.
 *                 Until the write is made, who should read it waits (I2). So in the order of timestamps
 *                 everyone reads the last write before it.
 *
 * Departures  D1  One write a row may be pending. A later one waits for it; an earlier one is refused, where the
 *                 papers keep any number. Where a write reads its row first, that read has refused the earlier
 *                 one already.
 *             D2  Who waits is queued in the order of timestamps and told to ask again, one writer at a time.
 *             D3  A write after a read of the same key is announced when it comes, unless the transaction
 *                 declares it (intents=declared). In DBx1000 each access says at once whether it writes.
 *             D4  Old versions are kept until the end of the block: blocks are finite.
 *             D5  Transactions that were refused too often go on one at a time (parts/last-resort.ts; an option).
 *
 * Cost notes  Every read writes two lines: the row's, for the latch, and the version's, for rts. A write copies
 *             the row into its version (option `copy`); a read copies nothing, for versions do not change.
 *             A timestamp an attempt: with a counter, that is where all cores meet.
 */
import {
  type Context,
  type Core,
  defineAlgorithm,
  type Instance,
  type Steps,
  type Views,
} from './algorithm.ts';
import { Queue } from './parts/dispatch.ts';
import { PREWRITE_FIELDS } from './parts/prewrites.ts';
import {
  type Answer,
  GRANTED,
  TimestampedShared,
  TimestampedWorker,
  type TimestampOptions,
  TOO_LATE,
  timestampedOptions,
  WAITS,
} from './parts/timestamped.ts';

const ROW = { value: 'value', rts: 'value', ...PREWRITE_FIELDS, head: 'word' } as const;
const ENTRY = { value: 'value', wts: 'value', rts: 'value', previous: 'word' } as const;

/** In the place of an entry + 1. */
const INITIAL = 0;

class Mvto implements Instance {
  readonly shared: TimestampedShared;
  readonly rows: Views<typeof ROW>;
  readonly entries: Views<typeof ENTRY>;

  constructor({ memory, block, cores, options }: Context<TimestampOptions>) {
    this.rows = memory.records('rows', block.keys, ROW);
    this.entries = memory.records('entries', block.transactions * block.maxWrites, ENTRY);
    this.shared = new TimestampedShared(memory, block, cores, options, this.rows);
  }

  load(): void {
    const { initial } = this.shared.block;
    for (let key = 0; key < initial.length; key++) this.rows.value.poke(key, initial[key]);
  }

  *run(core: Core): Steps<void> {
    const worker = new Worker(this, core);
    const queue = new Queue(this.shared.dispatcher, core);
    for (let t = yield* queue.take(); t >= 0; t = yield* queue.take()) yield* worker.transact(t);
  }

  state(key: number): number {
    const latest = this.rows.head.peek(key);
    return latest === INITIAL ? this.rows.value.peek(key) : this.entries.value.peek(latest - 1);
  }
}

class Worker extends TimestampedWorker {
  readonly #rows: Views<typeof ROW>;
  readonly #entries: Views<typeof ENTRY>;
  readonly #copy: number;
  readonly #maxWrites: number;
  /** What `#find` found: the version that is current at the attempt's timestamp, its wts, and the next later one. */
  #version = INITIAL;
  #wts = 0;
  #later = INITIAL;

  constructor({ shared, rows, entries }: Mvto, core: Core) {
    super(shared, core);
    this.#rows = rows;
    this.#entries = entries;
    this.#copy = shared.options.copy;
    this.#maxWrites = shared.block.maxWrites;
  }

  *ask(key: number, _reads: boolean, writes: boolean, pending: number): Steps<Answer> {
    yield* this.#find(key);
    if (writes && (yield* this.#rts(key)) > this.stamp) return TOO_LATE; // I3
    if (pending === 0) return GRANTED;
    if (pending > this.stamp) return writes ? TOO_LATE : GRANTED; // D1
    return writes || pending > this.#wts ? WAITS : GRANTED; // I2
  }

  *fetch(key: number): Steps<number> {
    const version = this.#version;
    if ((yield* this.#rts(key)) < this.stamp) {
      if (version === INITIAL) yield* this.#rows.rts.store(key, this.stamp);
      else yield* this.#entries.rts.store(version - 1, this.stamp);
    }
    return version === INITIAL
      ? yield* this.#rows.value.load(key)
      : yield* this.#entries.value.load(version - 1);
  }

  *install(key: number, written: number, place: number): Steps<void> {
    const { value, wts, rts, previous } = this.#entries;
    const entry = this.transaction * this.#maxWrites + place;
    this.core.work(this.#copy);
    yield* this.#find(key);
    yield* value.store(entry, written);
    yield* wts.store(entry, this.stamp);
    yield* rts.store(entry, this.stamp);
    yield* previous.store(entry, this.#version);
    if (this.#later === INITIAL) yield* this.#rows.head.store(key, entry + 1);
    else yield* previous.store(this.#later - 1, entry + 1);
  }

  /** Looks for the version with the largest wts that is not after the attempt's timestamp (I1). */
  *#find(key: number): Steps<void> {
    const { wts, previous } = this.#entries;
    this.#later = INITIAL;
    let version = yield* this.#rows.head.load(key);
    for (; version !== INITIAL; version = yield* previous.load(version - 1)) {
      this.#wts = yield* wts.load(version - 1);
      if (this.#wts <= this.stamp) break;
      this.#later = version;
    }
    this.#version = version;
    if (version === INITIAL) this.#wts = 0;
  }

  #rts(key: number): Steps<number> {
    const version = this.#version;
    return version === INITIAL ? this.#rows.rts.load(key) : this.#entries.rts.load(version - 1);
  }
}

export default defineAlgorithm({
  name: 'mvto',
  summary:
    'multi-version timestamp ordering: reads see the past as of their timestamp and are never too late',
  source: 'Reed: Implementing Atomic Actions on Decentralized Data. TOCS 1983; Bernstein, Goodman. TODS 1983',
  guarantee: 'serializable',
  witness: 'points',
  opaque: true,
  accessSets: ({ intents }) => (intents === 'declared' ? 'declared' : 'none'),
  options: timestampedOptions,
  aborts: ['late write'],
  create: (context) => new Mvto(context),
});

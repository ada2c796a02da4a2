/**
 * Basic timestamp ordering: a transaction is given its place in the serial order before it starts, and whatever
 * comes too late for that place is refused.
 *
 * Papers      Bernstein, Goodman: Concurrency Control in Distributed Database Systems. ACM Computing Surveys
 *             13(2), 1981, doi:10.1145/356842.356846. Section 4.1, basic T/O, where two-phase commit brings prewrites.
             The text was not at hand: this rests on its contents, on textbooks and on DBx1000.
 *             Yu, Bezerra, Pavlo, Devadas, Stonebraker: Staring into the Abyss: An Evaluation of Concurrency
 *             Control with One Thousand Cores. PVLDB 8(3), 2014, doi:10.14778/2735508.2735511: TIMESTAMP.
 * Guarantee   Serializable, in the order of timestamps. Not block order.
 *             Deadlock-free: whoever waits, waits for an earlier timestamp (parts/prewrites.ts). Strict: nobody sees
 *             what may still be undone, so aborts do not cascade. An attempt that is refused comes back with a
 *             new timestamp; transactions that read and then write the same keys can refuse one another again and
 *             again, until patience ends it (D5). One transaction may starve; back-off makes that unlikely.
 *             Opaque: an attempt sees the state as of its timestamp, or is refused.
 *
 * Words       R-timestamp, W-timestamp   rts, wts: of the latest read and write of a row
 *             prewrite                   an announced write: pending
 *
 * Layout      rows[key]   value, wts     under the latch, whoever makes the write that is pending
 *                         rts            under the latch, whoever reads
 *                         latch          row-latches.ts
 *                         pending, first, last, and the waiters: see parts/prewrites.ts
 *             timestamps  see parts/timestamps.ts
 *
 * Invariants  I1  A read with timestamp ts is granted only while wts <= ts and no earlier write is pending; it
 *                 leaves rts >= ts. So it sees the last write before ts, and none before ts comes after it: those
 *                 that are announced later are refused by rts, and none was announced before.
 *             I2  A write is announced only while rts <= ts and wts <= ts, and none other is pending. Until it
 *                 is made, reads and writes after ts wait; those before ts do not change the row.
 *             I3  Timestamps are unique, and a timestamp is the point at which its transaction is serialized: by
 *                 I1 and I2 each read sees what a serial execution in their order shows.
 *
 * Departures  D1  One write a row may be pending. A later one waits for it; an earlier one is refused, where the
 *                 paper (and DBx1000) would keep a queue of them. Where a write reads its row first, that
 *                 read has refused the earlier one already.
 *             D2  Whoever asks late for a row whose write is pending is queued in the order of timestamps and
 *                 told to ask again, one writer at a time; DBx1000 grants from the queue.
 *             D3  A write after a read of the same key is announced when it comes, unless the transaction
 *                 declares it (intents=declared). In DBx1000 each access says at once whether it writes.
 *             D4  No Thomas write rule (section 4.2 of the survey; TS_TWR in DBx1000, off by default): a write that is
                 too late is refused, also a blind one.
 *             D5  Transactions that were refused too often go on one at a time (parts/last-resort.ts; an option).
 *
 * Cost notes  Every read writes the row's line twice: the latch, and rts. Each read and each write copies
 *             the row under the latch, for a row may be overwritten while the transaction goes on: option
 *             `copy`. A timestamp an attempt: with a counter, that is where all cores meet.
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

const FIELDS = { value: 'value', wts: 'value', rts: 'value', ...PREWRITE_FIELDS } as const;
type Rows = Views<typeof FIELDS>;

class TimestampOrdering implements Instance {
  readonly shared: TimestampedShared;
  readonly rows: Rows;

  constructor({ memory, block, cores, options }: Context<TimestampOptions>) {
    this.rows = memory.records('rows', block.keys, FIELDS);
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
    return this.rows.value.peek(key);
  }
}

class Worker extends TimestampedWorker {
  readonly #rows: Rows;
  readonly #copy: number;

  constructor({ shared, rows }: TimestampOrdering, core: Core) {
    super(shared, core);
    this.#rows = rows;
    this.#copy = shared.options.copy;
  }

  *ask(key: number, _reads: boolean, writes: boolean, pending: number): Steps<Answer> {
    if ((yield* this.#rows.wts.load(key)) > this.stamp) return TOO_LATE; // I1, I2
    if (writes && (yield* this.#rows.rts.load(key)) > this.stamp) return TOO_LATE; // I2
    if (pending === 0) return GRANTED;
    if (pending < this.stamp) return WAITS;
    return writes ? TOO_LATE : GRANTED; // D1
  }

  *fetch(key: number): Steps<number> {
    const { rts, value } = this.#rows;
    if ((yield* rts.load(key)) < this.stamp) yield* rts.store(key, this.stamp);
    this.core.work(this.#copy);
    return yield* value.load(key);
  }

  *install(key: number, value: number): Steps<void> {
    this.core.work(this.#copy);
    yield* this.#rows.value.store(key, value);
    yield* this.#rows.wts.store(key, this.stamp);
  }
}

export default defineAlgorithm({
  name: 'timestamp-ordering',
  summary: 'basic timestamp ordering: the serial order is drawn at the start, and who comes late is refused',
  source: 'Bernstein, Goodman: Concurrency Control in Distributed Database Systems. Computing Surveys 1981',
  guarantee: 'serializable',
  witness: 'points',
  opaque: true,
  accessSets: ({ intents }) => (intents === 'declared' ? 'declared' : 'none'),
  options: timestampedOptions,
  aborts: ['late read', 'late write'],
  create: (context) => new TimestampOrdering(context),
});

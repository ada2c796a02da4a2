/**
 * Optimistic concurrency control with validation row by row: run on private copies; at the end latch every row
 * that was touched, check that each is still the version that was read, and write.
 *
 * Papers      Kung, Robinson: On Optimistic Methods for Concurrency Control. ACM TODS 6(2), 1981,
 *             doi:10.1145/319566.319567: the three phases. (Their own validation: bocc/bocc.ts.)
 *             Yu, Bezerra, Pavlo, Devadas, Stonebraker: Staring into the Abyss: An Evaluation of Concurrency
 *             Control with One Thousand Cores. PVLDB 8(3), 2014, doi:10.14778/2735508.2735511: OCC, with the
 *             critical section of validation broken into one a row; as in its code DBx1000 (PER_ROW_VALID).
 * Guarantee   Serializable, in the order of the serialization points, where all rows of a transaction are latched
 *             and found unchanged. Not block order.
 *             Deadlock-free: latches are taken in key order. Somebody always commits: an attempt fails only
 *             because another has committed, or was given its end timestamp, since it began, so that a commit
 *             costs each other core one attempt at most; one transaction may starve, and back-off makes that
 *             unlikely. (With timestamps=batched and clock an attempt may also fail on what was committed before
 *             it began, under a later number; until its core draws later ones, at the latest with its next batch.)
 *             A doomed attempt may read an inconsistent state (not opaque): procedures must end all the same.
 *
 * Words       start, end    the timestamps drawn before the read phase and after validation
 *             wts           of a row: the end timestamp of the transaction that wrote it
 *
 * Layout      rows[key]   value, wts, version   under the latch, in the write phase; version is t + 1 if
 *                                               transaction t wrote the value, 0: nobody did
 *                         latch                 row-latches.ts
 *             timestamps  see parts/timestamps.ts
 *
 * Invariants  I1  Value, wts and version change together, under the row's latch; so a copy made under the latch
 *                 is of one version.
 *             I2  A version names one transaction, and no row has the same one twice. So a row whose version is
 *                 the one that was read has not changed in between.
 *             I3  At the serialization point all rows of the transaction are latched, and those that were read
 *                 are the versions that were read (I2).
 *
 * Departures  D1  Validation compares versions, where DBx1000 compares the row's wts with the start timestamp.
 *                 With one counter the two decide alike; but numbers from a batch or from clocks do not tell
 *                 who was first, and there the comparison of timestamps would miss a change.
 *             D2  The start timestamp still ends an attempt early, as in DBx1000: one that meets a row with a
 *                 later wts will not validate. With timestamps=batched and clock it might have.
 *             D3  A row that is written without having been read is latched, not validated.
 *             D4  Randomized back-off after an abort (an option).
 *
 * Cost notes  Two timestamps a transaction, the second with all latches held. Each read copies the row
 *             under its latch and each write copies it back: option `copy`. A conflict shows only at the end, so an
 *             abort costs all of the attempt. A hot row is latched by each reader twice.
 */
import {
  ABORT,
  ABORTED,
  type Context,
  type Core,
  defineAlgorithm,
  type Instance,
  REVERTED,
  type Steps,
  type View,
  type Views,
  z,
} from './algorithm.ts';
import { AccessSet } from './parts/access-set.ts';
import { Backoff } from './parts/backoff.ts';
import { type Dispatch, Dispatcher, dispatchOption, Queue } from './parts/dispatch.ts';
import { copyOption } from './parts/row-copy.ts';
import { RowLatches } from './parts/row-latches.ts';
import {
  type Allocation,
  batchOption,
  TimestampSource,
  Timestamps,
  timestampsOption,
} from './parts/timestamps.ts';

/** The version in the read set of a row that was not read, only written. */
const UNREAD = -1;

interface Options {
  readonly timestamps: Allocation;
  readonly batch: number;
  readonly copy: number;
  readonly backoff: number;
  readonly dispatch: Dispatch;
}

const FIELDS = { value: 'value', wts: 'value', version: 'word', latch: 'word' } as const;

class Occ implements Instance {
  readonly context: Context<Options>;
  readonly rows: Views<typeof FIELDS>;
  readonly latches: RowLatches;
  readonly timestamps: TimestampSource;
  readonly dispatcher: Dispatcher;

  constructor(context: Context<Options>) {
    const { memory, block, cores, options } = context;
    this.context = context;
    this.rows = memory.records('rows', block.keys, FIELDS);
    const most = block.maxReads + block.maxWrites;
    this.latches = new RowLatches(memory, 'latchNodes', this.rows.latch, cores, most);
    this.timestamps = new TimestampSource(memory, cores, options.timestamps, options.batch);
    this.dispatcher = new Dispatcher(memory, block.transactions, options.dispatch);
  }

  load(): void {
    const { initial } = this.context.block;
    for (let key = 0; key < initial.length; key++) this.rows.value.poke(key, initial[key]);
  }

  *run(core: Core): Steps<void> {
    const worker = new Worker(this, core);
    const queue = new Queue(this.dispatcher, core);
    for (let t = yield* queue.take(); t >= 0; t = yield* queue.take()) yield* worker.transact(t);
  }

  state(key: number): number {
    return this.rows.value.peek(key);
  }
}

/** One core's part. */
class Worker implements View {
  readonly #core: Core;
  readonly #shared: Occ;
  readonly #timestamps: Timestamps;
  readonly #backoff: Backoff;
  readonly #copy: number;
  /** All keys that were touched, with the version that was read, or UNREAD; and the copies. */
  readonly #touched: AccessSet;
  readonly #copies: AccessSet;
  readonly #writes: AccessSet;
  #start = 0;

  constructor(shared: Occ, core: Core) {
    const { block, options } = shared.context;
    this.#core = core;
    this.#shared = shared;
    this.#timestamps = new Timestamps(shared.timestamps, core);
    this.#backoff = new Backoff(options.backoff);
    this.#copy = options.copy;
    this.#touched = new AccessSet(block.maxReads + block.maxWrites);
    this.#copies = new AccessSet(block.maxReads);
    this.#writes = new AccessSet(block.maxWrites);
  }

  *transact(t: number): Steps<void> {
    this.#backoff.reset();
    for (;;) {
      const complete = yield* this.#execute(t);
      if (complete && (yield* this.#validate(t))) break;
      this.#core.abort(complete ? 'validation' : 'read');
      yield* this.#backoff.spin(this.#core);
    }
    this.#core.commit(t);
  }

  /** The read phase. False if it met a row that changed since it began. */
  *#execute(t: number): Steps<boolean> {
    this.#core.begin(t);
    this.#touched.clear();
    this.#copies.clear();
    this.#writes.clear();
    this.#start = yield* this.#timestamps.draw();
    const outcome = yield* this.#core.execute(t, this);
    if (outcome === REVERTED) this.#writes.clear();
    return outcome !== ABORTED;
  }

  *read(key: number): Steps<number> {
    const own = this.#writes.find(key);
    if (own >= 0) return this.#writes.values[own];
    const seen = this.#copies.find(key);
    if (seen >= 0) return this.#copies.values[seen];
    const { latches, rows } = this.#shared;
    yield* latches.acquire(key, this.#core.id, 0);
    const late = (yield* rows.wts.load(key)) > this.#start;
    this.#core.work(this.#copy);
    const version = yield* rows.version.load(key);
    const value = yield* rows.value.load(key);
    yield* latches.release(key, this.#core.id, 0);
    if (late) throw ABORT; // D2
    this.#touched.add(key, version);
    this.#copies.add(key, value);
    return value;
  }

  *write(key: number, value: number): Steps<void> {
    if (this.#touched.find(key) < 0) this.#touched.add(key, UNREAD);
    this.#writes.put(key, value);
  }

  /** The validation phase, and the write phase if the attempt is valid. */
  *#validate(t: number): Steps<boolean> {
    const { latches, rows } = this.#shared;
    const { keys, values, size } = this.#touched;
    const { id } = this.#core;
    this.#touched.sort(); // or two that validate could wait for each other
    let valid = true;
    let latched = 0;
    while (valid && latched < size) {
      yield* latches.acquire(keys[latched], id, latched);
      const version = yield* rows.version.load(keys[latched]);
      valid = values[latched] === UNREAD || values[latched] === version;
      latched++;
    }
    // Serialization point, if valid: all rows are latched (I3).
    if (valid) yield* this.#install(t);
    for (let i = 0; i < latched; i++) yield* latches.release(keys[i], id, i);
    return valid;
  }

  *#install(t: number): Steps<void> {
    const { rows } = this.#shared;
    const { keys, values, size } = this.#touched;
    const end = yield* this.#timestamps.draw();
    for (let i = 0; i < size; i++) {
      const key = keys[i];
      if (values[i] !== UNREAD) this.#core.witnessRead(key, values[i]);
      const written = this.#writes.find(key);
      if (written < 0) continue;
      this.#core.witnessWrite(key, t + 1, yield* rows.version.load(key));
      this.#core.work(this.#copy);
      yield* rows.value.store(key, this.#writes.values[written]);
      yield* rows.wts.store(key, end);
      yield* rows.version.store(key, t + 1);
    }
  }
}

export default defineAlgorithm({
  name: 'occ',
  summary:
    'optimistic, as in Staring into the Abyss: copies, two timestamps, validation row by row under latches',
  source: 'Yu, Bezerra, Pavlo, Devadas, Stonebraker: Staring into the Abyss. PVLDB 8(3), 2014',
  guarantee: 'serializable',
  witness: 'versions',
  options: z.strictObject({
    timestamps: timestampsOption,
    batch: batchOption,
    copy: copyOption,
    backoff: z
      .int()
      .min(0)
      .max(1_000_000)
      .default(100)
      .describe('units of work to wait after a first abort, at most; 0: none'),
    dispatch: dispatchOption,
  }),
  aborts: ['read', 'validation'],
  create: (context) => new Occ(context),
});

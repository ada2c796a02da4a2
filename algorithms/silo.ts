/**
 * Silo: optimistic concurrency control without a central point.
 * Read without a trace, buffer writes; at the end lock what is to be written, check that what was read is
 * still so, and install. Transaction numbers are made from what was seen, not drawn from a counter.
 *
 * Paper       Tu, Zheng, Kohler, Liskov, Madden: Speedy Transactions in Multicore In-Memory Databases.
 *             SOSP 2013, doi:10.1145/2517349.2522713. Sections 4.2 (transaction ids), 4.4 (commit protocol,
 *             figure 2) and 4.5 (reads).
 * Guarantee   Serializable, in the order of the points between phase 1 and phase 2. Not block order.
 *             No deadlock: locks are taken in key order, and nobody waits for a lock while validating.
 *             A transaction may starve; back-off makes that unlikely.
 *             A doomed attempt may read an inconsistent state (not opaque): procedures must end all the same.
 *
 * Words       TID     a record's version: the id of the transaction that wrote it last. 0: never written
 *             lock    the TID word's lowest bit
 *
 * Layout      rows[key]   value   the lock's holder, in phase 3
 *                         tid     (sequence * cores + core) << 1 | lock; whoever locks or unlocks the record
 *             next        every core: the next transaction to execute
 *
 * Invariants  I1  A record's value changes only while its lock is held, and its TID changes with it. By
 *                 phase 3. Hence a value between two loads of the same unlocked TID is that version's.
 *             I2  A TID names one transaction: the sequence of a core only grows, and the core is in it.
 *             I3  At the serialization point all records that are written are locked, and phase 2 finds those
 *                 that were read unchanged since and not locked by others; so both sets are as of this point.
 *                 (Section 4.4, with figure 3 for why the order of phases 1 and 2 matters.)
 *
 * Departures  D1  No epochs, logging or garbage collection: nothing has to survive a crash, and records are
 *                 never removed. The serialization point is the end of phase 1 instead of reading the epoch.
 *             D2  The sequence is bounded by 2^30 / cores; a block has fewer transactions than that.
 *             D3  Waiting for a locked record parks the core after a spin.
 *             D4  Randomized back-off after an abort (an option; the paper retries at once).
 *
 * Cost notes  A read costs two loads of the TID and one of the value, on one line. No access to shared memory
 *             writes unless the transaction does. What hurts: hot written records (validation fails), and
 *             the one counter that hands out transactions.
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
import { Dispenser } from './parts/dispenser.ts';

const LOCK = 1;

interface Options {
  readonly backoff: number;
}

type Rows = Views<{ value: 'value'; tid: 'word' }>;

class Silo implements Instance {
  readonly context: Context<Options>;
  readonly rows: Rows;
  readonly dispenser: Dispenser;

  constructor(context: Context<Options>) {
    const { memory, block } = context;
    this.context = context;
    this.rows = memory.records('rows', block.keys, { value: 'value', tid: 'word' });
    this.dispenser = new Dispenser(memory, block.transactions);
  }

  load(): void {
    const { initial } = this.context.block;
    for (let key = 0; key < initial.length; key++) this.rows.value.poke(key, initial[key]);
  }

  *run(core: Core): Steps<void> {
    const worker = new Worker(this, core);
    for (let t = yield* this.dispenser.take(); t >= 0; t = yield* this.dispenser.take()) {
      yield* worker.transact(t);
    }
  }

  state(key: number): number {
    return this.rows.value.peek(key);
  }
}

/** One core's part: its read set R, its write set W, and the last TID that it chose. */
class Worker implements View {
  readonly #core: Core;
  readonly #rows: Rows;
  readonly #R: AccessSet;
  readonly #W: AccessSet;
  readonly #backoff: Backoff;
  /** For each entry of W: the TID that it replaces, known once it is locked. */
  readonly #replaced: Int32Array;
  #sequence = 0;

  constructor(silo: Silo, core: Core) {
    const { block, options } = silo.context;
    this.#core = core;
    this.#rows = silo.rows;
    this.#R = new AccessSet(block.maxReads);
    this.#W = new AccessSet(block.maxWrites);
    this.#backoff = new Backoff(options.backoff);
    this.#replaced = new Int32Array(block.maxWrites);
  }

  *transact(t: number): Steps<void> {
    this.#backoff.reset();
    for (;;) {
      this.#core.begin(t);
      this.#R.clear();
      this.#W.clear();
      const outcome = yield* this.#core.execute(t, this);
      if (outcome === REVERTED) this.#W.clear();
      if (outcome !== ABORTED && (yield* this.#commit())) break;
      this.#core.abort(outcome === ABORTED ? 'read' : 'validation');
      this.#backoff.wait(this.#core);
    }
    this.#core.commit(t);
  }

  *read(key: number): Steps<number> {
    const own = this.#W.find(key);
    if (own >= 0) return this.#W.values[own];
    const { tid, value } = this.#rows;
    for (;;) {
      const before = yield* tid.load(key);
      if ((before & LOCK) !== 0) {
        yield* tid.waitWhile(key, before);
        continue;
      }
      const result = yield* value.load(key);
      // The second load must follow the value's: it shows that the value is of this version (I1).
      if ((yield* tid.load(key)) !== before) continue;
      this.#remember(key, before);
      return result;
    }
  }

  /** Adds to R. A key that changed since it was first read has doomed the attempt already. */
  #remember(key: number, version: number): void {
    const seen = this.#R.find(key);
    if (seen < 0) this.#R.add(key, version);
    else if (this.#R.values[seen] !== version) throw ABORT;
  }

  *write(key: number, value: number): Steps<void> {
    this.#W.put(key, value);
  }

  /** Figure 2. False if the attempt has to be aborted; then nothing was changed. */
  *#commit(): Steps<boolean> {
    yield* this.#lock();
    // Serialization point: all of W is locked, none of R is validated yet (I3).
    if (!(yield* this.#validate())) {
      yield* this.#unlock();
      return false;
    }
    yield* this.#install();
    return true;
  }

  /** Phase 1. In key order, or two committers could wait for each other. */
  *#lock(): Steps<void> {
    const { tid } = this.#rows;
    const { keys, size } = this.#W;
    this.#W.sort();
    for (let i = 0; i < size; i++) {
      const key = keys[i];
      for (;;) {
        const word = yield* tid.load(key);
        if ((word & LOCK) !== 0) yield* tid.waitWhile(key, word);
        else if ((yield* tid.compareExchange(key, word, word | LOCK)) === word) {
          this.#replaced[i] = word;
          break;
        }
      }
    }
  }

  /** Phase 2. */
  *#validate(): Steps<boolean> {
    const { keys, values, size } = this.#R;
    for (let i = 0; i < size; i++) {
      const word = yield* this.#rows.tid.load(keys[i]);
      if ((word & ~LOCK) !== values[i]) return false;
      if ((word & LOCK) !== 0 && this.#W.find(keys[i]) < 0) return false;
    }
    return true;
  }

  *#unlock(): Steps<void> {
    const { tid } = this.#rows;
    const { keys, size } = this.#W;
    for (let i = 0; i < size; i++) {
      yield* tid.store(keys[i], this.#replaced[i]);
      yield* tid.wake(keys[i]);
    }
  }

  /** Phase 3, with the witness: the versions that were read and overwritten. */
  *#install(): Steps<void> {
    const { tid, value } = this.#rows;
    const { keys, values, size } = this.#W;
    const commitTid = size > 0 ? this.#chooseTid() : 0;
    for (let i = 0; i < this.#R.size; i++) this.#core.witnessRead(this.#R.keys[i], this.#R.values[i]);
    for (let i = 0; i < size; i++) {
      this.#core.witnessWrite(keys[i], commitTid, this.#replaced[i]);
      yield* value.store(keys[i], values[i]);
      // Unlocks; after the value, so that whoever sees the new TID sees the new value (I1).
      yield* tid.store(keys[i], commitTid);
      yield* tid.wake(keys[i]);
    }
  }

  /** Section 4.2: larger than every TID read or replaced, and than the last one of this core. */
  #chooseTid(): number {
    const { count, id } = this.#core;
    let sequence = this.#sequence;
    for (let i = 0; i < this.#R.size; i++) {
      sequence = Math.max(sequence, sequenceOf(this.#R.values[i], count));
    }
    for (let i = 0; i < this.#W.size; i++) {
      sequence = Math.max(sequence, sequenceOf(this.#replaced[i], count));
    }
    this.#sequence = sequence + 1;
    return (this.#sequence * count + id) << 1;
  }
}

function sequenceOf(tid: number, cores: number): number {
  return Math.floor((tid >> 1) / cores);
}

export default defineAlgorithm({
  name: 'silo',
  summary: 'optimistic: lock the write set, validate the read set, install; no central counter',
  source:
    'Tu, Zheng, Kohler, Liskov, Madden: Speedy Transactions in Multicore In-Memory Databases. SOSP 2013',
  guarantee: 'serializable',
  witness: 'versions',
  options: z.strictObject({
    backoff: z
      .int()
      .min(0)
      .max(1_000_000)
      .default(100)
      .describe('units of work to wait after a first abort, at most; 0: none'),
  }),
  aborts: ['read', 'validation'],
  create: (context) => new Silo(context),
});

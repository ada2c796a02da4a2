/**
 * TicToc: optimistic concurrency control in which the data tells the time.
 * Every version carries the span of logical time in which it is known to be valid; a transaction computes at its
 * end a time at which all it read is valid and all it writes is new, and stretches spans where that is needed.
 *
 * Paper       Yu, Pavlo, Sanchez, Devadas: TicToc: Time Traveling Optimistic Concurrency Control. SIGMOD 2016,
 *             doi:10.1145/2882903.2882935. The protocol (Algorithms 1 to 3), and of its optimizations no-wait
 *             locking in the validation phase and preemptive aborts.
 * Guarantee   Serializable, in the order of commit timestamps; transactions of equal timestamps in the order
 *             in which they touched what they share. Not block order.
 *             No deadlock: locks are taken in key order; with `locking: no-wait` nobody waits holding one.
 *             A transaction may starve, and two that read what the other writes can even make each other fail
 *             for ever, since both find the other's lock; back-off makes both unlikely.
 *             A doomed attempt may read an inconsistent state (not opaque): procedures must end all the same.
 *
 * Words       wts       the logical time at which a version was written; 0: the initial one
 *             rts       a version is valid from wts to rts, at least
 *             RS, WS    read set and write set; RS holds (value, wts, rts) as they were read
 *
 * Layout      rows[key]   value   the lock's holder, in the write phase
 *                         tid     wts << 1 | lock; whoever locks or unlocks the record
 *                         rts     whoever stretches it, upwards; the lock's holder, in the write phase
 *             next        every core: the next transaction to execute
 *
 * Invariants  I1  A version's value is written under its lock, between two different unlocked TID words. So
 *                 what is loaded between two loads of the same unlocked word is that version's.
 *             I2  Of a key each wts is larger than the one before: a writer commits after rts, and rts >= wts.
 *                 (The paper's Lemma 1.) So wts names a version of its key, which the witness uses. Asserted.
 *             I3  While a version lives its rts only rises, and a writer that replaces it commits after every
 *                 rts that anybody relied on. A reader relies on an rts only if it loads the TID word unlocked
 *                 after the rts had its value; the writer locks first and loads rts then. So in the one order
 *                 of these accesses either the writer sees the rts, or the reader sees the lock and aborts.
 *             I4  Hence at its commit timestamp all that a transaction read is valid: wts <= commitTs <= rts.
 *
 * Departures  D1  The paper packs lock, wts and rts - wts into one word of 64 bits and changes it by
 *                 compare-and-swap. Shared words here have 32: rts is a word of its own, and the order of
 *                 accesses (I3) stands for the atomic section. No difference overflows, so that no wts has to
 *                 be shifted, which costs the paper's readers a false abort now and then. In exchange a record
 *                 locked by another always fails validation; the paper lets it pass if rts reaches far enough
 *                 already. An rts that an attempt stretched in vain stays so, which only makes writers later.
 *             D2  The timestamp history (the third optimization) is left out. Time is bounded by 2^30 attempts.
 *             D3  Where the paper pauses for a microsecond before it tries to lock again, a core parks until
 *                 the lock that stopped it moves; so does one that reads a locked record, after a spin.
 *             D4  Preemptive aborts look only at what was read; a key that is only written is not looked at.
 *             D5  Randomized back-off after an abort (an option).
 *
 * Cost notes  A read costs four loads on one line. A read whose rts lies behind the commit timestamp costs a
 *             write to its line: reads of what others write are visible, which is the price of fewer aborts.
 */
import {
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
  readonly locking: 'no-wait' | 'wait';
  readonly preemptiveAborts: 'on' | 'off';
  readonly backoff: number;
}

type Rows = Views<{ value: 'value'; tid: 'word'; rts: 'word' }>;

class TicToc implements Instance {
  readonly context: Context<Options>;
  readonly rows: Rows;
  readonly dispenser: Dispenser;

  constructor(context: Context<Options>) {
    const { memory, block } = context;
    this.context = context;
    this.rows = memory.records('rows', block.keys, { value: 'value', tid: 'word', rts: 'word' });
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

/** One core's part. */
class Worker implements View {
  readonly #core: Core;
  readonly #rows: Rows;
  readonly #options: Options;
  readonly #RS: AccessSet;
  readonly #WS: AccessSet;
  readonly #backoff: Backoff;
  /** For each entry of RS: the version's wts and its rts, as they were read. */
  readonly #wts: Int32Array;
  readonly #rts: Int32Array;
  /** For each entry of WS: the TID word that it replaces, known once it is locked. */
  readonly #replaced: Int32Array;

  constructor(tictoc: TicToc, core: Core) {
    const { block, options } = tictoc.context;
    this.#core = core;
    this.#rows = tictoc.rows;
    this.#options = options;
    this.#RS = new AccessSet(block.maxReads);
    this.#WS = new AccessSet(block.maxWrites);
    this.#backoff = new Backoff(options.backoff);
    this.#wts = new Int32Array(block.maxReads);
    this.#rts = new Int32Array(block.maxReads);
    this.#replaced = new Int32Array(block.maxWrites);
  }

  *transact(t: number): Steps<void> {
    this.#backoff.reset();
    for (;;) {
      this.#core.begin(t);
      this.#RS.clear();
      this.#WS.clear();
      const outcome = yield* this.#core.execute(t, this);
      if (outcome === REVERTED) this.#WS.clear();
      const cause = yield* this.#commit();
      if (cause === undefined) break;
      this.#core.abort(cause);
      this.#backoff.wait(this.#core);
    }
    this.#core.commit(t);
  }

  // Algorithm 1: read phase -------------------------------------------------------------------------------

  *read(key: number): Steps<number> {
    const own = this.#WS.find(key);
    if (own >= 0) return this.#WS.values[own];
    const earlier = this.#RS.find(key);
    if (earlier >= 0) return this.#RS.values[earlier];
    const { tid, rts, value } = this.#rows;
    for (;;) {
      const before = yield* tid.load(key);
      if ((before & LOCK) !== 0) {
        yield* tid.waitWhile(key, before); // woken by the lock's holder
        continue;
      }
      const validUntil = yield* rts.load(key);
      const result = yield* value.load(key);
      // After both: it shows that they are of one version (I1), and that no writer missed this rts (I3).
      if ((yield* tid.load(key)) !== before) continue;
      this.#wts[this.#RS.size] = before >> 1;
      this.#rts[this.#RS.size] = validUntil;
      this.#RS.add(key, result);
      return result;
    }
  }

  *write(key: number, value: number): Steps<void> {
    this.#WS.put(key, value);
  }

  // Algorithm 2: validation phase -------------------------------------------------------------------------

  /** Why the attempt has to be aborted; then no value was changed. Or nothing. */
  *#commit(): Steps<string | undefined> {
    this.#WS.sort();
    do {
      if (this.#options.preemptiveAborts === 'on' && (yield* this.#isDoomed())) return 'preemptive';
    } while (!(yield* this.#lock()));
    this.#core.phase('validate');
    const commitTs = yield* this.#commitTimestamp();
    if (!(yield* this.#validate(commitTs))) {
      yield* this.#unlock(this.#WS.size);
      return 'validation';
    }
    this.#core.phase('commit');
    yield* this.#install(commitTs);
    return undefined;
  }

  /** Preemptive aborts: whether a read is too old already for the least commit timestamp still possible. */
  *#isDoomed(): Steps<boolean> {
    const { keys, size } = this.#RS;
    let leastTs = 0;
    for (let i = 0; i < size; i++) {
      leastTs = Math.max(leastTs, this.#WS.find(keys[i]) < 0 ? this.#wts[i] : this.#rts[i] + 1);
    }
    for (let i = 0; i < size; i++) {
      if (this.#rts[i] >= leastTs) continue;
      if ((yield* this.#rows.tid.load(keys[i])) >> 1 !== this.#wts[i]) return true;
    }
    return false;
  }

  /** Step 1: locks WS, in key order. False if it has to be tried again; then nothing is locked. */
  *#lock(): Steps<boolean> {
    const { tid } = this.#rows;
    const { keys, size } = this.#WS;
    for (let i = 0; i < size; ) {
      const word = yield* tid.load(keys[i]);
      if ((word & LOCK) === 0) {
        if ((yield* tid.compareExchange(keys[i], word, word | LOCK)) === word) this.#replaced[i++] = word;
        continue;
      }
      if (this.#options.locking === 'no-wait') {
        this.#core.tally('lockRetries');
        yield* this.#unlock(i); // must precede the wait: nobody waits holding a lock
        yield* tid.waitWhile(keys[i], word); // woken by the lock's holder
        return false;
      }
      yield* tid.waitWhile(keys[i], word); // woken by the lock's holder
    }
    return true;
  }

  /** Step 2: after all that was seen written, and after all that others may have read of what is overwritten. */
  *#commitTimestamp(): Steps<number> {
    const { keys, size } = this.#WS;
    let commitTs = 0;
    for (let i = 0; i < this.#RS.size; i++) commitTs = Math.max(commitTs, this.#wts[i]);
    // After the locks: a reader that stretches rts later will see the lock (I3).
    for (let i = 0; i < size; i++) commitTs = Math.max(commitTs, (yield* this.#rows.rts.load(keys[i])) + 1);
    return commitTs;
  }

  /** Step 3: what was read must be valid at the commit timestamp, or become so. */
  *#validate(commitTs: number): Steps<boolean> {
    const { keys, size } = this.#RS;
    for (let i = 0; i < size; i++) {
      if (this.#rts[i] >= commitTs) continue;
      const mine = this.#WS.find(keys[i]);
      if (mine >= 0) {
        if (this.#replaced[mine] >> 1 !== this.#wts[i]) return false;
      } else if (!(yield* this.#stretch(keys[i], this.#wts[i], commitTs))) return false;
    }
    return true;
  }

  /** Makes the version valid until `commitTs`. False if it is another one by now, or about to be. */
  *#stretch(key: number, wts: number, commitTs: number): Steps<boolean> {
    const { tid, rts } = this.#rows;
    const unlocked = wts << 1;
    if ((yield* tid.load(key)) !== unlocked) return false;
    let until = yield* rts.load(key);
    while (until < commitTs) {
      const found = yield* rts.compareExchange(key, until, commitTs);
      if (found === until) break;
      until = found;
    }
    // Must follow, even if rts was late enough already: a locker may have missed that too (I3).
    return (yield* tid.load(key)) === unlocked;
  }

  /** Gives up the first so many locks, with nothing changed. */
  *#unlock(count: number): Steps<void> {
    const { tid } = this.#rows;
    const { keys } = this.#WS;
    for (let i = 0; i < count; i++) {
      yield* tid.store(keys[i], this.#replaced[i]);
      yield* tid.wake(keys[i]);
    }
  }

  // Algorithm 3: write phase ------------------------------------------------------------------------------

  /** With the witness: the versions that were read and overwritten (I2). */
  *#install(commitTs: number): Steps<void> {
    const { tid, rts, value } = this.#rows;
    const { keys, values, size } = this.#WS;
    for (let i = 0; i < this.#RS.size; i++) this.#core.witnessRead(this.#RS.keys[i], this.#wts[i]);
    for (let i = 0; i < size; i++) {
      const overwritten = this.#replaced[i] >> 1;
      if (commitTs <= overwritten)
        throw new Error(`[I2] key ${keys[i]} went from ${overwritten} to ${commitTs}`);
      this.#core.witnessWrite(keys[i], commitTs, overwritten);
      yield* value.store(keys[i], values[i]);
      yield* rts.store(keys[i], commitTs);
      // Unlocks; after the two, so that whoever sees the new TID sees them (I1).
      yield* tid.store(keys[i], commitTs << 1);
      yield* tid.wake(keys[i]);
    }
  }
}

export default defineAlgorithm({
  name: 'tictoc',
  summary: 'optimistic: commit timestamps computed from those of the data; reads stretch what they read',
  source: 'Yu, Pavlo, Sanchez, Devadas: TicToc: Time Traveling Optimistic Concurrency Control. SIGMOD 2016',
  guarantee: 'serializable',
  witness: 'versions',
  options: z.strictObject({
    locking: z
      .enum(['no-wait', 'wait'])
      .default('no-wait')
      .describe(
        'on a lock that is held: release all and start the validation over, or wait holding the others',
      ),
    preemptiveAborts: z
      .enum(['on', 'off'])
      .default('on')
      .describe('before locking, abort if what was read is too old for any commit timestamp still possible'),
    backoff: z
      .int()
      .min(0)
      .max(1_000_000)
      .default(100)
      .describe('units of work to wait after a first abort, at most; 0: none'),
  }),
  aborts: ['preemptive', 'validation'],
  counters: ['lockRetries'],
  create: (context) => new TicToc(context),
});

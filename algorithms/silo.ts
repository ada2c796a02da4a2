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
 *             A transaction may starve: two that each read what the other writes can fail each other for ever.
 *             Back-off makes that unlikely.
 *             With `order: preset`, block order, and nobody starves (I4).
 *             A doomed attempt may read an inconsistent state (not opaque): procedures must end all the same.
 *
 * Words       TID     a record's version: the id of the transaction that wrote it last. 0: never written
 *             lock    the TID word's lowest bit
 *
 * Layout      rows[key]   value   the lock's holder, in phase 3
 *                         tid     (sequence * cores + core) << 1 | lock; whoever locks or unlocks the record
 *             next        every core: the next transaction to execute
 *             tids        committing writers: the last sequence drawn    (only with `tid: counter`)
 *             turns       see parts/turn.ts                              (only with `order: preset`)
 *
 * Invariants  I1  A record's value changes only while its lock is held, and its TID changes with it. By
 *                 phase 3. Hence a value between two loads of the same unlocked TID is that version's.
 *             I2  A TID names one transaction: the sequence of a core only grows, and the core is in it; or it
 *                 was drawn from a counter. Of a key's TIDs each is larger than the one it replaces: it is
 *                 chosen above it, or drawn after it while the lock is held.
 *             I3  At the serialization point all records that are written are locked, and phase 2 finds those
 *                 that were read unchanged since and not locked by others; so both sets are as of this point.
 *                 (Section 4.4, with figure 3 for why the order of phases 1 and 2 matters.)
 *             I4  Preset order: a transaction commits in its turn, after all before it, and in that time nobody
 *                 else locks or installs. So what it validates is what they left; and an attempt that starts
 *                 in its turn reads that and nothing else, so it is never aborted. Asserted in transactInTurn.
 *
 * Departures  D1  No epochs, logging or garbage collection: nothing has to survive a crash, and records are
 *                 never removed. The serialization point is the end of phase 1 instead of reading the epoch.
 *             D2  The sequence is bounded by 2^30 / cores; a block has fewer transactions than that.
 *             D3  Waiting for a locked record parks the core after a spin.
 *             D4  Randomized back-off after an abort (an option; the paper retries at once).
 *             D5  `tid: counter` is the paper's MemSilo+GlobalTID (figure 4): the same protocol, but a writer
 *                 that passed phase 2 draws its number from one shared word. Read-only transactions draw none.
 *             D6  `order: preset` is not the paper's: its transactions have no order to keep.
 *
 * Cost notes  A read costs two loads of the TID and one of the value, on one line. No access to shared memory
 *             writes unless the transaction does. What hurts: hot written records (validation fails), and
 *             the one counter that hands out transactions. The counter of TIDs is a second such word, taken
 *             while locks are held. In preset order a core is idle until its turn, and an attempt that fails
 *             there is executed again while all others wait: conflicts then cost the block its parallelism.
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
  type Words,
  z,
} from './algorithm.ts';
import { AccessSet } from './parts/access-set.ts';
import { Backoff } from './parts/backoff.ts';
import { Dispenser } from './parts/dispenser.ts';
import { ReadLog } from './parts/read-log.ts';
import { Turn } from './parts/turn.ts';

const LOCK = 1;

interface Options {
  readonly backoff: number;
  readonly tid: 'decentralized' | 'counter';
  readonly order: 'any' | 'preset';
}

type Rows = Views<{ value: 'value'; tid: 'word' }>;

class Silo implements Instance {
  readonly context: Context<Options>;
  readonly rows: Rows;
  readonly dispenser: Dispenser;
  readonly tids: Words | undefined;
  readonly turn: Turn | undefined;

  constructor(context: Context<Options>) {
    const { memory, block, cores, options } = context;
    this.context = context;
    this.rows = memory.records('rows', block.keys, { value: 'value', tid: 'word' });
    this.dispenser = new Dispenser(memory, block.transactions);
    if (options.tid === 'counter') this.tids = memory.words('tids', 1, 'padded');
    if (options.order === 'preset') this.turn = new Turn(memory, cores);
  }

  load(): void {
    const { initial } = this.context.block;
    for (let key = 0; key < initial.length; key++) this.rows.value.poke(key, initial[key]);
  }

  *run(core: Core): Steps<void> {
    const worker = new Worker(this, core);
    for (let t = yield* this.dispenser.take(); t >= 0; t = yield* this.dispenser.take()) {
      if (this.turn === undefined) yield* worker.transact(t);
      else yield* worker.transactInTurn(t, this.turn);
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
  readonly #tids: Words | undefined;
  readonly #R: ReadLog;
  readonly #W: AccessSet;
  readonly #backoff: Backoff;
  /** For each entry of W: the TID that it replaces, known once it is locked. */
  readonly #replaced: Int32Array;
  #sequence = 0;

  constructor(silo: Silo, core: Core) {
    const { block, options } = silo.context;
    this.#core = core;
    this.#rows = silo.rows;
    this.#tids = silo.tids;
    this.#R = new ReadLog(block.maxReads);
    this.#W = new AccessSet(block.maxWrites);
    this.#backoff = new Backoff(options.backoff);
    this.#replaced = new Int32Array(block.maxWrites);
  }

  *transact(t: number): Steps<void> {
    this.#backoff.reset();
    for (;;) {
      yield* this.#execute(t);
      if (yield* this.#commit()) break;
      this.#core.abort('validation');
      this.#backoff.wait(this.#core);
    }
    this.#core.commit(t);
  }

  /** The same in preset order: executes ahead of its turn, commits in its turn (I4). */
  *transactInTurn(t: number, turn: Turn): Steps<void> {
    let early = true; // whether the attempt started before the turn
    for (;;) {
      yield* this.#execute(t);
      yield* turn.wait(t);
      if (yield* this.#commit()) break;
      if (!early) throw new Error(`[I4] transaction ${t} was disturbed in its turn`);
      early = false;
      this.#core.abort('validation');
    }
    yield* turn.pass(t); // after the last write is installed
    this.#core.commit(t);
  }

  /** One attempt, up to its commit. */
  *#execute(t: number): Steps<void> {
    this.#core.begin(t);
    this.#R.clear();
    this.#W.clear();
    if ((yield* this.#core.execute(t, this)) === REVERTED) this.#W.clear();
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
      this.#R.add(key, before);
      return result;
    }
  }

  *write(key: number, value: number): Steps<void> {
    this.#W.put(key, value);
  }

  /** Figure 2. False if the attempt has to be aborted; then nothing was changed. */
  *#commit(): Steps<boolean> {
    yield* this.#lock();
    this.#core.phase('validate');
    // Serialization point: all of W is locked, none of R is validated yet (I3).
    if (!(yield* this.#validate())) {
      yield* this.#unlock();
      return false;
    }
    this.#core.phase('commit');
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

  /** Phase 2. Of a key that was read in two versions one is no longer there. */
  *#validate(): Steps<boolean> {
    const { keys, versions, size } = this.#R;
    for (let i = 0; i < size; i++) {
      const word = yield* this.#rows.tid.load(keys[i]);
      if ((word & ~LOCK) !== versions[i]) return false;
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
    const commitTid = size > 0 ? yield* this.#newTid() : 0;
    for (let i = 0; i < this.#R.size; i++) this.#core.witnessRead(this.#R.keys[i], this.#R.versions[i]);
    for (let i = 0; i < size; i++) {
      this.#core.witnessWrite(keys[i], commitTid, this.#replaced[i]);
      yield* value.store(keys[i], values[i]);
      // Unlocks; after the value, so that whoever sees the new TID sees the new value (I1).
      yield* tid.store(keys[i], commitTid);
      yield* tid.wake(keys[i]);
    }
  }

  *#newTid(): Steps<number> {
    if (this.#tids === undefined) return this.#chooseTid();
    return ((yield* this.#tids.add(0, 1)) + 1) << 1;
  }

  /** Section 4.2: larger than every TID read or replaced, and than the last one of this core. */
  #chooseTid(): number {
    const { count, id } = this.#core;
    let largest = 0;
    for (let i = 0; i < this.#R.size; i++) largest = Math.max(largest, this.#R.versions[i]);
    for (let i = 0; i < this.#W.size; i++) largest = Math.max(largest, this.#replaced[i]);
    this.#sequence = Math.max(this.#sequence, Math.floor((largest >> 1) / count)) + 1;
    return (this.#sequence * count + id) << 1;
  }
}

export default defineAlgorithm({
  name: 'silo',
  summary: 'optimistic: lock the write set, validate the read set, install; no central counter',
  source:
    'Tu, Zheng, Kohler, Liskov, Madden: Speedy Transactions in Multicore In-Memory Databases. SOSP 2013',
  guarantee: ({ order }) => (order === 'preset' ? 'block-order' : 'serializable'),
  witness: ({ order }) => (order === 'preset' ? 'preset' : 'versions'),
  options: z.strictObject({
    backoff: z
      .int()
      .min(0)
      .max(1_000_000)
      .default(100)
      .describe(
        'units of work to wait after a first abort, at most; 0: none (without effect in preset order)',
      ),
    tid: z
      .enum(['decentralized', 'counter'])
      .default('decentralized')
      .describe(
        'where transaction ids come from: what the transaction saw (the paper), or one shared counter',
      ),
    order: z
      .enum(['any', 'preset'])
      .default('any')
      .describe('the serial order: any, or that of the block, in which transactions then commit one by one'),
  }),
  aborts: ['validation'],
  create: (context) => new Silo(context),
});

/**
 * TL2: transactional memory with a global version clock.
 * Note the clock at the start and read nothing newer; at the end lock what is to be written, draw a version
 * from the clock, check that what was read is still not newer, and write back.
 *
 * Paper       Dice, Shalev, Shavit: Transactional Locking II. DISC 2006, doi:10.1007/11864219_14. Section 2.1,
 *             write transactions and low-cost read-only transactions. The clocks gv4, gv5 and gv6 are from the
 *             release notes and the source of the authors' own library.
 * Guarantee   Serializable; in block order with order=preset. Writers serialize where they draw their version,
 *             read-only transactions where they note the clock.
 *             Opaque: no attempt, whatever becomes of it, sees an inconsistent state (I4).
 *             No deadlock: locks are taken in key order, and nobody waits for one while validating. A transaction
 *             may starve, and those that read what the others write can even make each other fail for ever: two
 *             with gv5, three with gv1 and gv4, where I5 lets one of two in step commit. Back-off makes both
 *             unlikely, and order=preset rules them out: from its turn on a transaction is alone, and fails in
 *             validation once at most.
 *
 * Words       rv      read version: the clock when the attempt began
 *             wv      write version: of all that the transaction writes
 *             lock    the versioned write-lock of a key
 *             clock   gv1   a writer adds one to it
 *                     gv4   pass on failure: a writer tries once; if another got in first, it adopts the clock
 *                           as that one left it
 *                     gv5   a writer takes the next version but leaves the clock; whoever aborts on a version
 *                           from beyond the clock moves the clock there
 *                     gv6   as gv5, but about one writer in 32 moves the clock to its version
 *
 * Layout      rows[key]   value   the lock's holder, in write-back
 *                         lock    version << 1 | locked; whoever locks or unlocks the key
 *             clock       writers, before they validate; gv5: those who abort; gv6: both
 *             next        every core: the next transaction to execute
 *             turns       order=preset: see parts/turn.ts
 *
 * Invariants  I1  A key's value changes only while it is locked, and its version changes with it. By write-back.
 *                 Hence a value between two loads of the same unlocked word is that version's.
 *             I2  A writer draws wv while all it writes is locked, and wv exceeds the clock as it is then. So an
 *                 attempt with rv >= wv began when those locks were held already, and sees all of these writes;
 *                 a key that is locked after an attempt noted rv gets a version above rv, and it sees none.
 *             I3  A key's versions grow, so each names one write. gv1 and gv4: whoever overwrites a version locked
 *                 the key after the clock had reached it. gv5 and gv6: wv also exceeds the versions that it
 *                 replaces.
 *             I4  All that an attempt has read is one state: that of the moment when it noted rv, with the
 *                 writers complete that had drawn a version up to rv. By I2, as no read returns a version above
 *                 rv.
 *             I5  If wv = rv + 1, and it was this writer that moved the clock from rv, then whoever else writes
 *                 what it has read draws a version, and validates, only after that, and finds this one's locks.
 *                 So there is nothing to validate. (Section 2.1, step 5. Not for an adopted version, nor for
 *                 gv5 and gv6: there two that read one another's keys can have the same wv.)
 *
 * Departures  D1  One lock a key, beside its value, instead of a table of locks hashed by address.
 *             D2  Locks are taken in key order and waited for, instead of tried in any order with bounded spinning.
 *                 A reader waits for a locked key too, instead of aborting at once.
 *             D3  Whether a transaction only reads is found at its end, so read-only ones keep a read set; the
 *                 witness needs it, and order=preset validates it.
 *             D4  Randomized back-off after an abort (an option; the paper retries at once).
 *             D5  gv5 and gv6 take care of I3 where the library only does so for some versions; and a writer that
 *                 moves the clock with gv6 does not adopt another's version.
 *             D6  order=preset is not of the paper: a transaction waits for its turn before it locks.
 *             D7  The paper's own clock with less contention (section 2.2, a number of the thread in each version)
 *                 is left out: the library has the above instead.
 *
 * Cost notes  A read costs two loads of the lock and one of the value, on one line. The clock is one line: each
 *             attempt reads it, and with gv1 and gv4 each writer moves it, so it bounds short transactions on
 *             many cores. gv5 spares the writes, and pays with an abort for most reads of what was just written; gv6
 *             pays less often.
 *             With order=preset a conflict shows only at a transaction's turn, and what is executed again then
 *             is executed while all others wait.
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
  type Words,
  z,
} from './algorithm.ts';
import { AccessSet } from './parts/access-set.ts';
import { Backoff } from './parts/backoff.ts';
import { Dispenser } from './parts/dispenser.ts';
import { ReadLog } from './parts/read-log.ts';
import { Turn } from './parts/turn.ts';

const LOCK = 1;
/** With gv6 one writer in so many moves the clock. */
const GV6_MOVES = 32;

interface Options {
  readonly clock: 'gv1' | 'gv4' | 'gv5' | 'gv6';
  readonly order: 'any' | 'preset';
  readonly backoff: number;
}

type Rows = Views<{ value: 'value'; lock: 'word' }>;

class Tl2 implements Instance {
  readonly context: Context<Options>;
  readonly rows: Rows;
  readonly clock: Words;
  readonly turn: Turn | undefined;
  readonly dispenser: Dispenser;

  constructor(context: Context<Options>) {
    const { memory, block, cores, options } = context;
    this.context = context;
    this.rows = memory.records('rows', block.keys, { value: 'value', lock: 'word' });
    this.clock = memory.words('clock', 1, 'padded');
    this.turn = options.order === 'preset' ? new Turn(memory, cores) : undefined;
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

/** One core's part: rv, its read set R and its write set W. */
class Worker implements View {
  readonly #core: Core;
  readonly #rows: Rows;
  readonly #clock: Words;
  readonly #turn: Turn | undefined;
  readonly #kind: Options['clock'];
  /** Whether there are versions beyond the clock: gv5 and gv6. */
  readonly #lazy: boolean;
  /** The version that each key was read in. */
  readonly #R: ReadLog;
  readonly #W: AccessSet;
  readonly #backoff: Backoff;
  /** For each entry of W: the version that it replaces, known once it is locked. */
  readonly #replaced: Int32Array;
  #rv = 0;
  /** Whether this core's writer itself moved the clock to wv. */
  #moved = false;
  /** The version above rv that the attempt aborted on; 0: it was something else. */
  #beyond = 0;

  constructor({ context, rows, clock, turn }: Tl2, core: Core) {
    const { block, options } = context;
    this.#core = core;
    this.#rows = rows;
    this.#clock = clock;
    this.#turn = turn;
    this.#kind = options.clock;
    this.#lazy = options.clock === 'gv5' || options.clock === 'gv6';
    this.#R = new ReadLog(block.maxReads);
    this.#W = new AccessSet(block.maxWrites);
    this.#backoff = new Backoff(options.backoff);
    this.#replaced = new Int32Array(block.maxWrites);
  }

  *transact(t: number): Steps<void> {
    this.#backoff.reset();
    while (!(yield* this.#attempt(t))) {
      // If nobody moves the clock for each version, nobody need have interfered: the version was beyond it.
      if (!this.#lazy || !(yield* this.#moveClock())) this.#backoff.wait(this.#core);
    }
    this.#core.commit(t);
    if (this.#turn !== undefined) yield* this.#turn.pass(t);
  }

  *#attempt(t: number): Steps<boolean> {
    this.#core.begin(t);
    this.#R.clear();
    this.#W.clear();
    this.#beyond = 0;
    // Serialization point of a transaction that only reads.
    this.#rv = yield* this.#clock.load(0);
    const outcome = yield* this.#core.execute(t, this);
    if (outcome === REVERTED) this.#W.clear();
    if (outcome !== ABORTED && (yield* this.#commit(t))) return true;
    this.#core.abort(outcome === ABORTED ? 'read' : 'validation');
    return false;
  }

  *read(key: number): Steps<number> {
    const own = this.#W.find(key);
    if (own >= 0) return this.#W.values[own];
    const { lock, value } = this.#rows;
    for (;;) {
      const before = yield* lock.load(key);
      if ((before & LOCK) !== 0) {
        yield* lock.waitWhile(key, before);
        continue;
      }
      const version = before >> 1;
      if (version > this.#rv) {
        this.#beyond = version;
        throw ABORT;
      }
      const result = yield* value.load(key);
      // Post-validation, after the value: it shows that the value is of this version (I1).
      if ((yield* lock.load(key)) !== before) continue;
      this.#R.add(key, version);
      return result;
    }
  }

  *write(key: number, value: number): Steps<void> {
    this.#W.put(key, value);
  }

  /** False if the attempt has to be aborted; then nothing was changed. */
  *#commit(t: number): Steps<boolean> {
    if (this.#turn !== undefined) {
      yield* this.#turn.wait(t);
    } else if (this.#W.size === 0) {
      this.#logReads();
      return true;
    }
    yield* this.#lock();
    this.#moved = false;
    const wv = this.#W.size > 0 ? yield* this.#drawVersion() : 0;
    this.#core.phase('validate');
    // Serialization point: all of W is locked, none of R is validated yet.
    if (!(this.#moved && wv === this.#rv + 1) && !(yield* this.#validate())) {
      yield* this.#unlock();
      return false;
    }
    this.#core.phase('commit');
    this.#logReads();
    yield* this.#writeBack(wv);
    return true;
  }

  /** In key order, or two committers could wait for each other. */
  *#lock(): Steps<void> {
    const { lock } = this.#rows;
    const { keys, size } = this.#W;
    this.#W.sort();
    for (let i = 0; i < size; i++) {
      const key = keys[i];
      for (;;) {
        const word = yield* lock.load(key);
        if ((word & LOCK) !== 0) yield* lock.waitWhile(key, word);
        else if ((yield* lock.compareExchange(key, word, word | LOCK)) === word) {
          this.#replaced[i] = word >> 1;
          break;
        }
      }
    }
  }

  /** wv, while all of W is locked (I2). */
  *#drawVersion(): Steps<number> {
    if (this.#kind === 'gv1') {
      this.#moved = true;
      return (yield* this.#clock.add(0, 1)) + 1;
    }
    const seen = yield* this.#clock.load(0);
    if (this.#kind === 'gv4') {
      const before = yield* this.#clock.compareExchange(0, seen, seen + 1);
      this.#moved = before === seen;
      return this.#moved ? seen + 1 : before;
    }
    let latest = seen;
    for (let i = 0; i < this.#W.size; i++) latest = Math.max(latest, this.#replaced[i]);
    const wv = latest + 1;
    if (this.#kind === 'gv6' && this.#core.random(GV6_MOVES) === 0) {
      yield* this.#clock.compareExchange(0, seen, wv);
    }
    return wv;
  }

  /** Whether all of R is as it was read, and not locked by another. */
  *#validate(): Steps<boolean> {
    const { keys, size } = this.#R;
    for (let i = 0; i < size; i++) {
      const word = yield* this.#rows.lock.load(keys[i]);
      if ((word & LOCK) !== 0 && this.#W.find(keys[i]) < 0) return false;
      if (word >> 1 > this.#rv) {
        this.#beyond = word >> 1;
        return false;
      }
    }
    return true;
  }

  *#unlock(): Steps<void> {
    const { lock } = this.#rows;
    const { keys, size } = this.#W;
    for (let i = 0; i < size; i++) {
      yield* lock.store(keys[i], this.#replaced[i] << 1);
      yield* lock.wake(keys[i]);
    }
  }

  *#writeBack(wv: number): Steps<void> {
    const { lock, value } = this.#rows;
    const { keys, values, size } = this.#W;
    for (let i = 0; i < size; i++) {
      this.#core.witnessWrite(keys[i], wv, this.#replaced[i]);
      yield* value.store(keys[i], values[i]);
      // Unlocks; after the value, so that whoever sees the new version sees the new value (I1).
      yield* lock.store(keys[i], wv << 1);
      yield* lock.wake(keys[i]);
    }
  }

  /** gv5 and gv6, after an abort: moves the clock to the version that was beyond it. Whether it did. */
  *#moveClock(): Steps<boolean> {
    if (this.#beyond === 0) return false;
    return (yield* this.#clock.compareExchange(0, this.#rv, this.#beyond)) === this.#rv;
  }

  #logReads(): void {
    const { keys, versions, size } = this.#R;
    for (let i = 0; i < size; i++) this.#core.witnessRead(keys[i], versions[i]);
  }
}

export default defineAlgorithm({
  name: 'tl2',
  summary: 'transactional memory: a global version clock, a versioned lock a key, write-back at commit',
  source: 'Dice, Shalev, Shavit: Transactional Locking II. DISC 2006',
  guarantee: ({ order }) => (order === 'preset' ? 'block-order' : 'serializable'),
  witness: 'versions',
  opaque: true,
  options: z.strictObject({
    clock: z
      .enum(['gv1', 'gv4', 'gv5', 'gv6'])
      .default('gv1')
      .describe(
        'each writer moves the clock (gv1), adopts the version of one that did first (gv4), leaves it (gv5), ' +
          'or leaves it but for one time in 32 (gv6)',
      ),
    order: z
      .enum(['any', 'preset'])
      .default('any')
      .describe('serialize in any order, or commit in the order of the block'),
    backoff: z
      .int()
      .min(0)
      .max(1_000_000)
      .default(100)
      .describe('units of work to wait after a first abort, at most; 0: none'),
  }),
  aborts: ['read', 'validation'],
  create: (context) => new Tl2(context),
});

/**
 * Snapshot isolation: read the state as it was when the transaction began; of two that overlap and write the
 * same key, the first committer wins. A control: two that read what the other writes, but write different keys,
 * both commit (write skew), and verification has to reject such a run.
 *
 * Paper       Berenson, Bernstein, Gray, Melton, O'Neil, O'Neil: A Critique of ANSI SQL Isolation Levels. SIGMOD
 *             1995, doi:10.1145/223784.223785. Section 4.2.
 * Guarantee   Snapshot isolation, not serializable. Of the anomalies only G2 occurs: in every cycle two
 *             anti-dependencies follow one another (Fekete, Liarokapis, O'Neil, O'Neil, Shasha: Making Snapshot
 *             Isolation Serializable. ACM TODS 30(2), 2005).
 *             Every attempt sees one snapshot. No deadlock: locks are taken in key order. Somebody always
 *             commits, since an attempt aborts only on what was committed while it ran: a commit costs each other
 *             core one attempt at most. One transaction may starve.
 *
 * Words       start    start timestamp: how many writers had drawn a commit timestamp
 *             commit   commit timestamp: of all versions that the transaction writes
 *
 * Layout      rows[key]    value      the initial one, never written
 *                          head       (latest entry + 1) << 1 | locked; 0 is the initial value. Whoever locks it
 *             entries[e]   value, timestamp, previous: a version, and the one before it as in a head. Entries
 *                          t * maxWrites … are transaction t's; written once, before a head leads to them
 *             clock        writers that commit
 *             next         every core: the next transaction to execute
 *
 * Invariants  I1  From a head, timestamps fall. Heads are replaced under their lock, by writers that drew
 *                 their timestamp after they had locked it.
 *             I2  A timestamp up to `start` was drawn before the attempt began, while all that its writer
 *                 writes was locked. So the attempt finds each of these keys locked, or the new version there.
 *             I3  A writer that commits finds no version newer than its start on any key that it has
 *                 locked: nobody overwrote, since it began, what it overwrites. (First committer wins.)
 *
 * Departures  D1  A key that is locked is waited for by readers too, while its writer installs; in the paper
 *                 readers never wait. It saves an order of publication among writers.
 *             D2  Old versions are kept until the end of the block: blocks are finite.
 *
 * Cost notes  A read costs a load of the head and two of a version, more when newer versions are in front. The
 *             clock is read by each attempt and moved by each writer.
 */
import {
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
import { Dispenser } from './parts/dispenser.ts';

const LOCK = 1;

/** No version: the initial value, in the place of an entry + 1. */
const INITIAL = 0;

type Rows = Views<{ value: 'value'; head: 'word' }>;
type Entries = Views<{ value: 'value'; timestamp: 'word'; previous: 'word' }>;

class SnapshotIsolation implements Instance {
  readonly context: Context<unknown>;
  readonly rows: Rows;
  readonly entries: Entries;
  readonly clock: Words;
  readonly dispenser: Dispenser;

  constructor(context: Context<unknown>) {
    const { memory, block } = context;
    this.context = context;
    this.rows = memory.records('rows', block.keys, { value: 'value', head: 'word' });
    this.entries = memory.records('entries', block.transactions * block.maxWrites, {
      value: 'value',
      timestamp: 'word',
      previous: 'word',
    });
    this.clock = memory.words('clock', 1, 'padded');
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
    const latest = this.rows.head.peek(key) >> 1;
    return latest === INITIAL ? this.rows.value.peek(key) : this.entries.value.peek(latest - 1);
  }
}

/** One core's part: its start timestamp, the versions that it read, and its write set. */
class Worker implements View {
  readonly #core: Core;
  readonly #rows: Rows;
  readonly #entries: Entries;
  readonly #clock: Words;
  readonly #maxWrites: number;
  /** The version (entry + 1) that each key was read in. */
  readonly #reads: AccessSet;
  readonly #writes: AccessSet;
  /** For each write: the version that it replaces, known once it is locked. */
  readonly #replaced: Int32Array;
  #start = 0;

  constructor({ context, rows, entries, clock }: SnapshotIsolation, core: Core) {
    const { maxReads, maxWrites } = context.block;
    this.#core = core;
    this.#rows = rows;
    this.#entries = entries;
    this.#clock = clock;
    this.#maxWrites = maxWrites;
    this.#reads = new AccessSet(maxReads);
    this.#writes = new AccessSet(maxWrites);
    this.#replaced = new Int32Array(maxWrites);
  }

  *transact(t: number): Steps<void> {
    while (!(yield* this.#attempt(t))) this.#core.abort('first committer wins');
    this.#core.commit(t);
  }

  *#attempt(t: number): Steps<boolean> {
    this.#core.begin(t);
    this.#reads.clear();
    this.#writes.clear();
    this.#start = yield* this.#clock.load(0);
    const outcome = yield* this.#core.execute(t, this);
    if (outcome === ABORTED) return false;
    if (outcome === REVERTED) this.#writes.clear();
    if (!(yield* this.#lock())) return false;
    this.#logReads();
    yield* this.#install(t);
    return true;
  }

  *read(key: number): Steps<number> {
    const own = this.#writes.find(key);
    if (own >= 0) return this.#writes.values[own];
    const { value, timestamp, previous } = this.#entries;
    let version = (yield* this.#unlockedHead(key)) >> 1;
    while (version !== INITIAL && (yield* timestamp.load(version - 1)) > this.#start) {
      version = yield* previous.load(version - 1);
    }
    if (this.#reads.find(key) < 0) this.#reads.add(key, version);
    return version === INITIAL ? yield* this.#rows.value.load(key) : yield* value.load(version - 1);
  }

  *write(key: number, value: number): Steps<void> {
    this.#writes.put(key, value);
  }

  /** A key's head, once nobody installs a version there. Whoever unlocks it wakes. */
  *#unlockedHead(key: number): Steps<number> {
    for (;;) {
      const head = yield* this.#rows.head.load(key);
      if ((head & LOCK) === 0) return head;
      yield* this.#rows.head.waitWhile(key, head);
    }
  }

  /**
   * Locks all that is to be written, in key order, or two committers could wait for each other. False, with
   * nothing locked, if another has committed to one of the keys since the start.
   */
  *#lock(): Steps<boolean> {
    const { keys, size } = this.#writes;
    this.#writes.sort();
    for (let i = 0; i < size; i++) {
      if (yield* this.#lockHead(keys[i], i)) continue;
      yield* this.#unlock(i);
      return false;
    }
    return true;
  }

  /** Locks the key of write i, unless another has committed to it since the start. */
  *#lockHead(key: number, i: number): Steps<boolean> {
    for (;;) {
      const head = yield* this.#unlockedHead(key);
      const version = head >> 1;
      if (version !== INITIAL && (yield* this.#entries.timestamp.load(version - 1)) > this.#start)
        return false;
      // After the check: the exchange shows that this version is still the latest (I3). Whoever has lost takes no
      // lock, and is in nobody's way.
      if ((yield* this.#rows.head.compareExchange(key, head, head | LOCK)) === head) {
        this.#replaced[i] = version;
        return true;
      }
    }
  }

  /** Puts the first `count` heads back. */
  *#unlock(count: number): Steps<void> {
    const { head } = this.#rows;
    for (let i = 0; i < count; i++) {
      const key = this.#writes.keys[i];
      yield* head.store(key, this.#replaced[i] << 1);
      yield* head.wake(key);
    }
  }

  *#install(t: number): Steps<void> {
    const { keys, values, size } = this.#writes;
    if (size === 0) return;
    // After all of the writes are locked (I2).
    const commit = (yield* this.#clock.add(0, 1)) + 1;
    for (let i = 0; i < size; i++) {
      const entry = t * this.#maxWrites + i;
      this.#core.witnessWrite(keys[i], entry + 1, this.#replaced[i]);
      yield* this.#entries.value.store(entry, values[i]);
      yield* this.#entries.timestamp.store(entry, commit);
      yield* this.#entries.previous.store(entry, this.#replaced[i]);
      // Unlocks; after the entry is complete, for readers follow the head to it.
      yield* this.#rows.head.store(keys[i], (entry + 1) << 1);
      yield* this.#rows.head.wake(keys[i]);
    }
  }

  #logReads(): void {
    const { keys, values, size } = this.#reads;
    for (let i = 0; i < size; i++) this.#core.witnessRead(keys[i], values[i]);
  }
}

export default defineAlgorithm({
  name: 'snapshot-isolation',
  summary:
    'multi-version snapshots, first committer wins: a control, which verification must reject for write skew',
  source:
    "Berenson, Bernstein, Gray, Melton, O'Neil, O'Neil: A Critique of ANSI SQL Isolation Levels. SIGMOD 1995",
  guarantee: 'snapshot-isolation',
  witness: 'versions',
  opaque: true,
  options: z.strictObject({}),
  aborts: ['first committer wins'],
  create: (context) => new SnapshotIsolation(context),
});

/**
 * Two-phase locking: a transaction locks each key before it touches it, shared to read and exclusive to write,
 * and lets go of its locks when it has ended.
 *
 * Papers      Eswaran, Gray, Lorie, Traiger: The Notions of Consistency and Predicate Locks in a Database
 *             System. CACM 19(11), 1976, doi:10.1145/360363.360369: two phases suffice.
 *             Bernstein, Hadzilacos, Goodman: Concurrency Control and Recovery in Database Systems.
 *             Addison-Wesley 1987, chapter 3: the strict variant, conversions, deadlocks.
 *             The deadlock policies: policy.ts. Locks and queues: lock-table.ts. Waiting: locker.ts.
 * Guarantee   Serializable, in the order of the serialization points, which lie between the last lock and the
 *             first release. With order=preset in the block's order.
 *             Deadlock-free by the policy. wait-die, wound-wait and detection (but for a stale cycle, W3 in
 *             waits-for.ts) never make the oldest transaction under way give up, nor does any policy with
 *             order=preset, and retries keep their age; so nobody starves. With ordered nobody gives up at all.
 *             no-wait promises nothing: two that lock the same keys in opposite orders can refuse each other for
 *             ever; back-off makes that unlikely. A timeout makes anybody give up.
 *             Opaque: nobody ever sees a value of a transaction that may still be undone, nor values that were
 *             not there together; so even a doomed attempt sees what some serial execution shows.
 *
 * Words       shared, exclusive   the modes of a lock; an upgrade goes from the one to the other
 *             wound               to make another transaction give up
 *             age                 the place in the block, or a timestamp (timestamps=…): the smaller, the older
 *
 * Layout      rows, lockers       see lock-table.ts
 *             next                every core: the next transaction to execute; with dispatch=counter
 *             turns               see parts/turn.ts; with order=preset
 *             Private to a core: the keys it holds, with mode, value and whether that was read or written.
 *
 * Invariants  I1  Two phases: no lock is taken after one was released, and none is released before the attempt
 *                 is committed or given up. `#release` is called in these two places only.
 *             I2  Values and versions change only under an exclusive lock, after the serialization point. So
 *                 what is read under a lock stays as it is, and is read from shared memory once.
 *             I3  An attempt that was wounded does not commit: its signal decides, by compare-and-swap.
 *             I4  With order=preset a transaction that waits for its turn stands in no older one's way: the
 *                 older one wounds it (policy.ts). So the transaction whose turn it is waits only for who is
 *                 giving way.
 *             I5  With order=preset a transaction fails 8 times at most: after that it waits for its turn, holding
 *                 nothing, and then gives way to nobody (K5). So those that are refused do not keep busy the
 *                 processor that the one they are refused for may need.
 *
 * Departures  D1  Writes go to a private buffer, under the exclusive lock, instead of into the row with a copy
 *                 to undo them by: giving up undoes nothing.
 *             D2  Ages are places in the block: unique, known beforehand, and free; where a policy prefers the
 *                 older one, it prefers the block's order. Timestamps, as in the papers, are an option: one is
 *                 drawn at a transaction's first attempt where the policy goes by age, and not in preset order.
 *             D3  wait-die: a reader that would pass a waiting writer older than itself gives up (DBx1000 lets
 *                 it pass).
 *             D4  detection: the waits-for graph is read from the lock table when it is needed, and the victim
 *                 is the youngest on the cycle. (DBx1000 keeps the graph in lists of each thread, searches
 *                 every so often, and picks who holds the fewest locks.)
 *             D5  A retry reads in exclusive mode what an earlier attempt went on to write
 *                 (upgrades=remembered). Otherwise two transactions that read a hot key and then write it
 *                 refuse one another the upgrade again and again; under no-wait 32 cores on two keys come next
 *                 to a standstill. In the papers' workloads a write asks for the exclusive lock at once, and
 *                 upgrades do not occur; so it is here with upgrades=declared.
 *             D6  ordered: the access sets are those that the workload declares, all locked before the
 *                 procedure starts. A workload that cannot tell them, declaring all keys, runs one by one.
 *
 * Cost notes  A lock without queue costs one atomic access to take and one to release, on the line where the
 *             value is; in shared mode also a look, and a name where the policy asks for names. So reads write
 *             shared memory: that is what readers of a hot key pay beside optimistic algorithms. Whoever waits
 *             is handed the lock: a wake-up and some four transfers. Where age matters the queue is walked, a
 *             transfer a waiter. A wounded transaction computes on until it asks for its next lock.
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
  z,
} from '../algorithm.ts';
import { AccessSet } from '../parts/access-set.ts';
import { Backoff } from '../parts/backoff.ts';
import { type AccessSets, declaredSets, type KeySets, slotOf } from '../parts/declared-sets.ts';
import { type Dispatch, Dispatcher, dispatchOption, Queue } from '../parts/dispatch.ts';
import { copyOption } from '../parts/row-copy.ts';
import {
  ALLOCATIONS,
  type Allocation,
  batchOption,
  TimestampSource,
  Timestamps,
} from '../parts/timestamps.ts';
import { Turn } from '../parts/turn.ts';
import { HeldLocks, READ, VALUED, WRITTEN } from './held-locks.ts';
import { EXCLUSIVE, LockTable, type Mode, SHARED, UPGRADE } from './lock-table.ts';
import { Locker } from './locker.ts';
import {
  CAUSES,
  type Cause,
  ORDERS,
  type Order,
  POLICIES,
  type Policy,
  type PolicyName,
  policyOf,
} from './policy.ts';

/** With order=preset: the failures after which a transaction waits for its turn before it tries again. */
const MOST_EARLY = 8;

interface Options {
  readonly policy: PolicyName;
  readonly order: Order;
  readonly upgrades: 'remembered' | 'plain' | 'declared';
  readonly timeout: number;
  readonly backoff: number;
  readonly timestamps: 'none' | Allocation;
  readonly batch: number;
  readonly copy: number;
  readonly dispatch: Dispatch;
}

class TwoPhaseLocking implements Instance {
  readonly context: Context<Options>;
  readonly policy: Policy;
  readonly table: LockTable;
  readonly turn: Turn | undefined;
  /** Where ages come from, if not from places in the block. */
  readonly ages: TimestampSource | undefined;
  readonly #dispatcher: Dispatcher;

  constructor(context: Context<Options>) {
    const { memory, block, cores, options } = context;
    this.context = context;
    this.policy = policyOf(options.policy, options.order);
    this.table = new LockTable(memory, block.keys, cores, this.policy.byAge || this.policy.detects);
    this.#dispatcher = new Dispatcher(memory, block.transactions, options.dispatch);
    if (options.timestamps !== 'none' && options.order === 'any' && this.policy.byAge) {
      this.ages = new TimestampSource(memory, cores, options.timestamps, options.batch);
    }
    this.turn = options.order === 'preset' ? new Turn(memory, cores) : undefined;
  }

  load(): void {
    const { initial } = this.context.block;
    for (let key = 0; key < initial.length; key++) this.table.rows.value.poke(key, initial[key]);
  }

  *run(core: Core): Steps<void> {
    const worker = new Worker(this, core);
    const queue = new Queue(this.#dispatcher, core);
    for (let t = yield* queue.take(); t >= 0; t = yield* queue.take()) yield* worker.transact(t);
  }

  state(key: number): number {
    return this.table.rows.value.peek(key);
  }
}

/** One core's part. */
class Worker implements View {
  readonly #core: Core;
  readonly #table: LockTable;
  readonly #turn: Turn | undefined;
  readonly #locker: Locker;
  readonly #held: HeldLocks;
  readonly #sets: AccessSets | undefined;
  /** What the transaction declares to write, where that decides the mode of a read. */
  readonly #intended: KeySets | undefined;
  readonly #ages: Timestamps | undefined;
  readonly #copy: number;
  readonly #backoff: Backoff;
  readonly #remembers: boolean;
  /** Keys that earlier attempts at the transaction locked in exclusive mode, or asked for. */
  readonly #wanted: AccessSet;
  #transaction = 0;
  #cause: Cause = 'conflict';

  constructor({ ages, context, policy, table, turn }: TwoPhaseLocking, core: Core) {
    const { block, options } = context;
    this.#core = core;
    this.#table = table;
    this.#turn = turn;
    this.#locker = new Locker(core, table, policy, turn, options.timeout);
    this.#sets = options.policy === 'ordered' ? declaredSets(block) : undefined;
    this.#held = new HeldLocks(block.maxReads + block.maxWrites);
    this.#intended = options.upgrades === 'declared' ? declaredSets(block).writes : undefined;
    this.#ages = ages && new Timestamps(ages, core);
    this.#copy = options.copy;
    this.#backoff = new Backoff(options.backoff);
    this.#remembers = options.upgrades === 'remembered';
    this.#wanted = new AccessSet(block.maxWrites);
  }

  *transact(t: number): Steps<void> {
    this.#backoff.reset();
    this.#wanted.clear();
    this.#transaction = t;
    let age = this.#ages === undefined ? t : 0;
    let due = false; // whether the turn is known to have come
    for (let failures = 1; ; failures++) {
      this.#core.begin(t);
      this.#held.clear();
      if (age === 0 && this.#ages !== undefined) age = yield* this.#ages.draw();
      yield* this.#locker.begin(t, age, due);
      if (yield* this.#attempt(t)) break;
      this.#rememberHeld();
      yield* this.#release();
      this.#core.abort(this.#cause);
      if (this.#turn === undefined || failures < MOST_EARLY) yield* this.#backoff.spin(this.#core);
      else due = yield* this.#turn.wait(t); // I5; woken by the transaction before
    }
    yield* this.#release();
    this.#core.commit(t);
  }

  /** True if it committed; it holds its locks in either case. */
  *#attempt(t: number): Steps<boolean> {
    if (this.#sets !== undefined && !(yield* this.#lockDeclared(t))) return false;
    const outcome = yield* this.#core.execute(t, this);
    if (outcome === ABORTED) return false;
    if (!(yield* this.#locker.commit())) {
      this.#cause = this.#locker.woundedBy;
      return false;
    }
    // Serialization point: all locks are held, and nobody can take them away. So the turn can pass before the
    // values are there: whoever needs them waits for a lock.
    if (this.#turn !== undefined) yield* this.#turn.pass(t);
    this.#reportReads();
    if (outcome !== REVERTED) yield* this.#install(t);
    return true;
  }

  *read(key: number): Steps<number> {
    const held = this.#held;
    const found = held.find(key);
    const at = found < 0 ? yield* this.#lock(key, this.#modeToRead(key)) : found;
    if ((held.marks[at] & VALUED) === 0) {
      held.versions[at] = yield* this.#table.rows.version.load(key);
      held.values[at] = yield* this.#table.rows.value.load(key);
      held.marks[at] |= READ | VALUED;
    }
    return held.values[at];
  }

  *write(key: number, value: number): Steps<void> {
    const held = this.#held;
    const found = held.find(key);
    const at = found < 0 ? yield* this.#lock(key, EXCLUSIVE) : found;
    if (held.modes[at] === SHARED) yield* this.#upgrade(key, at);
    if ((held.marks[at] & WRITTEN) === 0) this.#core.work(this.#copy);
    held.values[at] = value;
    held.marks[at] |= WRITTEN | VALUED;
  }

  /** Returns the key's place among those held. */
  *#lock(key: number, mode: Mode): Steps<number> {
    if (this.#sets !== undefined) throw undeclared('access', key);
    const cause = yield* this.#locker.acquire(key, mode);
    if (cause !== undefined) this.#giveUp(cause, key, mode);
    return this.#held.add(key, mode);
  }

  *#upgrade(key: number, at: number): Steps<void> {
    if (this.#sets !== undefined) throw undeclared('write', key);
    const cause = yield* this.#locker.acquire(key, UPGRADE);
    if (cause !== undefined) this.#giveUp(cause, key, UPGRADE);
    this.#held.modes[at] = EXCLUSIVE;
  }

  #giveUp(cause: Cause, key: number, mode: Mode): never {
    this.#cause = cause;
    if (mode !== SHARED) this.#remember(key);
    throw ABORT;
  }

  #modeToRead(key: number): Mode {
    if (this.#intended !== undefined) {
      return slotOf(this.#intended, this.#transaction, key) >= 0 ? EXCLUSIVE : SHARED;
    }
    return this.#remembers && this.#wanted.find(key) >= 0 ? EXCLUSIVE : SHARED;
  }

  #rememberHeld(): void {
    const { keys, modes, size } = this.#held;
    for (let i = 0; i < size; i++) if (modes[i] === EXCLUSIVE) this.#remember(keys[i]);
  }

  #remember(key: number): void {
    // Attempts may have written different keys, more than any of them: then the latest count.
    const { size, keys } = this.#wanted;
    if (size === keys.length && this.#wanted.find(key) < 0) this.#wanted.clear();
    this.#wanted.put(key, 0);
  }

  /** Locks the declared sets, merged, in the order of keys. */
  *#lockDeclared(t: number): Steps<boolean> {
    const { reads, writes } = this.#sets as AccessSets;
    let r = reads.from[t];
    let w = writes.from[t];
    while (r < reads.from[t + 1] || w < writes.from[t + 1]) {
      const read = r < reads.from[t + 1] ? reads.keys[r] : Number.POSITIVE_INFINITY;
      const write = w < writes.from[t + 1] ? writes.keys[w] : Number.POSITIVE_INFINITY;
      const key = Math.min(read, write);
      const mode = key === write ? EXCLUSIVE : SHARED;
      const cause = yield* this.#locker.acquire(key, mode);
      if (cause !== undefined) {
        this.#cause = cause;
        return false;
      }
      this.#held.addNext(key, mode);
      if (key === read) r++;
      if (key === write) w++;
    }
    return true;
  }

  #reportReads(): void {
    const { keys, versions, marks, size } = this.#held;
    for (let i = 0; i < size; i++) {
      if ((marks[i] & READ) !== 0) this.#core.witnessRead(keys[i], versions[i]);
    }
  }

  *#install(t: number): Steps<void> {
    const { keys, values, marks, size } = this.#held;
    const { value, version } = this.#table.rows;
    for (let i = 0; i < size; i++) {
      if ((marks[i] & WRITTEN) === 0) continue;
      this.#core.witnessWrite(keys[i], t + 1, yield* version.load(keys[i]));
      yield* version.store(keys[i], t + 1);
      yield* value.store(keys[i], values[i]);
    }
  }

  /** The second phase. */
  *#release(): Steps<void> {
    const { keys, modes, size } = this.#held;
    for (let i = 0; i < size; i++) yield* this.#table.release(keys[i], this.#core.id, modes[i] as Mode);
  }
}

function undeclared(what: string, key: number): Error {
  return new Error(`an ${what} of key ${key} that the transaction's access sets do not declare`);
}

export default defineAlgorithm({
  name: '2pl',
  summary: 'strict two-phase locking, with the classical ways to deal with deadlock',
  source: 'Eswaran, Gray, Lorie, Traiger: The Notions of Consistency and Predicate Locks. CACM 1976',
  guarantee: ({ order }) => (order === 'preset' ? 'block-order' : 'serializable'),
  witness: ({ order }) => (order === 'preset' ? 'preset' : 'versions'),
  opaque: true,
  accessSets: ({ policy, upgrades }) =>
    policy === 'ordered' || upgrades === 'declared' ? 'declared' : 'none',
  options: z.strictObject({
    policy: z
      .enum(POLICIES)
      .default('wait-die')
      .describe('what to do about a transaction in the way: see algorithms/2pl/policy.ts'),
    order: z
      .enum(ORDERS)
      .default('any')
      .describe('commit in any order, or in that of the block; then the older of two always goes first'),
    upgrades: z
      .enum(['remembered', 'plain', 'declared'])
      .default('remembered')
      .describe(
        'how to read a key that is written later: in exclusive mode once an earlier attempt has written it, always ' +
          'in shared mode, or in exclusive mode if the transaction declares the write',
      ),
    timeout: z
      .int()
      .min(0)
      .max(1e9)
      .default(0)
      .describe('nanoseconds to wait for a lock before giving up; 0: no limit'),
    backoff: z
      .int()
      .min(0)
      .max(1_000_000)
      .default(100)
      .describe('units of work to wait after a first abort, at most; 0: none'),
    timestamps: z
      .enum(['none', ...ALLOCATIONS])
      .default('none')
      .describe('where the ages come from that wait-die and wound-wait go by; none: places in the block'),
    batch: batchOption,
    copy: copyOption,
    dispatch: dispatchOption,
  }),
  aborts: CAUSES,
  counters: ['waits', 'wounds', 'searches'],
  create: (context) => new TwoPhaseLocking(context),
});

/**
 * Partition locking: the table is divided, each part has one lock, and a transaction takes those of all parts
 * that it declares before it starts. Inside it runs as if alone, without any further control.
 *
 * Papers      Kallman et al.: H-Store: A High-Performance, Distributed Main Memory Transaction Processing System.
 *             PVLDB 1(2), 2008, doi:10.14778/1454159.1454211.
 *             Yu, Bezerra, Pavlo, Devadas, Stonebraker: Staring into the Abyss: An Evaluation of Concurrency
 *             Control with One Thousand Cores. PVLDB 8(3), 2014, doi:10.14778/2735508.2735511: H-STORE.
 * Guarantee   Serializable, in the order in which the locks are held. Not block order.
 *             Deadlock-free: locks are taken in the order of partitions. Nobody is ever aborted, and nobody
 *             starves: each lock is handed on in the order in which it was asked for.
 *             Opaque: a transaction runs alone on its partitions.
 *
 * Assumptions The access sets that the workload declares are supersets of what transactions do. One that cannot
 *             tell, declaring all keys, runs one by one.
 *
 * Words       partition   so many whole lines of keys (parts/declared-sets.ts)
 *
 * Layout      partitions[p]   latch   row-latches.ts: the lock
 *                             clock   whoever holds the lock: the largest point of a transaction that held it
 *             data[key]       whoever holds its partition's lock
 *             timestamps      see parts/timestamps.ts
 *
 * Invariants  I1  All keys of a transaction are in partitions whose locks it holds from before its first access
 *                 until after its last write. Asserted: an access elsewhere is an error.
 *             I2  A transaction's point is larger than the clock of each of its partitions was, and is left on
 *                 them. So of two that share a partition, the one that held its lock first has the smaller
 *                 point; and those that share none may come in any order.
 *
 * Departures  D1  Locks are queues of their own, first come, first served. H-Store orders a partition's queue by
 *                 timestamps, and DBx1000 aborts who comes with an earlier one than the holder's. Taken in
 *                 order, locks need neither, so no timestamp is drawn unless asked for (timestamps=…);
 *                 one that is drawn decides nothing and only costs what it costs there.
 *             D2  Any core executes any transaction. In H-Store a partition is a thread's own; with
 *                 dispatch=dealt and a workload that deals its home partitions the same way, so it is here.
 *             D3  Writes are kept until the end, for transactions that revert; H-Store undoes them.
 *
 * Cost notes  Some ten accesses a partition, on lines that are the core's own as long as it has the partition to
 *             itself. Per key nothing. A transaction on several partitions stops all of them while it waits for
 *             the last.
 */
import {
  type Context,
  type Core,
  defineAlgorithm,
  type Instance,
  REVERTED,
  type Steps,
  type Values,
  type View,
  type Views,
  z,
} from './algorithm.ts';
import { AccessSet } from './parts/access-set.ts';
import { type AccessSets, declaredSets, type KeySets, partitionOf } from './parts/declared-sets.ts';
import { type Dispatch, Dispatcher, dispatchOption, Queue } from './parts/dispatch.ts';
import { RowLatches } from './parts/row-latches.ts';
import {
  ALLOCATIONS,
  type Allocation,
  batchOption,
  TimestampSource,
  Timestamps,
} from './parts/timestamps.ts';

interface Options {
  readonly partitions: number;
  readonly timestamps: 'none' | Allocation;
  readonly batch: number;
  readonly dispatch: Dispatch;
}

class PartitionLocking implements Instance {
  readonly context: Context<Options>;
  readonly count: number;
  readonly data: Values;
  readonly partitions: Views<{ clock: 'value'; latch: 'word' }>;
  readonly locks: RowLatches;
  readonly timestamps: TimestampSource | undefined;
  readonly dispatcher: Dispatcher;

  constructor(context: Context<Options>) {
    const { memory, block, cores, options } = context;
    this.context = context;
    this.count = options.partitions === 0 ? cores : options.partitions;
    this.data = memory.values('data', block.keys);
    this.partitions = memory.records('partitions', this.count, { clock: 'value', latch: 'word' }, 'padded');
    const most = mostPartitions(declaredSets(block), this.count);
    this.locks = new RowLatches(memory, 'lockNodes', this.partitions.latch, cores, most);
    if (options.timestamps !== 'none') {
      this.timestamps = new TimestampSource(memory, cores, options.timestamps, options.batch);
    }
    this.dispatcher = new Dispatcher(memory, block.transactions, options.dispatch);
  }

  load(): void {
    const { initial } = this.context.block;
    for (let key = 0; key < initial.length; key++) this.data.poke(key, initial[key]);
  }

  *run(core: Core): Steps<void> {
    const worker = new Worker(this, core);
    const queue = new Queue(this.dispatcher, core);
    for (let t = yield* queue.take(); t >= 0; t = yield* queue.take()) yield* worker.transact(t);
  }

  state(key: number): number {
    return this.data.peek(key);
  }
}

/** One core's part. */
class Worker implements View {
  readonly #core: Core;
  readonly #shared: PartitionLocking;
  readonly #timestamps: Timestamps | undefined;
  readonly #reads: KeySets;
  readonly #declaredWrites: KeySets;
  /** The transaction's partitions; which of all they are, by the transaction that marked them last, + 1. */
  readonly #needed: AccessSet;
  readonly #markedBy: Int32Array;
  readonly #writes: AccessSet;
  #transaction = 0;

  constructor(shared: PartitionLocking, core: Core) {
    const { block } = shared.context;
    const { reads, writes } = declaredSets(block);
    this.#core = core;
    this.#shared = shared;
    this.#timestamps = shared.timestamps && new Timestamps(shared.timestamps, core);
    this.#reads = reads;
    this.#declaredWrites = writes;
    this.#needed = new AccessSet(shared.count);
    this.#markedBy = new Int32Array(shared.count);
    this.#writes = new AccessSet(block.maxWrites);
  }

  *transact(t: number): Steps<void> {
    this.#core.begin(t);
    this.#transaction = t;
    this.#writes.clear();
    if (this.#timestamps !== undefined) yield* this.#timestamps.draw(); // D1
    this.#find(t);
    const point = yield* this.#lock();
    // Serialization point: all locks are held (I1).
    const outcome = yield* this.#core.execute(t, this);
    if (outcome !== REVERTED) yield* this.#install();
    yield* this.#unlock(point);
    this.#core.commit(t, point);
  }

  /** Which partitions the transaction declares, in their order. */
  #find(t: number): void {
    this.#needed.clear();
    this.#add(this.#reads, t);
    this.#add(this.#declaredWrites, t);
    this.#needed.sort();
  }

  #add({ from, keys }: KeySets, t: number): void {
    for (let slot = from[t]; slot < from[t + 1]; slot++) {
      const partition = partitionOf(keys[slot], this.#shared.count);
      if (this.#markedBy[partition] === t + 1) continue;
      this.#markedBy[partition] = t + 1;
      this.#needed.add(partition, 0);
    }
  }

  /** Takes the locks, in the order of partitions. Returns the transaction's point (I2). */
  *#lock(): Steps<number> {
    const { locks, partitions } = this.#shared;
    const { keys, size } = this.#needed;
    let latest = 0;
    for (let i = 0; i < size; i++) {
      yield* locks.acquire(keys[i], this.#core.id, i);
      latest = Math.max(latest, yield* partitions.clock.load(keys[i]));
    }
    return latest + 1;
  }

  *#unlock(point: number): Steps<void> {
    const { locks, partitions } = this.#shared;
    const { keys, size } = this.#needed;
    for (let i = 0; i < size; i++) {
      yield* partitions.clock.store(keys[i], point); // before the next holder can look
      yield* locks.release(keys[i], this.#core.id, i);
    }
  }

  *read(key: number): Steps<number> {
    const own = this.#writes.find(key);
    if (own >= 0) return this.#writes.values[own];
    this.#mustHold(key);
    return yield* this.#shared.data.load(key);
  }

  *write(key: number, value: number): Steps<void> {
    this.#mustHold(key);
    this.#writes.put(key, value);
  }

  #mustHold(key: number): void {
    if (this.#markedBy[partitionOf(key, this.#shared.count)] === this.#transaction + 1) return;
    throw new Error(
      `[I1] an access of key ${key}, whose partition the transaction's access sets do not declare`,
    );
  }

  *#install(): Steps<void> {
    const { keys, values, size } = this.#writes;
    for (let i = 0; i < size; i++) yield* this.#shared.data.store(keys[i], values[i]);
  }
}

/** The most accesses that a transaction declares, or all partitions: it locks no more than that. At least 1. */
function mostPartitions({ reads, writes }: AccessSets, partitions: number): number {
  let most = 1;
  for (let t = 1; t < reads.from.length; t++) {
    most = Math.max(most, reads.from[t] - reads.from[t - 1] + writes.from[t] - writes.from[t - 1]);
  }
  return Math.min(most, partitions);
}

export default defineAlgorithm({
  name: 'partition-locking',
  summary: 'one lock a partition, all taken before the start; no further control (H-Store)',
  source: 'Kallman et al.: H-Store. PVLDB 1(2), 2008; as in Staring into the Abyss, PVLDB 8(3), 2014',
  guarantee: 'serializable',
  witness: 'points',
  opaque: true,
  accessSets: 'declared',
  options: z.strictObject({
    partitions: z
      .int()
      .min(0)
      .max(4096)
      .default(0)
      .describe('partitions of the table; 0: as many as there are cores'),
    timestamps: z
      .enum(['none', ...ALLOCATIONS])
      .default('none')
      .describe('where each transaction draws a timestamp, as H-Store does; locks are handed on without one'),
    batch: batchOption,
    dispatch: dispatchOption,
  }),
  aborts: [],
  create: (context) => new PartitionLocking(context),
});

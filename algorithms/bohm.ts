/**
 * Bohm: multiversion concurrency control that decides everything before anything executes.
 * Write sets are known. First a placeholder is inserted for each version that the block will write, in the
 * block's order; then transactions execute, and each read has one placeholder whose value it waits for.
 *
 * Paper       Faleiro, Abadi: Rethinking Serializable Multiversion Concurrency Control. PVLDB 8(11), 2015,
 *             arXiv:1412.2324. Sections 3.2 (concurrency control phase) and 3.3 (execution phase). The baseline
 *             of Block-STM (PPoPP 2023, section 4), there with perfect write sets.
 * Guarantee   Block order. No aborts, no deadlock: a core waits only for transactions below all those it has
 *             claimed. Attempts read what the block's order gives and nothing else (opaque), unless an access
 *             turns out to be undeclared.
 * Assumption  The declared write sets contain all that is written. If not, the block still ends rightly, but
 *             serially (below). Declared read sets are a hint: a read outside them costs a search.
 *
 * Words       placeholder   a version without a value: it names the transaction that will write it
 *             annotation    which version a declared read will read (section 3.2.3)
 *             CC core       does concurrency control, for the keys of its partition (section 3.2.2)
 *
 * Layout      versions[w]   value      w is a slot of the declared write sets (parts/declared-sets.ts)
 *                           state      -(t + 1): placeholder of t; READY; or VOID, once the block is given up.
 *                                      Its CC core, then whoever executes t
 *                           previous   the version before it, + 1; 0: the key's initial value. Its CC core
 *             latest[key]   the last version, + 1. The key's CC core
 *             sources[r]    annotation of slot r of the read sets: a version + 1, or 0. The key's CC core
 *             claimed[t]    1: somebody executes t or has done so; whoever claims it
 *             built[c]      batches that CC core c has finished
 *             storage[key]  initial values; written only by the serial fallback
 *
 * Invariants  I1  A key's versions are linked in the block's order: one CC core inserts them, transaction by
 *                 transaction, and annotates a transaction's reads before it inserts the versions it writes.
 *             I2  Nobody executes a transaction before all placeholders of its batch, and so of all lower
 *                 transactions, are inserted. By the barrier, or by `built`.
 *             I3  A version that is READY has its value: the value is stored first.
 *             I4  No deadlock. A core that waits has claimed some transactions and waits for a version of one
 *                 below all of them; that one is claimed by a core that waits for a lower one still, or not at
 *                 all, or it is unclaimed and belongs to a core which, having its own in ascending order, holds
 *                 nothing above it. Along such a chain indices fall, so that it ends at a core that runs.
 *
 * A version that its transaction does not write, because it reverts or because the set was a superset, gets the
 * previous version's value. A write outside the declared set is found when the transaction has ended: it raises
 * the alarm (parts/serial-fallback.ts), and what it should have filled becomes VOID. Who meets a VOID version
 * gives up in the same way, as do all that start later; so nobody is left waiting, and when all have ended, core 0
 * executes the block serially.
 *
 * Departures  D1  No garbage collection: versions live as long as the block.
 *             D2  Before it executes a transaction, a core looks whether the versions it declares to read are
 *                 ready, and executes their writers first if nobody has claimed them (`unready` = execute). The
 *                 paper finds out while it executes; the authors' code does as here. Where another core
 *                 executes the writer, this one waits for it; the paper tries other transactions meanwhile.
 *             D3  CC cores do not execute, even once the block is all inserted, unless there is no other core.
 *             D4  Timestamps are the block's order, so there is no sequencing core, and no preprocessing layer.
 *
 * Cost notes  Each CC core looks through all access sets, and inserting is serial per key: the more cores build,
 *             the less of it each inserts, but not the less it looks through (on the simulated machine looking
 *             costs nothing, which flatters `timed`). Slots of one transaction lie together, so that CC cores
 *             share lines. A read costs its annotation, state and value; there is nothing to validate.
 */
import { Barrier } from '../harness/machine/barrier.ts';
import {
  ABORT,
  ABORTED,
  type Context,
  type Core,
  defineAlgorithm,
  type Instance,
  REVERTED,
  type Steps,
  type Values,
  type View,
  type Views,
  type Words,
  z,
} from './algorithm.ts';
import { AccessSet } from './parts/access-set.ts';
import { type AccessSets, declaredSets, partitionOf, slotOf, slotsOf } from './parts/declared-sets.ts';
import { SerialFallback, UNDECLARED } from './parts/serial-fallback.ts';

const READY = 1;
const VOID = 2;
/** No version: the key's initial value. */
const INITIAL = 0;
/** Not a slot of the read sets. */
const NOT_DECLARED = -1;

interface Options {
  readonly sets: 'declared' | 'exact';
  readonly build: 'timed' | 'given';
  readonly ccCores: number;
  readonly batch: number;
  readonly unready: 'execute' | 'wait';
}

class Bohm implements Instance {
  readonly context: Context<Options>;
  readonly sets: AccessSets;
  readonly versions: Views<{ value: 'value'; state: 'word'; previous: 'word' }>;
  readonly latest: Words;
  readonly sources: Words;
  readonly claimed: Words;
  readonly built: Words;
  readonly storage: Values;
  readonly barrier: Barrier;
  readonly fallback: SerialFallback;
  /** How many cores do nothing but concurrency control: cores 0 … ccCores - 1. */
  readonly ccCores: number;

  constructor(context: Context<Options>) {
    const { memory, block, cores, options } = context;
    this.context = context;
    this.sets = declaredSets(block);
    this.versions = memory.records('versions', slotsOf(this.sets.writes), {
      value: 'value',
      state: 'word',
      previous: 'word',
    });
    this.latest = memory.words('latest', block.keys);
    this.sources = memory.words('sources', slotsOf(this.sets.reads));
    this.claimed = memory.words('claimed', block.transactions, 'padded');
    this.built = memory.words('built', cores, 'padded');
    this.storage = memory.values('storage', block.keys);
    this.barrier = new Barrier(memory, 'phases', cores);
    this.fallback = new SerialFallback(memory, block);
    this.ccCores = options.build === 'given' ? 0 : Math.min(options.ccCores, cores - 1);
  }

  load(): void {
    const { block, options } = this.context;
    for (let key = 0; key < block.keys; key++) this.storage.poke(key, block.initial[key]);
    if (options.build === 'given') for (let t = 0; t < block.transactions; t++) this.#insert(t);
  }

  /** What ConcurrencyControl.insert does, all partitions at once and before the run. */
  #insert(t: number): void {
    const { reads, writes } = this.sets;
    for (let r = reads.from[t]; r < reads.from[t + 1]; r++) {
      this.sources.poke(r, this.latest.peek(reads.keys[r]));
    }
    for (let w = writes.from[t]; w < writes.from[t + 1]; w++) {
      this.versions.state.poke(w, -(t + 1));
      this.versions.previous.poke(w, this.latest.peek(writes.keys[w]));
      this.latest.poke(writes.keys[w], w + 1);
    }
  }

  *run(core: Core): Steps<void> {
    let committed = 0;
    if (core.id < this.ccCores) yield* new ConcurrencyControl(this, core.id, this.ccCores).ahead();
    else {
      if (this.context.options.build === 'timed' && this.ccCores === 0) {
        yield* new ConcurrencyControl(this, core.id, core.count).whole();
        yield* this.barrier.meet(); // before any execution: I2
      }
      const executor = new Executor(this, core);
      yield* executor.run();
      committed = executor.committed;
    }
    yield* this.barrier.meet();
    yield* this.fallback.conclude(core, committed, this.storage);
  }

  state(key: number): number {
    const version = this.fallback.happened ? INITIAL : this.latest.peek(key);
    return version === INITIAL ? this.storage.peek(key) : this.versions.value.peek(version - 1);
  }
}

/** The concurrency control phase of one partition of the keys (section 3.2). */
class ConcurrencyControl {
  readonly #bohm: Bohm;
  readonly #partition: number;
  readonly #partitions: number;

  constructor(bohm: Bohm, partition: number, partitions: number) {
    this.#bohm = bohm;
    this.#partition = partition;
    this.#partitions = partitions;
  }

  *whole(): Steps<void> {
    const { transactions } = this.#bohm.context.block;
    for (let t = 0; t < transactions; t++) yield* this.#insert(t);
  }

  /** Batch by batch, while others execute those that are built (section 3.2.4). */
  *ahead(): Steps<void> {
    const { block, options } = this.#bohm.context;
    const { built } = this.#bohm;
    for (let t = 0, batches = 0; t < block.transactions; ) {
      const end = Math.min(block.transactions, t + options.batch);
      while (t < end) yield* this.#insert(t++);
      yield* built.store(this.#partition, ++batches); // after all of the batch is inserted: I2
      yield* built.wake(this.#partition);
    }
  }

  *#insert(t: number): Steps<void> {
    const { reads, writes } = this.#bohm.sets;
    const { versions, latest, sources } = this.#bohm;
    for (let r = reads.from[t]; r < reads.from[t + 1]; r++) {
      if (this.#owns(reads.keys[r])) yield* sources.store(r, yield* latest.load(reads.keys[r]));
    }
    for (let w = writes.from[t]; w < writes.from[t + 1]; w++) {
      const key = writes.keys[w];
      if (!this.#owns(key)) continue;
      yield* versions.state.store(w, -(t + 1));
      yield* versions.previous.store(w, yield* latest.load(key));
      // Last: a search that starts here finds a whole version.
      yield* latest.store(key, w + 1);
    }
  }

  #owns(key: number): boolean {
    return partitionOf(key, this.#partitions) === this.#partition;
  }
}

/** The execution phase on one core (section 3.3). */
class Executor implements View {
  readonly #bohm: Bohm;
  readonly #core: Core;
  readonly #writes: AccessSet;
  readonly #executesUnready: boolean;
  /** Claimed transactions, each because the one below it on the stack reads from it; and the next read of each. */
  readonly #stack: Int32Array;
  readonly #next: Int32Array;
  /** The transaction that executes now. */
  #t = 0;
  #batchesBuilt = 0;
  committed = 0;

  constructor(bohm: Bohm, core: Core) {
    const { block, options } = bohm.context;
    this.#bohm = bohm;
    this.#core = core;
    this.#writes = new AccessSet(block.maxWrites);
    this.#executesUnready = options.unready === 'execute';
    this.#stack = new Int32Array(this.#executesUnready ? block.transactions : 1);
    this.#next = new Int32Array(this.#stack.length);
  }

  /** Of n executing cores, each is responsible for every n-th transaction, in ascending order (I4). */
  *run(): Steps<void> {
    const { ccCores, context } = this.#bohm;
    const executors = this.#core.count - ccCores;
    for (let t = this.#core.id - ccCores; t < context.block.transactions; t += executors) {
      if (ccCores > 0) yield* this.#awaitBatch(Math.floor(t / context.options.batch));
      if (!(yield* this.#claim(t))) continue;
      if (this.#executesUnready) yield* this.#executeFrom(t);
      else yield* this.#execute(t);
    }
  }

  *#awaitBatch(batch: number): Steps<void> {
    const { built, ccCores } = this.#bohm;
    if (batch < this.#batchesBuilt) return;
    for (let cc = 0; cc < ccCores; cc++) {
      for (let seen = yield* built.load(cc); seen <= batch; seen = yield* built.load(cc)) {
        yield* built.waitWhile(cc, seen); // woken after the CC core's next batch
      }
    }
    this.#batchesBuilt = batch + 1;
  }

  *#claim(t: number): Steps<boolean> {
    return (yield* this.#bohm.claimed.compareExchange(t, 0, 1)) === 0;
  }

  /** Executes a transaction that this core has claimed, after those it reads from (section 3.3.1). */
  *#executeFrom(root: number): Steps<void> {
    const { reads } = this.#bohm.sets;
    const { state } = this.#bohm.versions;
    let depth = 0;
    this.#stack[0] = root;
    this.#next[0] = reads.from[root];
    while (depth >= 0) {
      const version = yield* this.#unready(depth);
      if (version < 0) {
        yield* this.#execute(this.#stack[depth--]);
        continue;
      }
      const placeholder = yield* state.load(version);
      if (placeholder > 0) continue;
      const writer = -placeholder - 1;
      if (yield* this.#claim(writer)) {
        this.#stack[++depth] = writer;
        this.#next[depth] = reads.from[writer];
      } else {
        yield* state.waitWhile(version, placeholder); // woken by whoever has claimed the writer
      }
    }
  }

  /** The first version that the transaction at this depth declares to read and that is not ready; or -1. */
  *#unready(depth: number): Steps<number> {
    const { sources, sets, versions } = this.#bohm;
    const end = sets.reads.from[this.#stack[depth] + 1];
    for (let r = this.#next[depth]; r < end; r++) {
      const source = yield* sources.load(r);
      if (source === INITIAL || (yield* versions.state.load(source - 1)) > 0) continue;
      this.#next[depth] = r;
      return source - 1;
    }
    this.#next[depth] = end;
    return -1;
  }

  *#execute(t: number): Steps<void> {
    if (yield* this.#bohm.fallback.raised()) {
      yield* this.#giveUp(t);
      return;
    }
    this.#t = t;
    this.#core.begin(t);
    this.#writes.clear();
    const outcome = yield* this.#core.execute(t, this);
    if (outcome === REVERTED) this.#writes.clear();
    if (outcome === ABORTED || !this.#allDeclared()) {
      this.#core.abort(UNDECLARED);
      yield* this.#bohm.fallback.raise();
      yield* this.#giveUp(t);
      return;
    }
    yield* this.#fill();
    this.#core.commit(t);
    this.committed++;
  }

  #allDeclared(): boolean {
    const { keys, size } = this.#writes;
    for (let i = 0; i < size; i++) if (slotOf(this.#bohm.sets.writes, this.#t, keys[i]) < 0) return false;
    return true;
  }

  /** Fills the transaction's placeholders, with what it wrote or with the value before. */
  *#fill(): Steps<void> {
    const { from, keys } = this.#bohm.sets.writes;
    const { value, previous } = this.#bohm.versions;
    for (let w = from[this.#t]; w < from[this.#t + 1]; w++) {
      const own = this.#writes.find(keys[w]);
      if (own >= 0) {
        yield* value.store(w, this.#writes.values[own]);
        yield* this.#publish(w, READY);
        continue;
      }
      const before = yield* previous.load(w);
      if (before !== INITIAL && (yield* this.#await(before - 1)) === VOID) yield* this.#publish(w, VOID);
      else {
        yield* value.store(w, yield* this.#valueOf(before, keys[w]));
        yield* this.#publish(w, READY);
      }
    }
  }

  /** After the value, for whoever sees the state takes the value (I3). */
  *#publish(version: number, state: number): Steps<void> {
    yield* this.#bohm.versions.state.store(version, state);
    yield* this.#bohm.versions.state.wake(version);
  }

  *#giveUp(t: number): Steps<void> {
    const { from } = this.#bohm.sets.writes;
    for (let w = from[t]; w < from[t + 1]; w++) yield* this.#publish(w, VOID);
  }

  *read(key: number): Steps<number> {
    const own = this.#writes.find(key);
    if (own >= 0) return this.#writes.values[own];
    const slot = slotOf(this.#bohm.sets.reads, this.#t, key);
    const source = slot === NOT_DECLARED ? yield* this.#search(key) : yield* this.#bohm.sources.load(slot);
    if (source !== INITIAL && (yield* this.#await(source - 1)) === VOID) throw ABORT;
    return yield* this.#valueOf(source, key);
  }

  *write(key: number, value: number): Steps<void> {
    this.#writes.put(key, value);
  }

  /** Waits until a version is no placeholder; returns its state. Its transaction is a lower one (I4). */
  *#await(version: number): Steps<number> {
    const { state } = this.#bohm.versions;
    for (;;) {
      const seen = yield* state.load(version);
      if (seen > 0) return seen;
      yield* state.waitWhile(version, seen); // woken by whoever executes its transaction
    }
  }

  *#valueOf(version: number, key: number): Steps<number> {
    if (version === INITIAL) return yield* this.#bohm.storage.load(key);
    return yield* this.#bohm.versions.value.load(version - 1);
  }

  /** The version (+ 1) of a key for which the transaction has no annotation: the last one below it. */
  *#search(key: number): Steps<number> {
    const { latest, versions, sets } = this.#bohm;
    const end = sets.writes.from[this.#t];
    let version = yield* latest.load(key);
    // Slots ascend with the transactions that they belong to.
    while (version > end) version = yield* versions.previous.load(version - 1);
    return version;
  }
}

export default defineAlgorithm({
  name: 'bohm',
  summary:
    'write sets known: placeholders for all versions in block order first, then execution waits for them',
  source: 'Faleiro, Abadi: Rethinking Serializable Multiversion Concurrency Control. PVLDB 8(11), 2015',
  guarantee: 'block-order',
  witness: 'preset',
  accessSets: ({ sets }) => sets,
  options: z.strictObject({
    sets: z
      .enum(['exact', 'declared'])
      .default('exact')
      .describe(
        'access sets as an oracle knows them, as in the Block-STM paper, or as transactions declare them',
      ),
    build: z
      .enum(['timed', 'given'])
      .default('timed')
      .describe('insert placeholders within the run, or find them inserted'),
    ccCores: z
      .int()
      .min(0)
      .max(4096)
      .default(0)
      .describe(
        'cores that only insert placeholders, ahead of the others; 0: all insert first, then all execute',
      ),
    batch: z
      .int()
      .min(1)
      .default(100)
      .describe('transactions that separate cores insert at a time before the others may execute them'),
    unready: z
      .enum(['execute', 'wait'])
      .default('execute')
      .describe('of a version not yet written: execute its transaction if nobody does, or wait for it'),
  }),
  aborts: [UNDECLARED],
  create: (context) => new Bohm(context),
});

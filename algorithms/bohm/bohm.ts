/**
 * Bohm: multiversion concurrency control that decides everything before anything executes.
 * Write sets are known. First a placeholder is inserted for each version that the block will write, in the
 * block's order; then transactions execute, and each read has one placeholder whose value it waits for.
 *
 * Paper       Faleiro, Abadi: Rethinking Serializable Multiversion Concurrency Control. PVLDB 8(11), 2015,
 *             arXiv:1412.2324. Sections 3.2 (concurrency control phase) and 3.3 (execution phase);
 *             concurrency-control.ts and executor.ts. A baseline of Block-STM (PPoPP 2023, section 4), there
 *             with perfect write sets.
 * Guarantee   Block order. No aborts, so nobody starves; no deadlock: a core waits only for transactions below all
 *             those it has claimed. Attempts read what the block's order gives and nothing else (opaque), unless an access
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
 *             On server-32, 32 cores, a block of 10^3 Diem payments of 200 us takes 6.8 ms timed and 6.6 given,
 *             and Block-STM 6.9. Block-STM's figure 3 has 29 ms for Bohm and 23 for itself, and explains that by
 *             the building, which there would cost 1.6 us of the whole machine's time a version: hashing and
 *             allocation, where here a key is an index and a version a slot.
 */
import { Barrier } from '../../harness/machine/barrier.ts';
import {
  type Context,
  type Core,
  defineAlgorithm,
  type Instance,
  type Steps,
  type Values,
  type Views,
  type Words,
  z,
} from '../algorithm.ts';
import { type AccessSets, declaredSets, slotsOf } from '../parts/declared-sets.ts';
import { SerialFallback, UNDECLARED } from '../parts/serial-fallback.ts';
import { ConcurrencyControl } from './concurrency-control.ts';
import { Executor, INITIAL } from './executor.ts';

interface Options {
  readonly sets: 'declared' | 'exact';
  readonly build: 'timed' | 'given';
  readonly ccCores: number;
  readonly batch: number;
  readonly unready: 'execute' | 'wait';
}

export class Bohm implements Instance {
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

export default defineAlgorithm({
  name: 'bohm',
  summary:
    'write sets known: placeholders for all versions in block order first, then execution waits for them',
  source: 'Faleiro, Abadi: Rethinking Serializable Multiversion Concurrency Control. PVLDB 8(11), 2015',
  guarantee: 'block-order',
  witness: 'preset',
  opaque: true,
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

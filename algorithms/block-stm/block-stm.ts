/**
 * Block-STM: execute the transactions of a block optimistically, validate, and re-execute until the result is
 * that of the block's order.
 *
 * Paper       Gelashvili, Spiegelman, Xiang, Danezis, Li, Malkhi, Xia, Zhou: Block-STM: Scaling Blockchain
 *             Execution by Turning Ordering Curse to a Performance Blessing. PPoPP 2023,
 *             doi:10.1145/3572848.3577524, arXiv:2203.06871. Section 3, Algorithms 1 and 3 here; Algorithm 2 is
 *             mv-memory.ts, Algorithms 4 and 5 are scheduler.ts.
 * Guarantee   Block order. No deadlock. Nobody starves: an incarnation that begins once all transactions below are
 *             final is the last one. Before that, how often they are aborted has no useful bound.
 *             An incarnation may read an inconsistent state (not opaque): procedures must end all the same.
 *
 * Words       incarnation   one execution of a transaction; version = (transaction, incarnation)
 *             ESTIMATE      the mark on what an aborted incarnation wrote: the next one will write it again
 *             dependency    a transaction that read an ESTIMATE waits for the one that left it
 *
 * Layout      see mv-memory.ts and scheduler.ts; a core's own read set, write set and task are private.
 *
 * Invariants  B1  Within an incarnation each key is read from shared memory once; a repeated read returns
 *                 the same value.
 *             B2  When the block is done, each transaction's last incarnation would read the same versions
 *                 again (section 3.3 of the paper); so by induction along the block each has read what the
 *                 block's order gives.
 *
 * Departures  D1 to D6 in mv-memory.ts and scheduler.ts.
 *             D7  A procedure that traps on an inconsistent state reverts, and is validated like any other (the
 *                 paper: the VM captures errors).
 *             Options, for ablation and for what came after the paper: estimates off (aborted writes are removed
 *             instead of marked); hints (write sets known in advance, listed as estimates before the start, after
 *             Cosmos' go-block-stm); rolling commit (rolling-commit.ts); back-off in the main loop.
 *
 * Cost notes  A task costs some seven accesses to the two indices, whose lines all cores write: that bounds the
 *             scaling of short transactions. A read costs about six accesses, and again in validation. So on uniform
 *             ycsb it makes a quarter to a half of bohm's throughput: there versions have their places in the lists
 *             beforehand, no list is locked, and nothing is validated.
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
import { declaredSets } from '../parts/declared-sets.ts';
import { Cursor, type Incarnation, MVMemory, ReadSet } from './mv-memory.ts';
import { RollingCommit } from './rolling-commit.ts';
import { EXECUTION_TASK, NO_TASK, Scheduler, type Task, VALIDATION_TASK } from './scheduler.ts';

interface Options {
  readonly dependency: 'restart' | 'suspend';
  readonly estimates: boolean;
  readonly hints: 'none' | 'declared' | 'exact';
  readonly commit: 'block' | 'rolling';
  readonly backoff: number;
}

class BlockStm implements Instance {
  readonly context: Context<Options>;
  readonly mvmemory: MVMemory;
  readonly scheduler: Scheduler;
  readonly commits: RollingCommit | undefined;

  constructor(context: Context<Options>) {
    this.context = context;
    this.mvmemory = new MVMemory(context);
    this.commits = context.options.commit === 'rolling' ? new RollingCommit(context) : undefined;
    this.scheduler = new Scheduler(context, this.commits);
  }

  load(): void {
    const { block, options } = this.context;
    this.mvmemory.load();
    if (options.hints !== 'none') this.mvmemory.loadHints(declaredSets(block));
  }

  run(core: Core): Steps<void> {
    return new Thread(this, core).run();
  }

  state(key: number): number {
    return this.mvmemory.snapshot(key);
  }
}

/** What one core does: Algorithm 1, and Algorithm 3 as the transactions' view. */
class Thread implements View {
  readonly #core: Core;
  readonly #mvmemory: MVMemory;
  readonly #scheduler: Scheduler;
  readonly #commits: RollingCommit | undefined;
  readonly #options: Options;
  readonly #suspends: boolean;
  readonly #blockSize: number;
  readonly #task: Task = { kind: NO_TASK, active: false, txn: 0, incarnation: 0, wave: 0 };
  readonly #cursor = new Cursor();
  readonly #current: Incarnation;

  constructor({ commits, context, mvmemory, scheduler }: BlockStm, core: Core) {
    this.#core = core;
    this.#mvmemory = mvmemory;
    this.#scheduler = scheduler;
    this.#commits = commits;
    this.#blockSize = context.block.transactions;
    this.#options = context.options;
    this.#suspends = context.options.dependency === 'suspend';
    this.#current = {
      core,
      txn: 0,
      incarnation: 0,
      reads: new ReadSet(context.block.maxReads),
      writes: new AccessSet(context.block.maxWrites),
      cursor: this.#cursor,
    };
  }

  *run(): Steps<void> {
    const task = this.#task;
    const { backoff } = this.#options;
    while ((yield* this.#scheduler.doneMarker()) === 0) {
      if (task.kind === EXECUTION_TASK) yield* this.#tryExecute();
      if (task.kind === VALIDATION_TASK) yield* this.#needsReexecution();
      if (task.kind !== NO_TASK) continue;
      yield* this.#scheduler.nextTask(task);
      if (task.kind === NO_TASK && backoff > 0) this.#core.work(backoff);
    }
    if (this.#commits === undefined) this.#commitShare();
  }

  /** The commit is lazy (section 3): the whole block at once, here a share of it by each core. */
  #commitShare(): void {
    for (let t = this.#core.id; t < this.#blockSize; t += this.#core.count) this.#core.commit(t);
  }

  *#tryExecute(): Steps<void> {
    const { txn, incarnation } = this.#task;
    const current = this.#current;
    current.txn = txn;
    current.incarnation = incarnation;
    current.reads.size = 0;
    current.writes.clear();
    this.#core.begin(txn);
    if (incarnation > 0 && !this.#suspends && (yield* this.#stillBlocked())) return;
    const outcome = yield* this.#core.execute(txn, this);
    if (outcome === ABORTED) {
      yield* this.#giveUp();
      return;
    }
    if (outcome === REVERTED) current.writes.clear();
    const wroteNewLocation = yield* this.#mvmemory.record(current);
    this.#core.finish(txn);
    yield* this.#scheduler.finishExecution(this.#task, wroteNewLocation);
  }

  /**
   * A virtual machine that cannot suspend starts over from the beginning, so it first looks whether what the
   * previous incarnation read is an ESTIMATE (section 4, on the Diem VM).
   */
  *#stillBlocked(): Steps<boolean> {
    if (!(yield* this.#mvmemory.estimateAmongReads(this.#task.txn, this.#cursor))) return false;
    yield* this.#giveUp();
    return true;
  }

  /** Ends the incarnation on the ESTIMATE in `#cursor`. If that is resolved by now, the task stays, to retry. */
  *#giveUp(): Steps<void> {
    const { txn, incarnation } = this.#task;
    this.#core.abort('dependency');
    const blocking = this.#mvmemory.writer(this.#cursor.entry);
    if (yield* this.#scheduler.addDependency(txn, incarnation, blocking)) this.#task.kind = NO_TASK;
  }

  *#needsReexecution(): Steps<void> {
    const { txn, incarnation } = this.#task;
    this.#core.tally('validations');
    this.#core.phase('validate', txn);
    const valid = yield* this.#mvmemory.validateReadSet(txn, this.#cursor);
    const aborted = !valid && (yield* this.#scheduler.tryValidationAbort(txn, incarnation));
    if (aborted) {
      this.#core.abort('validation', txn);
      if (this.#options.estimates) yield* this.#mvmemory.convertWritesToEstimates(txn);
      else yield* this.#mvmemory.removeWrites(txn, this.#cursor);
    }
    const commits = this.#commits;
    if (valid && commits !== undefined) yield* commits.validated(txn, this.#task.wave);
    yield* this.#scheduler.finishValidation(this.#task, aborted);
    this.#core.phase('engine');
    if (valid && commits !== undefined) yield* commits.advance(this.#core, this.#scheduler);
  }

  *read(key: number): Steps<number> {
    const { txn, reads, writes } = this.#current;
    const own = writes.find(key);
    if (own >= 0) return writes.values[own];
    const earlier = reads.find(key);
    if (earlier >= 0) return reads.values[earlier];
    for (;;) {
      yield* this.#mvmemory.read(key, txn, this.#cursor);
      if (!this.#cursor.isEstimate) break;
      if (!this.#suspends) throw ABORT;
      yield* this.#scheduler.waitFor(this.#mvmemory.writer(this.#cursor.entry));
    }
    reads.add(key, this.#cursor);
    return this.#cursor.value;
  }

  *write(key: number, value: number): Steps<void> {
    this.#current.writes.put(key, value);
  }
}

export default defineAlgorithm({
  name: 'block-stm',
  summary: 'optimistic in block order: execute, validate, re-execute; aborted writes serve as estimates',
  source: 'Gelashvili et al.: Block-STM. PPoPP 2023',
  guarantee: 'block-order',
  witness: 'preset',
  options: z.strictObject({
    dependency: z
      .enum(['restart', 'suspend'])
      .default('restart')
      .describe(
        'on reading an estimate: end the incarnation and start over later, or block until it is resolved',
      ),
    estimates: z
      .boolean()
      .default(true)
      .describe('leave what an aborted incarnation wrote as estimates; without, it is removed'),
    hints: z
      .enum(['none', 'declared', 'exact'])
      .default('none')
      .describe('write sets known in advance, as estimates from the start'),
    commit: z
      .enum(['block', 'rolling'])
      .default('block')
      .describe('the whole block at its end, or each transaction once it is final'),
    backoff: z.int().min(0).max(1_000_000).default(0).describe('units of work to wait after drawing no task'),
  }),
  aborts: ['dependency', 'validation'],
  counters: ['validations'],
  accessSets: ({ hints }) => hints,
  create: (context) => new BlockStm(context),
});

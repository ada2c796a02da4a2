/**
 * In which order, and by whom, transactions are executed that the graph leaves free. All schedules keep that
 * whoever waits for a transaction by an edge executes after it has ended.
 *
 * Layout      order[i], starts[g], groups[0]    the plan of `levels` and `components`: plan.ts. Core 0
 *             drawn                             every core: the next of a level, or the next component
 */
import type { Barrier } from '../../harness/machine/barrier.ts';
import type { Core, Memory, Steps, Words } from '../algorithm.ts';
import { RoundDispenser } from '../parts/round-dispenser.ts';
import type { Graph } from './graph.ts';
import type { Grouped, Successors } from './plan.ts';
import { criticalPath } from './plan.ts';
import { type RankSearch, ReadyByRank, ReadyQueue } from './ready.ts';

/** Executes a transaction, so that its effects are there when it returns. */
export interface Executor {
  perform(t: number): Steps<void>;
}

export interface Schedule {
  /** What is to be done before the block starts, if the graph is given. */
  poke(): void;
  /** The same within the run, by every core, after a barrier behind which the graph is complete. */
  prepare(core: Core): Steps<void>;
  /** Executes the block's transactions together with the other cores. */
  run(core: Core, executor: Executor): Steps<void>;
}

/** fifo: whichever has been ready for longest. */
export class FirstReady implements Schedule {
  readonly #graph: Graph;
  readonly #ready: ReadyQueue;

  constructor(memory: Memory, graph: Graph, transactions: number) {
    this.#graph = graph;
    this.#ready = new ReadyQueue(memory, transactions);
  }

  poke(): void {
    this.#graph.pokeStart(this.#ready);
  }

  *prepare(core: Core): Steps<void> {
    yield* this.#graph.start(core.id, core.count, this.#ready);
  }

  *run(_core: Core, executor: Executor): Steps<void> {
    for (let t = yield* this.#ready.take(); t >= 0; t = yield* this.#ready.take()) {
      yield* executor.perform(t);
      yield* this.#graph.release(t, this.#ready); // after its writes are installed: S1
    }
  }
}

/** critical-path: of those that are ready, the one with the heaviest path behind it. */
export class HeaviestPath implements Schedule {
  readonly #graph: Graph;
  readonly #ready: ReadyByRank;
  readonly #barrier: Barrier;
  readonly #weights: () => Int32Array;

  constructor(
    memory: Memory,
    graph: Graph,
    barrier: Barrier,
    transactions: number,
    cores: number,
    weights: () => Int32Array,
  ) {
    this.#graph = graph;
    this.#barrier = barrier;
    this.#weights = weights;
    this.#ready = new ReadyByRank(memory, transactions, cores);
  }

  poke(): void {
    const order = criticalPath(this.#graph.peekSuccessors(), this.#weights());
    for (let rank = 0; rank < order.length; rank++) {
      this.#ready.order.poke(rank, order[rank]);
      this.#ready.rank.poke(order[rank], rank);
    }
    this.#graph.pokeStart(this.#ready);
  }

  *prepare(core: Core): Steps<void> {
    if (core.id === 0) yield* this.#plan();
    yield* this.#barrier.meet();
    yield* this.#graph.start(core.id, core.count, this.#ready);
  }

  *#plan(): Steps<void> {
    const order = criticalPath(yield* this.#graph.successors(), this.#weights());
    for (let rank = 0; rank < order.length; rank++) {
      yield* this.#ready.order.store(rank, order[rank]);
      yield* this.#ready.rank.store(order[rank], rank);
    }
  }

  *run(core: Core, executor: Executor): Steps<void> {
    const search: RankSearch = { core, passed: new Int32Array(this.#ready.shards) };
    for (let t = yield* this.#ready.take(search); t >= 0; t = yield* this.#ready.take(search)) {
      yield* executor.perform(t);
      yield* this.#graph.release(t, this.#ready); // after its writes are installed: S1
    }
  }
}

/** What `levels` and `components` have in common: a plan in groups. */
abstract class InGroups implements Schedule {
  readonly #graph: Graph;
  readonly #plan: (graph: Successors) => Grouped;
  protected readonly barrier: Barrier;
  protected readonly order: Words;
  protected readonly starts: Words;
  protected readonly groups: Words;
  protected readonly drawn: RoundDispenser;

  constructor(
    memory: Memory,
    graph: Graph,
    barrier: Barrier,
    transactions: number,
    plan: (graph: Successors) => Grouped,
  ) {
    this.#graph = graph;
    this.#plan = plan;
    this.barrier = barrier;
    this.order = memory.words('order', transactions);
    this.starts = memory.words('starts', transactions + 1);
    this.groups = memory.words('groups', 1);
    this.drawn = new RoundDispenser(memory, 'drawn');
  }

  poke(): void {
    const { order, starts } = this.#plan(this.#graph.peekSuccessors());
    for (let i = 0; i < order.length; i++) this.order.poke(i, order[i]);
    for (let group = 0; group < starts.length; group++) this.starts.poke(group, starts[group]);
    this.groups.poke(0, starts.length - 1);
  }

  *prepare(core: Core): Steps<void> {
    if (core.id === 0) yield* this.#store();
    yield* this.barrier.meet();
  }

  *#store(): Steps<void> {
    const { order, starts } = this.#plan(yield* this.#graph.successors());
    for (let i = 0; i < order.length; i++) yield* this.order.store(i, order[i]);
    for (let group = 0; group < starts.length; group++) yield* this.starts.store(group, starts[group]);
    yield* this.groups.store(0, starts.length - 1);
  }

  abstract run(core: Core, executor: Executor): Steps<void>;
}

/** levels: all of a level, in any order, before any of the next. */
export class ByLevels extends InGroups {
  *run(core: Core, executor: Executor): Steps<void> {
    const levels = yield* this.groups.load(0);
    for (let level = 0; level < levels; level++) {
      const start = yield* this.starts.load(level);
      const size = (yield* this.starts.load(level + 1)) - start;
      if (core.id === 0) yield* this.drawn.prepareNext(level);
      for (let i = yield* this.drawn.take(level, size); i >= 0; i = yield* this.drawn.take(level, size)) {
        yield* executor.perform(yield* this.order.load(start + i));
      }
      yield* this.barrier.meet(); // the next level may wait for any of this one
    }
  }
}

/** components: each by one core alone, in the block's order. */
export class ByComponents extends InGroups {
  *run(_core: Core, executor: Executor): Steps<void> {
    const size = yield* this.groups.load(0);
    for (let i = yield* this.drawn.take(0, size); i >= 0; i = yield* this.drawn.take(0, size)) {
      const end = yield* this.starts.load(i + 1);
      for (let at = yield* this.starts.load(i); at < end; at++) {
        yield* executor.perform(yield* this.order.load(at));
      }
    }
  }
}

/**
 * Static DAG: from access sets known beforehand, a graph of which transactions have to wait for which; then the
 * transactions execute as soon as it lets them, without locks, validation or re-execution.
 *
 * Paper       Dickerson, Gazzillo, Herlihy, Koskinen: Adding Concurrency to Smart Contracts. PODC 2017,
 *             doi:10.1145/3087801.3087835; what its validators do with a miner's graph (section 4).
 *             Anjana, Attiya, Kumari, Peri, Somani: OptSmart. arXiv:2102.04875; block graphs between transactions.
 *             Saraph, Herlihy: An Empirical Study of Speculative Concurrency in Ethereum Smart Contracts.
 *             Tokenomics 2019; executing by access sets.
 *             Schedules: `levels` is a barrier where those fork and join; `critical-path` is list scheduling,
 *             Graham: Bounds on Multiprocessing Timing Anomalies. SIAM J. Appl. Math. 17(2), 1969;
 *             `components` is what Grevm 1.0 does (github.com/Galxe/grevm).
 * Guarantee   Block order. No deadlock, as edges lead from lower to higher transactions. No aborts, so nobody
 *             starves, and no attempt sees an inconsistent state, unless an access turns out to be undeclared.
 * Assumption  The access sets contain all accesses. If not, the block still ends rightly, but serially.
 *
 * Words       edge          u → t: t conflicts with u, comes after it, and no third one lies between them on that key
 *             ready         without an edge from a transaction that has not ended
 *             given         the graph and the schedule's plan come with the block, as a validator gets them
 *
 * Layout      data[key]     whoever executes a transaction that declares to write the key
 *             see graph.ts, ready.ts and schedules.ts for the rest
 *
 * Invariants  S1  Of two transactions that conflict by their sets the lower one has installed its writes before
 *                 the other starts. For there is a path of edges between them (conflicts.ts), and an edge is
 *                 ended, the next level begun, or the component gone on with, after the writes are in `data`.
 *             S2  So while a transaction executes, nobody changes a key that it declares, and it reads in place
 *                 what the block's order gives; its writes need no versions.
 *             S3  What a transaction does to `data` is declared. An undeclared read ends the attempt before it
 *                 is done, an undeclared write before anything is installed; then the alarm is raised
 *                 (parts/serial-fallback.ts). The others go on along the graph without executing what is left,
 *                 so that nobody waits in vain, and when all have ended, core 0 executes the block serially.
 *
 * Departures  D1  Miners find graphs by speculative execution, and put them into the block. Here an oracle's or the
 *                 declared access sets stand for that.
 *             D2  Edges lead only to the latest conflicting transactions of each key. The graph that this leaves
 *                 has the same paths; it is not reduced across keys.
 *             D3  Grevm 1.0 divides components among a fixed number of groups; here cores draw them one after
 *                 another, the heaviest first.
 *             D4  With `critical-path` and more than two cores, a core does not look at all that are ready, but
 *                 takes the heavier of the first of two shards (ready.ts): the heaviest ones may start a little
 *                 later than in a list schedule.
 *
 * Cost notes  Building: all cores add edges, each for a partition of the keys, which leaves the graph in shared
 *             memory: a counter, and an edge into a list that others extend too, for each conflict. Which edges
 *             there are, each core works out on private arrays. Planning (all schedules but `fifo`) is done
 *             by core 0 alone: it loads each edge, computes privately, and stores the plan. With `given` all
 *             this happens before the block starts.
 *             Executing: a transaction costs two counters of the ready queue and a counter for each edge. There
 *             is no concurrency at all on a key that everybody declares to write; `levels` waits for
 *             the slowest of each level, and `components` executes a component on one core however wide it is.
 */
import { Barrier } from '../../harness/machine/barrier.ts';
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
  z,
} from '../algorithm.ts';
import { AccessSet } from '../parts/access-set.ts';
import { type AccessSets, declaredSets, slotOf } from '../parts/declared-sets.ts';
import { SerialFallback, UNDECLARED } from '../parts/serial-fallback.ts';
import { Graph } from './graph.ts';
import { components, levels } from './plan.ts';
import {
  ByComponents,
  ByLevels,
  type Executor,
  FirstReady,
  HeaviestPath,
  type Schedule,
} from './schedules.ts';

interface Options {
  readonly sets: 'declared' | 'exact';
  readonly schedule: 'fifo' | 'critical-path' | 'levels' | 'components';
  readonly weights: 'one' | 'accesses';
  readonly build: 'timed' | 'given';
}

class StaticDag implements Instance {
  readonly context: Context<Options>;
  readonly sets: AccessSets;
  readonly data: Values;
  readonly fallback: SerialFallback;
  readonly #barrier: Barrier;
  readonly #graph: Graph;
  readonly #schedule: Schedule;

  constructor(context: Context<Options>) {
    const { memory, block, cores } = context;
    this.context = context;
    this.sets = declaredSets(block);
    this.data = memory.values('data', block.keys);
    this.fallback = new SerialFallback(memory, block);
    this.#barrier = new Barrier(memory, 'phases', cores);
    this.#graph = new Graph(memory, block, this.sets);
    this.#schedule = this.#scheduled();
  }

  #scheduled(): Schedule {
    const { memory, block, cores, options } = this.context;
    const graph = this.#graph;
    const barrier = this.#barrier;
    const n = block.transactions;
    const weights = (): Int32Array => weightsOf(this.sets, n, options.weights);
    switch (options.schedule) {
      case 'fifo':
        return new FirstReady(memory, graph, n);
      case 'critical-path':
        return new HeaviestPath(memory, graph, barrier, n, cores, weights);
      case 'levels':
        return new ByLevels(memory, graph, barrier, n, levels);
      case 'components':
        return new ByComponents(memory, graph, barrier, n, (successors) => components(successors, weights()));
    }
  }

  load(): void {
    const { block, options } = this.context;
    for (let key = 0; key < block.keys; key++) this.data.poke(key, block.initial[key]);
    if (options.build === 'timed') return;
    this.#graph.poke();
    this.#schedule.poke();
  }

  *run(core: Core): Steps<void> {
    if (this.context.options.build === 'timed') {
      yield* this.#graph.build(core.id, core.count);
      yield* this.#barrier.meet();
      yield* this.#schedule.prepare(core);
    }
    const worker = new Worker(this, core);
    yield* this.#schedule.run(core, worker);
    yield* this.#barrier.meet();
    yield* this.fallback.conclude(core, worker.committed, this.data);
  }

  state(key: number): number {
    return this.data.peek(key);
  }
}

/** How heavy each transaction is taken to be. */
function weightsOf({ reads, writes }: AccessSets, n: number, kind: Options['weights']): Int32Array {
  const weights = new Int32Array(n).fill(1);
  if (kind === 'one') return weights;
  for (let t = 0; t < n; t++) {
    weights[t] += reads.from[t + 1] - reads.from[t] + writes.from[t + 1] - writes.from[t];
  }
  return weights;
}

/** Executes transactions in place, one at a time (S2). */
class Worker implements View, Executor {
  readonly #dag: StaticDag;
  readonly #core: Core;
  readonly #writes: AccessSet;
  #t = 0;
  committed = 0;

  constructor(dag: StaticDag, core: Core) {
    this.#dag = dag;
    this.#core = core;
    this.#writes = new AccessSet(dag.context.block.maxWrites);
  }

  *perform(t: number): Steps<void> {
    if (yield* this.#dag.fallback.raised()) return;
    this.#t = t;
    this.#core.begin(t);
    this.#writes.clear();
    const outcome = yield* this.#core.execute(t, this);
    if (outcome === REVERTED) this.#writes.clear();
    if (outcome === ABORTED || !this.#allDeclared()) {
      this.#core.abort(UNDECLARED);
      yield* this.#dag.fallback.raise();
      return;
    }
    const { keys, values, size } = this.#writes;
    for (let i = 0; i < size; i++) yield* this.#dag.data.store(keys[i], values[i]);
    this.#core.commit(t);
    this.committed++;
  }

  #allDeclared(): boolean {
    const { keys, size } = this.#writes;
    for (let i = 0; i < size; i++) if (slotOf(this.#dag.sets.writes, this.#t, keys[i]) < 0) return false;
    return true;
  }

  /** In place. What is declared to be written may be read too: conflicts with it are ordered just as well. */
  *read(key: number): Steps<number> {
    const own = this.#writes.find(key);
    if (own >= 0) return this.#writes.values[own];
    const { reads, writes } = this.#dag.sets;
    if (slotOf(reads, this.#t, key) < 0 && slotOf(writes, this.#t, key) < 0) throw ABORT;
    return yield* this.#dag.data.load(key);
  }

  *write(key: number, value: number): Steps<void> {
    this.#writes.put(key, value);
  }
}

export default defineAlgorithm({
  name: 'static-dag',
  summary: 'access sets known: a conflict graph, and every transaction as soon as those before it have ended',
  source:
    'Dickerson, Gazzillo, Herlihy, Koskinen: Adding Concurrency to Smart Contracts. PODC 2017 (its validators)',
  guarantee: 'block-order',
  witness: 'preset',
  opaque: true,
  accessSets: ({ sets }) => sets,
  options: z.strictObject({
    sets: z
      .enum(['declared', 'exact'])
      .default('declared')
      .describe('access sets as transactions declare them, or as an oracle knows them'),
    schedule: z
      .enum(['fifo', 'critical-path', 'levels', 'components'])
      .default('fifo')
      .describe(
        'which ready transaction is next: the first, the one with the heaviest path behind it, or by levels with ' +
          'a barrier after each; or each weakly connected component on one core',
      ),
    weights: z
      .enum(['one', 'accesses'])
      .default('one')
      .describe(
        'what critical-path and components take a transaction to weigh: one, or its number of accesses',
      ),
    build: z
      .enum(['timed', 'given'])
      .default('timed')
      .describe('build the graph within the run, or find it in the block'),
  }),
  aborts: [UNDECLARED],
  create: (context) => new StaticDag(context),
});

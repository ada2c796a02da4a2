/**
 * NAME: one lock for everything, to start from. Correct, and slow: nothing runs in parallel.
 *
 * Paper       Authors: Title. Venue year, doi:…; the sections and figures that are implemented.
 * Guarantee   Serializable, in the order in which the lock is taken. Not block order.
 *             No deadlock: there is one lock. No attempt is ever aborted, and none reads an inconsistent state.
 *
 * Words       The paper's words = the names used here.
 *
 * Layout      data[key]   the lock's holder
 *             lock        whoever takes or leaves it: 0 free, 1 held
 *             turns       the lock's holder: how many transactions have committed
 *             next        every core: the next transaction to execute (parts/dispenser.ts)
 *
 * Invariants  I1  Only the lock's holder touches data and turns. By the compare-and-swap in `#enter`.
 *
 * Departures  D1  What is not as in the paper, why, and what it does to the results; or: none.
 *
 * Cost notes  Where the time goes. Here: every transaction waits for all the others.
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
  type Words,
  z,
} from 'contend/algorithm';
import { AccessSet } from 'contend/parts/access-set';
import { Dispenser } from 'contend/parts/dispenser';

/** What the cores share. Made in the main thread and again in each worker, over the same memory. */
class Shared implements Instance {
  readonly context: Context<unknown>;
  readonly data: Values;
  readonly lock: Words;
  readonly turns: Words;
  readonly dispenser: Dispenser;

  constructor(context: Context<unknown>) {
    const { memory, block } = context;
    this.context = context;
    this.data = memory.values('data', block.keys);
    // Padded: on a cache line of its own, since all cores write it.
    this.lock = memory.words('lock', 1, 'padded');
    this.turns = memory.words('turns', 1);
    this.dispenser = new Dispenser(memory, block.transactions);
  }

  /** All memory is zeros before; `poke` costs nothing, and is only for here. */
  load(): void {
    const { initial } = this.context.block;
    for (let key = 0; key < initial.length; key++) this.data.poke(key, initial[key]);
  }

  /** What each core does until the block is done. */
  *run(core: Core): Steps<void> {
    const worker = new Worker(this, core);
    for (let t = yield* this.dispenser.take(); t >= 0; t = yield* this.dispenser.take()) {
      yield* worker.transact(t);
    }
  }

  /** The value of a key after the run; `peek` is only for here. */
  state(key: number): number {
    return this.data.peek(key);
  }
}

/** One core's part, and what a transaction on it sees. Its fields are the core's own. */
class Worker implements View {
  readonly #shared: Shared;
  readonly #core: Core;
  /** Writes wait here until the outcome is known: a transaction that reverts leaves none. */
  readonly #writes: AccessSet;

  constructor(shared: Shared, core: Core) {
    this.#shared = shared;
    this.#core = core;
    this.#writes = new AccessSet(shared.context.block.maxWrites);
  }

  *transact(t: number): Steps<void> {
    this.#core.begin(t);
    this.#writes.clear();
    yield* this.#enter();
    // `execute` runs the transaction's procedure over this view. It returns ABORTED if the view threw ABORT: then
    // call `core.abort('a declared cause')` and start over from `core.begin(t)`, after a pause (contend/parts/backoff),
    // or two transactions may abort each other for ever. Here nothing ever aborts.
    const outcome = yield* this.#core.execute(t, this);
    if (outcome !== REVERTED) yield* this.#install();
    const point = yield* this.#shared.turns.add(0, 1); // serialization point
    yield* this.#leave();
    // The witness: the run claims to be equivalent to the transactions in the order of these numbers.
    this.#core.commit(t, point);
  }

  *read(key: number): Steps<number> {
    const own = this.#writes.find(key);
    return own >= 0 ? this.#writes.values[own] : yield* this.#shared.data.load(key);
  }

  *write(key: number, value: number): Steps<void> {
    this.#writes.put(key, value);
  }

  *#install(): Steps<void> {
    const { keys, values, size } = this.#writes;
    for (let i = 0; i < size; i++) yield* this.#shared.data.store(keys[i], values[i]);
  }

  *#enter(): Steps<void> {
    const { lock } = this.#shared;
    // Never a bare loop: `waitWhile` parks the core until somebody changes the word and wakes it.
    while ((yield* lock.compareExchange(0, 0, 1)) !== 0) yield* lock.waitWhile(0, 1);
  }

  *#leave(): Steps<void> {
    const { lock } = this.#shared;
    yield* lock.store(0, 0);
    // After the change, or those that wait would look too early and sleep on.
    yield* lock.wake(0);
  }
}

export default defineAlgorithm({
  name: 'NAME',
  summary: 'what it does, in a line',
  source: 'Authors: Title. Venue year',
  // 'block-order' if every run is equivalent to the block executed in its order.
  guarantee: 'serializable',
  // 'points': a number with each commit. 'versions': core.witnessRead and core.witnessWrite. 'preset': block order.
  witness: 'points',
  // No attempt reads an inconsistent state, not even one that is aborted later. Leave it out if any may.
  opaque: true,
  // Each option with a default and a description: z.int().min(0).default(100).describe('…')
  options: z.strictObject({}),
  // The causes that core.abort is called with, and what core.tally counts.
  aborts: [],
  counters: [],
  create: (context) => new Shared(context),
});

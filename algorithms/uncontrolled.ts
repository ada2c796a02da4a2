/**
 * Uncontrolled: no concurrency control at all. Reads what is there, installs its writes at the end, checks
 * nothing. A control: verification has to reject its runs wherever an anomaly occurs, and the speed that it
 * reaches is what control costs the others.
 *
 * Paper       None.
 * Guarantee   None. Lost updates, read skew and write skew all occur.
 * Layout      rows[key]   value     any committer, at any time
 *                         version   any committer; which write of the key is the latest
 *             next        every core: the next transaction to execute
 * Invariants  I1  Versions of a key are overwritten one after the other: by an exchange. So the witness is
 *                 true about the order of writes, even though nobody controlled it.
 * Departures  None.
 * Cost notes  Two loads a read, two stores a write.
 */
import {
  type Context,
  type Core,
  defineAlgorithm,
  type Instance,
  REVERTED,
  type Steps,
  type View,
  type Views,
  z,
} from './algorithm.ts';
import { AccessSet } from './parts/access-set.ts';
import { Dispenser } from './parts/dispenser.ts';

class Uncontrolled implements Instance {
  readonly context: Context<unknown>;
  readonly rows: Views<{ value: 'value'; version: 'word' }>;
  readonly #dispenser: Dispenser;

  constructor(context: Context<unknown>) {
    const { memory, block } = context;
    this.context = context;
    this.rows = memory.records('rows', block.keys, { value: 'value', version: 'word' });
    this.#dispenser = new Dispenser(memory, block.transactions);
  }

  load(): void {
    const { initial } = this.context.block;
    for (let key = 0; key < initial.length; key++) this.rows.value.poke(key, initial[key]);
  }

  *run(core: Core): Steps<void> {
    const worker = new Worker(this, core);
    for (let t = yield* this.#dispenser.take(); t >= 0; t = yield* this.#dispenser.take()) {
      yield* worker.transact(t);
    }
  }

  state(key: number): number {
    return this.rows.value.peek(key);
  }
}

class Worker implements View {
  readonly #core: Core;
  readonly #rows: Uncontrolled['rows'];
  readonly #writes: AccessSet;

  constructor({ context, rows }: Uncontrolled, core: Core) {
    this.#core = core;
    this.#rows = rows;
    this.#writes = new AccessSet(context.block.maxWrites);
  }

  *transact(t: number): Steps<void> {
    this.#core.begin(t);
    this.#writes.clear();
    const outcome = yield* this.#core.execute(t, this);
    if (outcome !== REVERTED) yield* this.#install(t + 1);
    this.#core.commit(t);
  }

  *read(key: number): Steps<number> {
    const own = this.#writes.find(key);
    if (own >= 0) return this.#writes.values[own];
    this.#core.witnessRead(key, yield* this.#rows.version.load(key));
    return yield* this.#rows.value.load(key);
  }

  *write(key: number, value: number): Steps<void> {
    this.#writes.put(key, value);
  }

  *#install(version: number): Steps<void> {
    const { keys, values, size } = this.#writes;
    for (let i = 0; i < size; i++) {
      yield* this.#rows.value.store(keys[i], values[i]);
      this.#core.witnessWrite(keys[i], version, yield* this.#rows.version.exchange(keys[i], version));
    }
  }
}

export default defineAlgorithm({
  name: 'uncontrolled',
  summary: 'no concurrency control at all: a control that verification must reject',
  source: 'the absence of concurrency control',
  guarantee: 'none',
  witness: 'versions',
  options: z.strictObject({}),
  aborts: [],
  create: (context) => new Uncontrolled(context),
});

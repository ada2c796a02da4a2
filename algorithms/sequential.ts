/**
 * Sequential: one core executes the block in its order, the others have nothing to do.
 * What a platform without concurrency control does, under the same interface and audit as all the others.
 *
 * Paper       None; the definition of a blockchain's block.
 * Guarantee   Block order. No aborts, no waiting: each transaction is executed once.
 * Words       None.
 * Layout      data[key]   core 0
 * Invariants  I1  Only core 0 touches shared memory, so each transaction reads what the ones before it left.
 * Departures  None.
 * Cost notes  A transaction's writes are buffered until its outcome is known, since a reverted one leaves none.
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
  z,
} from './algorithm.ts';
import { AccessSet } from './parts/access-set.ts';

class Sequential implements Instance, View {
  readonly #context: Context<unknown>;
  readonly #data: Values;
  readonly #writes: AccessSet;

  constructor(context: Context<unknown>) {
    this.#context = context;
    this.#data = context.memory.values('data', context.block.keys);
    this.#writes = new AccessSet(context.block.maxWrites);
  }

  load(): void {
    this.#context.block.initial.forEach((value, key) => {
      this.#data.poke(key, value);
    });
  }

  *run(core: Core): Steps<void> {
    if (core.id !== 0) return;
    for (let t = 0; t < this.#context.block.transactions; t++) {
      core.begin(t);
      this.#writes.clear();
      const outcome = yield* core.execute(t, this);
      if (outcome !== REVERTED) yield* this.#install();
      core.commit(t);
    }
  }

  *read(key: number): Steps<number> {
    const own = this.#writes.find(key);
    return own >= 0 ? this.#writes.values[own] : yield* this.#data.load(key);
  }

  *write(key: number, value: number): Steps<void> {
    this.#writes.put(key, value);
  }

  *#install(): Steps<void> {
    const { keys, values, size } = this.#writes;
    for (let i = 0; i < size; i++) yield* this.#data.store(keys[i], values[i]);
  }

  state(key: number): number {
    return this.#data.peek(key);
  }
}

export default defineAlgorithm({
  name: 'sequential',
  summary: 'one core executes the block in its order',
  source: 'the definition of a block',
  guarantee: 'block-order',
  witness: 'preset',
  opaque: true,
  options: z.strictObject({}),
  aborts: [],
  create: (context) => new Sequential(context),
});

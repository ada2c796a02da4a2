/**
 * The baseline of every speed-up: the block executed by a plain loop over one array of values, on one core,
 * without read tracking, write buffers, locks or audit. What remains is an undo of reverted writes, since a
 * baseline that computes something else would be none.
 */
import {
  type Block,
  type Context,
  type Core,
  defineAlgorithm,
  type Instance,
  REVERTED,
  type Steps,
  type Transaction,
  type Values,
  z,
} from '../../algorithms/algorithm.ts';

class Plain implements Instance, Transaction {
  readonly #block: Block;
  readonly #data: Values;
  readonly #undoKeys: number[] = [];
  readonly #undoValues: number[] = [];
  #undos = 0;
  #core!: Core;

  constructor({ block, memory }: Context<unknown>) {
    this.#block = block;
    this.#data = memory.values('data', block.keys);
  }

  load(): void {
    const { initial } = this.#block;
    for (let key = 0; key < initial.length; key++) this.#data.poke(key, initial[key]);
  }

  *run(core: Core): Steps<void> {
    this.#core = core;
    const { transactions, procedures, procedure, args, argsFrom } = this.#block;
    for (let t = 0; t < transactions; t++) {
      this.#undos = 0;
      const outcome = yield* procedures[procedure[t]](this, args, argsFrom[t]);
      if (outcome === REVERTED) yield* this.#undo();
    }
  }

  read(key: number): Steps<number> {
    return this.#data.load(key);
  }

  *write(key: number, value: number): Steps<void> {
    this.#undoKeys[this.#undos] = key;
    this.#undoValues[this.#undos++] = this.#data.peek(key);
    yield* this.#data.store(key, value);
  }

  work(units: number): void {
    this.#core.work(units);
  }

  *#undo(): Steps<void> {
    while (this.#undos > 0) {
      this.#undos--;
      yield* this.#data.store(this.#undoKeys[this.#undos], this.#undoValues[this.#undos]);
    }
  }

  state(key: number): number {
    return this.#data.peek(key);
  }
}

export default defineAlgorithm({
  name: 'plain',
  summary: 'the plain sequential loop that speed-ups are measured against',
  source: 'the definition of a block',
  guarantee: 'block-order',
  witness: 'preset',
  options: z.strictObject({}),
  aborts: [],
  create: (context) => new Plain(context),
});

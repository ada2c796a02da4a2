/**
 * Timestamps drawn and nothing else: each transaction draws so many, then reads. What an experiment of the
 * paper's section 4.3 measures, as an algorithm for blocks that only read, of which every order is a serial one.
 */
import {
  type Context,
  type Core,
  defineAlgorithm,
  type Instance,
  type Steps,
  type Values,
  type View,
  z,
} from '../../algorithms/algorithm.ts';
import { Dispatcher, Queue } from '../../algorithms/parts/dispatch.ts';
import {
  type Allocation,
  batchOption,
  TimestampSource,
  Timestamps,
  timestampsOption,
} from '../../algorithms/parts/timestamps.ts';

interface Options {
  readonly timestamps: Allocation;
  readonly batch: number;
  readonly draws: number;
  readonly between: number;
}

class Allocating implements Instance {
  readonly #context: Context<Options>;
  readonly #data: Values;
  readonly #source: TimestampSource;
  readonly #dispatcher: Dispatcher;

  constructor(context: Context<Options>) {
    const { memory, block, cores, options } = context;
    this.#context = context;
    this.#data = memory.values('data', block.keys);
    this.#source = new TimestampSource(memory, cores, options.timestamps, options.batch);
    this.#dispatcher = new Dispatcher(memory, block.transactions, 'dealt');
  }

  load(): void {
    const { initial } = this.#context.block;
    for (let key = 0; key < initial.length; key++) this.#data.poke(key, initial[key]);
  }

  *run(core: Core): Steps<void> {
    const { draws, between } = this.#context.options;
    const timestamps = new Timestamps(this.#source, core);
    const view = new ReadOnly(this.#data);
    const queue = new Queue(this.#dispatcher, core);
    for (let t = yield* queue.take(); t >= 0; t = yield* queue.take()) {
      core.begin(t);
      let stamp = 0;
      for (let i = 0; i < draws; i++) {
        core.work(between);
        stamp = yield* timestamps.draw();
      }
      yield* core.execute(t, view);
      core.commit(t, stamp);
    }
  }

  state(key: number): number {
    return this.#data.peek(key);
  }
}

class ReadOnly implements View {
  readonly #data: Values;

  constructor(data: Values) {
    this.#data = data;
  }

  read(key: number): Steps<number> {
    return this.#data.load(key);
  }

  write(key: number): never {
    throw new Error(`a write of key ${key}: only timestamps are measured here, on blocks that only read`);
  }
}

export default defineAlgorithm({
  name: 'timestamps-alone',
  summary: 'draws timestamps and reads: what their allocation alone costs',
  source: 'Yu, Bezerra, Pavlo, Devadas, Stonebraker: Staring into the Abyss. PVLDB 8(3), 2014, section 4.3',
  guarantee: 'serializable',
  witness: 'points',
  options: z.strictObject({
    timestamps: timestampsOption,
    batch: batchOption,
    draws: z.int().min(1).max(100_000).default(100).describe('timestamps that a transaction draws'),
    between: z
      .int()
      .min(0)
      .max(1e6)
      .default(10)
      .describe(
        'units of computing before each: the code around it, or what it takes to read a clock; a guess',
      ),
  }),
  aborts: [],
  create: (context) => new Allocating(context),
});

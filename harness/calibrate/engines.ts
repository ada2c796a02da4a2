/**
 * What an engine's own code costs: three engines, as small as their kinds can be, execute a block on one core, or
 * one on each of several that share nothing. Their time beyond what the accesses themselves take is what erased code
 * costs around an access, and an attempt. What they leave is as loops.ts leaves it.
 *
 * Kinds       direct      reads values, buffers writes, installs them
 *             optimistic  reads a version, a value and the version again; locks in key order, validates, installs
 *             locking     takes a lock for each key that it touches, installs, releases all of them
 *
 * Layout      rows[core * keys + key]   value, version (also the lock's word)     one line holds four
 */
import {
  type Block,
  type Context,
  type Core,
  defineAlgorithm,
  type Instance,
  type Steps,
  type Values,
  type View,
  type Views,
  z,
} from '../../algorithms/algorithm.ts';
import { AccessSet } from '../../algorithms/parts/access-set.ts';
import { SAMPLES } from './loops.ts';

const options = z.strictObject({
  kind: z.enum(['direct', 'optimistic', 'locking']).describe('how it guards what it reads and writes'),
  versions: z.boolean().default(false).describe('whether it hands over a witness of versions'),
});

type Options = z.output<typeof options>;

const FREE = 0;
const LOCKED = 1;

type Rows = Views<{ value: 'value'; version: 'word' }>;

class Engines implements Instance {
  readonly block: Block;
  readonly rows: Rows;
  readonly #kind: Options['kind'];
  readonly #elapsed: Values;
  readonly #result: Values;

  constructor({ block, cores, memory, options }: Context<Options>) {
    this.block = block;
    this.rows = memory.records('rows', cores * block.keys, { value: 'value', version: 'word' });
    this.#kind = options.kind;
    this.#elapsed = memory.values('elapsed', SAMPLES);
    this.#result = memory.values('result', 1, 'padded');
  }

  load(): void {}

  *run(core: Core): Steps<void> {
    const { keys, transactions } = this.block;
    const engine = new KINDS[this.#kind](this, core);
    const batch = Math.floor(transactions / core.count / SAMPLES);
    for (let sample = 0; sample < SAMPLES; sample++) {
      const start_ns = core.now();
      const from = (core.id * SAMPLES + sample) * batch;
      for (let t = from; t < from + batch; t++) yield* engine.transact(t);
      const elapsed_ns = core.now() - start_ns;
      if (core.id === 0) yield* this.#elapsed.store(sample, elapsed_ns);
    }
    if (core.id !== 0) return;
    let sum = 0;
    for (let key = 0; key < keys; key++) sum += yield* this.rows.value.load(key);
    yield* this.#result.store(0, sum);
  }

  state(key: number): number {
    if (key < SAMPLES) return this.#elapsed.peek(key);
    return key === this.block.keys - 1 ? this.#result.peek(0) : 0;
  }
}

/** What the kinds share. Each is a class of its own, as an engine would be: none asks which it is. */
abstract class Engine implements View {
  readonly core: Core;
  readonly rows: Rows;
  readonly reads: AccessSet;
  readonly writes: AccessSet;
  /** Where the core's rows begin. */
  readonly #from: number;

  constructor({ block, rows }: Engines, core: Core) {
    this.core = core;
    this.rows = rows;
    this.reads = new AccessSet(block.maxReads + block.maxWrites);
    this.writes = new AccessSet(block.maxWrites);
    this.#from = core.id * block.keys;
  }

  abstract read(key: number): Steps<number>;
  abstract write(key: number, value: number): Steps<void>;
  abstract end(t: number): Steps<void>;

  *transact(t: number): Steps<void> {
    this.core.begin(t);
    this.reads.clear();
    this.writes.clear();
    yield* this.core.execute(t, this);
    yield* this.end(t);
    this.core.commit(t, t);
  }

  row(key: number): number {
    return this.#from + key;
  }
}

class Direct extends Engine {
  *read(key: number): Steps<number> {
    const row = this.row(key);
    const own = this.writes.find(row);
    return own >= 0 ? this.writes.values[own] : yield* this.rows.value.load(row);
  }

  *write(key: number, value: number): Steps<void> {
    this.writes.put(this.row(key), value);
  }

  *end(): Steps<void> {
    const { keys, values, size } = this.writes;
    for (let i = 0; i < size; i++) yield* this.rows.value.store(keys[i], values[i]);
  }
}

class Optimistic extends Engine {
  *read(key: number): Steps<number> {
    const row = this.row(key);
    const own = this.writes.find(row);
    if (own >= 0) return this.writes.values[own];
    const before = yield* this.rows.version.load(row);
    const result = yield* this.rows.value.load(row);
    if ((yield* this.rows.version.load(row)) !== before) throw new Error('a version changed on one core');
    if (this.reads.find(row) < 0) this.reads.add(row, before);
    return result;
  }

  *write(key: number, value: number): Steps<void> {
    this.writes.put(this.row(key), value);
  }

  *end(t: number): Steps<void> {
    const { value, version } = this.rows;
    const { keys, values, size } = this.writes;
    this.writes.sort();
    for (let i = 0; i < size; i++) {
      const before = yield* version.load(keys[i]);
      // As a lock is taken, though here it need not be told apart.
      if ((yield* version.compareExchange(keys[i], before, before)) !== before)
        throw new Error('lost a lock');
      this.core.witnessWrite(keys[i], t + 1, before);
    }
    for (let i = 0; i < this.reads.size; i++) {
      const now = yield* version.load(this.reads.keys[i]);
      if (now !== this.reads.values[i]) throw new Error('a version changed on one core');
      this.core.witnessRead(this.reads.keys[i], now);
    }
    for (let i = 0; i < size; i++) {
      yield* value.store(keys[i], values[i]);
      yield* version.store(keys[i], t + 1);
      yield* version.wake(keys[i]);
    }
  }
}

class Locking extends Engine {
  *read(key: number): Steps<number> {
    const row = this.row(key);
    const own = this.writes.find(row);
    if (own >= 0) return this.writes.values[own];
    yield* this.#take(row);
    return yield* this.rows.value.load(row);
  }

  *write(key: number, value: number): Steps<void> {
    const row = this.row(key);
    yield* this.#take(row);
    this.writes.put(row, value);
  }

  *#take(row: number): Steps<void> {
    if (this.reads.find(row) >= 0) return;
    const before = yield* this.rows.version.compareExchange(row, FREE, LOCKED);
    if (before !== FREE) throw new Error('locked by another on one core');
    this.reads.add(row, LOCKED);
  }

  *end(t: number): Steps<void> {
    const { keys, values, size } = this.writes;
    for (let i = 0; i < size; i++) {
      yield* this.rows.value.store(keys[i], values[i]);
      this.core.witnessWrite(keys[i], t + 1, t);
    }
    for (let i = 0; i < this.reads.size; i++) {
      yield* this.rows.version.store(this.reads.keys[i], FREE);
      yield* this.rows.version.wake(this.reads.keys[i]);
      this.core.witnessRead(this.reads.keys[i], t);
    }
  }
}

const KINDS = { direct: Direct, optimistic: Optimistic, locking: Locking };

export default defineAlgorithm({
  name: 'engines',
  summary: 'the smallest engines of three kinds, on cores that share nothing',
  source: "the figures of a machine model that stand for an engine's own code",
  guarantee: 'none',
  witness: ({ versions }) => (versions ? 'versions' : 'points'),
  options,
  aborts: [],
  create: (context) => new Engines(context),
});

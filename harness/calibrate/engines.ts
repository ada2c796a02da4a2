/**
 * What an engine's own code costs: three engines, as small as their kinds can be, execute a block on one core.
 * Their time beyond what the accesses themselves take is what erased code costs around an access, and an
 * attempt. What they leave is as loops.ts leaves it.
 *
 * Kinds       direct      reads values, buffers writes, installs them
 *             optimistic  reads a version, a value and the version again; locks, validates, installs
 *             locking     takes a lock for each key that it touches, installs, releases all of them
 *
 * Layout      rows[key]   value, version (also the lock's word)     one line holds four
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
});

type Options = z.output<typeof options>;

const FREE = 0;
const LOCKED = 1;

/** What the kinds share. Each is a class of its own, as an engine would be: none asks which it is. */
abstract class Engine implements Instance, View {
  readonly rows: Views<{ value: 'value'; version: 'word' }>;
  readonly reads: AccessSet;
  readonly writes: AccessSet;
  readonly #block: Block;
  readonly #elapsed: Values;
  readonly #result: Values;

  constructor({ block, memory }: Context<Options>) {
    this.rows = memory.records('rows', block.keys, { value: 'value', version: 'word' });
    this.reads = new AccessSet(block.maxReads + block.maxWrites);
    this.writes = new AccessSet(block.maxWrites);
    this.#block = block;
    this.#elapsed = memory.values('elapsed', SAMPLES);
    this.#result = memory.values('result', 1);
  }

  abstract read(key: number): Steps<number>;
  abstract write(key: number, value: number): Steps<void>;
  abstract end(t: number): Steps<void>;

  load(): void {}

  *run(core: Core): Steps<void> {
    const { keys, transactions } = this.#block;
    const batch = Math.floor(transactions / SAMPLES);
    for (let sample = 0; sample < SAMPLES; sample++) {
      const start_ns = core.now();
      for (let t = sample * batch; t < (sample + 1) * batch; t++) yield* this.#transact(core, t);
      yield* this.#elapsed.store(sample, core.now() - start_ns);
    }
    let sum = 0;
    for (let key = 0; key < keys; key++) sum += yield* this.rows.value.load(key);
    yield* this.#result.store(0, sum);
  }

  *#transact(core: Core, t: number): Steps<void> {
    core.begin(t);
    this.reads.clear();
    this.writes.clear();
    yield* core.execute(t, this);
    yield* this.end(t);
    core.commit(t, t);
  }

  state(key: number): number {
    if (key < SAMPLES) return this.#elapsed.peek(key);
    return key === this.#block.keys - 1 ? this.#result.peek(0) : 0;
  }
}

class Direct extends Engine {
  *read(key: number): Steps<number> {
    const own = this.writes.find(key);
    return own >= 0 ? this.writes.values[own] : yield* this.rows.value.load(key);
  }

  *write(key: number, value: number): Steps<void> {
    this.writes.put(key, value);
  }

  *end(): Steps<void> {
    const { keys, values, size } = this.writes;
    for (let i = 0; i < size; i++) yield* this.rows.value.store(keys[i], values[i]);
  }
}

class Optimistic extends Engine {
  *read(key: number): Steps<number> {
    const own = this.writes.find(key);
    if (own >= 0) return this.writes.values[own];
    const before = yield* this.rows.version.load(key);
    const result = yield* this.rows.value.load(key);
    if ((yield* this.rows.version.load(key)) !== before) throw new Error('a version changed on one core');
    if (this.reads.find(key) < 0) this.reads.add(key, before);
    return result;
  }

  *write(key: number, value: number): Steps<void> {
    this.writes.put(key, value);
  }

  *end(t: number): Steps<void> {
    const { value, version } = this.rows;
    const { keys, values, size } = this.writes;
    for (let i = 0; i < size; i++) {
      const before = yield* version.load(keys[i]);
      // As a lock is taken, though on one core it need not be told apart.
      if ((yield* version.compareExchange(keys[i], before, before)) !== before)
        throw new Error('lost a lock');
    }
    for (let i = 0; i < this.reads.size; i++) {
      const now = yield* version.load(this.reads.keys[i]);
      if (now !== this.reads.values[i]) throw new Error('a version changed on one core');
    }
    for (let i = 0; i < size; i++) {
      yield* value.store(keys[i], values[i]);
      yield* version.store(keys[i], t + 1);
    }
  }
}

class Locking extends Engine {
  *read(key: number): Steps<number> {
    const own = this.writes.find(key);
    if (own >= 0) return this.writes.values[own];
    yield* this.#take(key);
    return yield* this.rows.value.load(key);
  }

  *write(key: number, value: number): Steps<void> {
    yield* this.#take(key);
    this.writes.put(key, value);
  }

  *#take(key: number): Steps<void> {
    if (this.reads.find(key) >= 0) return;
    const before = yield* this.rows.version.compareExchange(key, FREE, LOCKED);
    if (before !== FREE) throw new Error('locked by another on one core');
    this.reads.add(key, LOCKED);
  }

  *end(): Steps<void> {
    const { keys, values, size } = this.writes;
    for (let i = 0; i < size; i++) yield* this.rows.value.store(keys[i], values[i]);
    for (let i = 0; i < this.reads.size; i++) yield* this.rows.version.store(this.reads.keys[i], FREE);
  }
}

const KINDS = { direct: Direct, optimistic: Optimistic, locking: Locking };

export default defineAlgorithm({
  name: 'engines',
  summary: 'the smallest engines of three kinds, on one core',
  source: "the figures of a machine model that stand for an engine's own code",
  guarantee: 'none',
  witness: 'points',
  options,
  aborts: [],
  create: (context) => new KINDS[context.options.kind](context),
});

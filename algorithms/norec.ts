/**
 * NOrec: transactional memory without ownership records.
 * One sequence lock guards everything. Reads are remembered with their values; whenever the lock has moved,
 * they are compared with memory again. A writer takes the lock, writes back and releases it.
 *
 * Paper       Dalessandro, Spear, Scott: NOrec: Streamlining STM by Abolishing Ownership Records. PPoPP 2010,
 *             doi:10.1145/1693453.1693464. Section 3, with the procedures of its listings.
 * Guarantee   Serializable: writers in the order in which they take the lock, a transaction that only reads right
 *             after the writer that left its snapshot. Not block order.
 *             Opaque: no attempt, whatever becomes of it, sees an inconsistent state (I3).
 *             No deadlock: one lock. Somebody always commits, since an attempt aborts only on what a writer
 *             committed; one transaction may starve.
 *
 * Words       clock      the paper's global lock: even, or odd while a writer writes back
 *             snapshot   the even clock that all of the read set is known to be valid at
 *
 * Layout      data[key]   the writer that holds the lock
 *             clock       writers that commit
 *             next        every core: the next transaction to execute
 *
 * Invariants  I1  Memory changes only while the clock is odd, and no even value of the clock comes twice. By
 *                 commit. Hence what was loaded between two loads of the same even clock was there all at once.
 *             I2  While the clock is odd it belongs to one writer, the one whose compare-and-swap made it odd.
 *             I3  All that an attempt has read is what memory holds at clock = snapshot. A read that finds the
 *                 clock moved re-validates all before it, then reads again.
 *             I4  A writer's lock is taken from its snapshot itself, so at that moment its reads are valid.
 *
 * Departures  D1  A key that was read is answered from the read set if it is read again; by I3 memory could
 *                 only say the same.
 *             D2  Values are compared by identity, -0 is not 0 and NaN is NaN, for a procedure could tell.
 *             D3  Waiting for an odd clock parks the core after a spin.
 *
 * Cost notes  A read costs a load of the value and one of the clock, which stays in the cache until a writer
 *             commits. Then every attempt under way re-reads all that it has read, so the work grows with cores
 *             times reads times writers; and no two writers write back at the same time, so that the time it
 *             takes to fetch the lines written bounds the throughput.
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
  type Values,
  type View,
  type Words,
  z,
} from './algorithm.ts';
import { AccessSet } from './parts/access-set.ts';
import { Dispenser } from './parts/dispenser.ts';

const ODD = 1;

class NOrec implements Instance {
  readonly context: Context<unknown>;
  readonly data: Values;
  readonly clock: Words;
  readonly dispenser: Dispenser;

  constructor(context: Context<unknown>) {
    const { memory, block } = context;
    this.context = context;
    this.data = memory.values('data', block.keys);
    this.clock = memory.words('clock', 1, 'padded');
    this.dispenser = new Dispenser(memory, block.transactions);
  }

  load(): void {
    const { initial } = this.context.block;
    for (let key = 0; key < initial.length; key++) this.data.poke(key, initial[key]);
  }

  *run(core: Core): Steps<void> {
    const worker = new Worker(this, core);
    for (let t = yield* this.dispenser.take(); t >= 0; t = yield* this.dispenser.take()) {
      yield* worker.transact(t);
    }
  }

  state(key: number): number {
    return this.data.peek(key);
  }
}

/** One core's part: its snapshot, its read set with values, and its write set. */
class Worker implements View {
  readonly #core: Core;
  readonly #data: Values;
  readonly #clock: Words;
  readonly #reads: AccessSet;
  readonly #writes: AccessSet;
  #snapshot = 0;

  constructor({ context, data, clock }: NOrec, core: Core) {
    this.#core = core;
    this.#data = data;
    this.#clock = clock;
    this.#reads = new AccessSet(context.block.maxReads);
    this.#writes = new AccessSet(context.block.maxWrites);
  }

  *transact(t: number): Steps<void> {
    while (!(yield* this.#attempt(t))) this.#core.abort('value');
    // A transaction that only reads comes between the writer that left its snapshot and the next one.
    const point = this.#writes.size > 0 ? this.#snapshot : this.#snapshot + 0.5;
    this.#core.commit(t, point);
  }

  *#attempt(t: number): Steps<boolean> {
    this.#core.begin(t);
    this.#reads.clear();
    this.#writes.clear();
    this.#snapshot = yield* this.#evenClock();
    const outcome = yield* this.#core.execute(t, this);
    if (outcome === ABORTED) return false;
    if (outcome === REVERTED) this.#writes.clear();
    return this.#writes.size === 0 || (yield* this.#commit());
  }

  /** The clock, once no writer writes back. The writer that ends wakes it. */
  *#evenClock(): Steps<number> {
    for (;;) {
      const time = yield* this.#clock.load(0);
      if ((time & ODD) === 0) return time;
      yield* this.#clock.waitWhile(0, time);
    }
  }

  *read(key: number): Steps<number> {
    const own = this.#writes.find(key);
    if (own >= 0) return this.#writes.values[own];
    const earlier = this.#reads.find(key);
    if (earlier >= 0) return this.#reads.values[earlier];
    let value = yield* this.#data.load(key);
    // After the value: an unmoved clock shows that the value is of the snapshot (I1).
    while ((yield* this.#clock.load(0)) !== this.#snapshot) {
      if (!(yield* this.#validate())) throw ABORT;
      value = yield* this.#data.load(key);
    }
    this.#reads.add(key, value);
    return value;
  }

  *write(key: number, value: number): Steps<void> {
    this.#writes.put(key, value);
  }

  /** Moves the snapshot to the present; false if something that was read has another value there. */
  *#validate(): Steps<boolean> {
    const { keys, values, size } = this.#reads;
    for (;;) {
      const time = yield* this.#evenClock();
      for (let i = 0; i < size; i++) {
        if (!Object.is(yield* this.#data.load(keys[i]), values[i])) return false;
      }
      // After the values (I1). The caller looks again in any case; here it saves a round.
      if ((yield* this.#clock.load(0)) === time) {
        this.#snapshot = time;
        return true;
      }
    }
  }

  /** Of a writer. False if the attempt has to be aborted; then nothing was changed. */
  *#commit(): Steps<boolean> {
    // Serialization point: the exchange that succeeds (I4).
    while ((yield* this.#clock.compareExchange(0, this.#snapshot, this.#snapshot + 1)) !== this.#snapshot) {
      if (!(yield* this.#validate())) return false;
    }
    const { keys, values, size } = this.#writes;
    for (let i = 0; i < size; i++) yield* this.#data.store(keys[i], values[i]);
    this.#snapshot += 2;
    // After the values (I1).
    yield* this.#clock.store(0, this.#snapshot);
    yield* this.#clock.wake(0);
    return true;
  }
}

export default defineAlgorithm({
  name: 'norec',
  summary: 'transactional memory: one sequence lock, reads validated by their values',
  source: 'Dalessandro, Spear, Scott: NOrec: Streamlining STM by Abolishing Ownership Records. PPoPP 2010',
  guarantee: 'serializable',
  witness: 'points',
  opaque: true,
  options: z.strictObject({}),
  aborts: ['value'],
  create: (context) => new NOrec(context),
});

/**
 * What the schedulers that order by timestamp share: a core's way through a transaction that draws its timestamp,
 * asks for each access under the row's latch, is granted it, waits, or is too late, and at its end makes the
 * writes that it announced. What is granted is each scheduler's own.
 */
import {
  ABORT,
  ABORTED,
  type Block,
  type Core,
  type Memory,
  REVERTED,
  type Steps,
  type View,
  type Views,
  z,
} from '../algorithm.ts';
import { AccessSet } from './access-set.ts';
import { Backoff } from './backoff.ts';
import { declaredSets, type KeySets, slotOf } from './declared-sets.ts';
import { type Dispatch, Dispatcher, dispatchOption } from './dispatch.ts';
import { LastResort, patienceOption } from './last-resort.ts';
import { type PREWRITE_FIELDS, Prewrites } from './prewrites.ts';
import { copyOption } from './row-copy.ts';
import { RowLatches } from './row-latches.ts';
import { type Allocation, batchOption, TimestampSource, Timestamps, timestampsOption } from './timestamps.ts';

/** A scheduler's answers. */
export const GRANTED = 0;
export const WAITS = 1;
export const TOO_LATE = 2;
export type Answer = typeof GRANTED | typeof WAITS | typeof TOO_LATE;

export interface TimestampOptions {
  readonly timestamps: Allocation;
  readonly batch: number;
  readonly intents: 'none' | 'declared';
  readonly copy: number;
  readonly patience: number;
  readonly backoff: number;
  readonly dispatch: Dispatch;
}

/** The options of every such scheduler. */
export const timestampedOptions: z.ZodObject<{
  timestamps: typeof timestampsOption;
  batch: typeof batchOption;
  intents: z.ZodDefault<z.ZodEnum<{ none: 'none'; declared: 'declared' }>>;
  copy: typeof copyOption;
  patience: typeof patienceOption;
  backoff: z.ZodDefault<z.ZodInt>;
  dispatch: typeof dispatchOption;
}> = z.strictObject({
  timestamps: timestampsOption,
  batch: batchOption,
  intents: z
    .enum(['none', 'declared'])
    .default('none')
    .describe(
      'declared: a read of a key that the transaction declares to write announces the write with it; ' +
        'none: the write is announced when it comes',
    ),
  copy: copyOption,
  patience: patienceOption,
  backoff: z
    .int()
    .min(0)
    .max(1_000_000)
    .default(100)
    .describe('units of work to wait after a first abort, at most; 0: none'),
  dispatch: dispatchOption,
});

/** What all cores share. */
export class TimestampedShared {
  readonly block: Block;
  readonly options: TimestampOptions;
  readonly rows: Views<typeof PREWRITE_FIELDS>;
  readonly latches: RowLatches;
  readonly prewrites: Prewrites;
  readonly timestamps: TimestampSource;
  readonly dispatcher: Dispatcher;
  readonly lastResort: LastResort;

  constructor(
    memory: Memory,
    block: Block,
    cores: number,
    options: TimestampOptions,
    rows: Views<typeof PREWRITE_FIELDS>,
  ) {
    this.block = block;
    this.options = options;
    this.rows = rows;
    this.latches = new RowLatches(memory, 'latchNodes', rows.latch, cores, 1);
    this.prewrites = new Prewrites(memory, rows, cores);
    this.timestamps = new TimestampSource(memory, cores, options.timestamps, options.batch);
    this.lastResort = new LastResort(memory, cores, options.patience);
    this.dispatcher = new Dispatcher(memory, block.transactions, options.dispatch);
  }
}

export abstract class TimestampedWorker implements View {
  protected readonly core: Core;
  /** The attempt's timestamp, and its transaction. */
  protected stamp = 0;
  protected transaction = 0;
  readonly #shared: TimestampedShared;
  readonly #timestamps: Timestamps;
  readonly #declared: KeySets | undefined;
  readonly #backoff: Backoff;
  /** What was read; what is to be written; the keys whose write is announced. */
  readonly #reads: AccessSet;
  readonly #writes: AccessSet;
  readonly #announced: AccessSet;
  #cause = '';

  constructor(shared: TimestampedShared, core: Core) {
    const { block, options } = shared;
    this.core = core;
    this.#shared = shared;
    this.#timestamps = new Timestamps(shared.timestamps, core);
    this.#declared = options.intents === 'declared' ? declaredSets(block).writes : undefined;
    this.#backoff = new Backoff(options.backoff);
    this.#reads = new AccessSet(block.maxReads);
    this.#writes = new AccessSet(block.maxWrites);
    this.#announced = new AccessSet(block.maxReads + block.maxWrites);
  }

  /** Whether the access may take place now; if it announces a write, what is to be stored besides that. Latched. */
  protected abstract ask(key: number, reads: boolean, writes: boolean, pending: number): Steps<Answer>;
  /** The value of a granted read, whose timestamp it leaves on the row. Latched. */
  protected abstract fetch(key: number): Steps<number>;
  /** Makes write number `place` of the transaction. Latched. */
  protected abstract install(key: number, value: number, place: number): Steps<void>;

  *transact(t: number): Steps<void> {
    this.transaction = t;
    this.#backoff.reset();
    const { lastResort } = this.#shared;
    let failures = 0;
    for (;;) {
      this.core.begin(t);
      this.#reads.clear();
      this.#writes.clear();
      this.#announced.clear();
      this.stamp = yield* this.#timestamps.draw();
      const outcome = yield* this.core.execute(t, this);
      if (outcome === REVERTED || outcome === ABORTED) this.#writes.clear();
      yield* this.#end();
      if (outcome !== ABORTED) break;
      this.core.abort(this.#cause);
      yield* lastResort.failed(this.core, ++failures);
      yield* this.#backoff.spin(this.core);
    }
    this.core.commit(t, this.stamp);
    yield* lastResort.ended(this.core, failures);
  }

  *read(key: number): Steps<number> {
    const own = this.#writes.find(key);
    if (own >= 0) return this.#writes.values[own];
    const seen = this.#reads.find(key);
    if (seen >= 0) return this.#reads.values[seen];
    const intends = this.#declared !== undefined && slotOf(this.#declared, this.transaction, key) >= 0;
    const value = yield* this.#access(key, true, intends && this.#announced.find(key) < 0);
    this.#reads.add(key, value);
    return value;
  }

  *write(key: number, value: number): Steps<void> {
    if (this.#announced.find(key) < 0) yield* this.#access(key, false, true);
    this.#writes.put(key, value);
  }

  /** Gets the access granted, and announces the write if it is one. Returns what was read. */
  *#access(key: number, reads: boolean, writes: boolean): Steps<number> {
    const { latches, prewrites, rows } = this.#shared;
    const { id } = this.core;
    for (;;) {
      yield* latches.acquire(key, id, 0);
      const answer = yield* this.ask(key, reads, writes, yield* rows.pending.load(key));
      let value = 0;
      if (answer === WAITS) yield* prewrites.enqueue(key, id, this.stamp, writes);
      if (answer === GRANTED) {
        if (writes) yield* rows.pending.store(key, this.stamp);
        if (reads) value = yield* this.fetch(key);
      }
      yield* prewrites.settle(key);
      yield* latches.release(key, id, 0);
      if (answer === GRANTED) {
        if (writes) this.#announced.add(key, 0);
        return value;
      }
      if (answer === TOO_LATE) {
        this.#cause = writes ? 'late write' : 'late read';
        throw ABORT;
      }
      yield* prewrites.wait(id);
    }
  }

  /** Makes the writes that were announced, or takes them back where there is nothing to write. */
  *#end(): Steps<void> {
    const { latches, prewrites, rows } = this.#shared;
    const { keys, size } = this.#announced;
    const { id } = this.core;
    for (let i = 0; i < size; i++) {
      const key = keys[i];
      const place = this.#writes.find(key);
      yield* latches.acquire(key, id, 0);
      if (place >= 0) yield* this.install(key, this.#writes.values[place], place);
      yield* rows.pending.store(key, 0);
      yield* prewrites.settle(key);
      yield* latches.release(key, id, 0);
    }
  }
}

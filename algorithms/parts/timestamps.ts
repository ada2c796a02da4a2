/**
 * Timestamps: numbers that no two draws share, by which transactions are ordered before they run. Where they come
 * from is an option of each algorithm that draws them.
 *
 *             mutex     a counter behind a lock
 *             atomic    a counter, by one fetch-and-add
 *             batched   the same, so many at a time; a core uses up its own before it draws again
 *             clock     the core's clock and its number; nothing is shared
 *
 * Source      Yu, Bezerra, Pavlo, Devadas, Stonebraker: Staring into the Abyss. PVLDB 8(3), 2014, section 4.3,
 *             and its code, DBx1000 (`Manager::get_ts`): TS_MUTEX, TS_CAS, TS_CAS with TS_BATCH_ALLOC, TS_CLOCK.
 *             The paper's fifth, a counter in hardware, is left out: no machine model has one. The mutex here
 *             is a fair queueing lock (row-latches.ts), theirs a pthread_mutex.
 * Order       Only mutex and atomic hand out numbers in the order in which they are asked for. Of the other two
 *             a later draw may be smaller, on another core. So no algorithm may conclude from a number when
 *             it was drawn.
 * Uniqueness  A clock that stands still between two draws is advanced by one tick, so that a core's draws grow;
 *             the core's number in the last place keeps them apart from those of others.
 * Cost        A clock reading is free on the simulated machine.
 */
import { type Core, type Memory, type Steps, type Views, z } from '../algorithm.ts';
import { RowLatches } from './row-latches.ts';

export const ALLOCATIONS = ['mutex', 'atomic', 'batched', 'clock'] as const;
export type Allocation = (typeof ALLOCATIONS)[number];

export const timestampsOption: z.ZodDefault<z.ZodEnum<{ [A in Allocation]: A }>> = z
  .enum(ALLOCATIONS)
  .default('atomic')
  .describe('where timestamps come from: a counter (mutex, atomic, batched), or the clock of each core');

export const batchOption: z.ZodDefault<z.ZodInt> = z
  .int()
  .min(1)
  .max(4096)
  .default(16)
  .describe('timestamps=batched: how many a core draws at a time');

export class TimestampSource {
  readonly allocation: Allocation;
  readonly batch: number;
  readonly counter: Views<{ next: 'word'; latch: 'word' }>;
  readonly mutex: RowLatches | undefined;

  constructor(memory: Memory, cores: number, allocation: Allocation, batch: number) {
    this.allocation = allocation;
    this.batch = batch;
    this.counter = memory.records('timestamps', 1, { next: 'word', latch: 'word' }, 'padded');
    if (allocation === 'mutex') {
      this.mutex = new RowLatches(memory, 'timestampNodes', this.counter.latch, cores, 1);
    }
  }
}

/** One core's way to its timestamps. */
export class Timestamps {
  readonly #source: TimestampSource;
  readonly #core: Core;
  /** Drawn and not yet used: so many, up to `#next`. Or the last tick of the clock that was used. */
  #left = 0;
  #next = 0;

  constructor(source: TimestampSource, core: Core) {
    this.#source = source;
    this.#core = core;
  }

  /** A number above 0 that nobody else has or will have. */
  *draw(): Steps<number> {
    const { allocation, batch, counter, mutex } = this.#source;
    if (allocation === 'clock') return this.#tick();
    if (mutex !== undefined) return yield* this.#drawAlone(mutex);
    if (allocation === 'atomic') return (yield* counter.next.add(0, 1)) + 1;
    if (this.#left === 0) {
      this.#next = yield* counter.next.add(0, batch);
      this.#left = batch;
    }
    this.#left--;
    return ++this.#next;
  }

  *#drawAlone(mutex: RowLatches): Steps<number> {
    const { next } = this.#source.counter;
    yield* mutex.acquire(0, this.#core.id, 0);
    const drawn = (yield* next.load(0)) + 1;
    yield* next.store(0, drawn);
    yield* mutex.release(0, this.#core.id, 0);
    return drawn;
  }

  #tick(): number {
    this.#next = Math.max(this.#next + 1, Math.floor(this.#core.now()));
    return this.#next * this.#core.count + this.#core.id + 1;
  }
}

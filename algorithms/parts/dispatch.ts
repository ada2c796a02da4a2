/**
 * Which core executes which transaction: an option. With a counter, whoever is free takes the next one, and all
 * cores meet at one word. Dealt out like cards, each core has its transactions from the start and nothing is
 * shared; then the block ends when the slowest core does.
 *
 * Source      DBx1000, the test bed of Staring into the Abyss, deals its queries out to the threads beforehand.
 */
import { type Core, type Memory, type Steps, z } from '../algorithm.ts';
import { Dispenser } from './dispenser.ts';

export const DISPATCHES = ['counter', 'dealt'] as const;
export type Dispatch = (typeof DISPATCHES)[number];

export const dispatchOption: z.ZodDefault<z.ZodEnum<{ [D in Dispatch]: D }>> = z
  .enum(DISPATCHES)
  .default('counter')
  .describe(
    'who executes a transaction: who takes it from the shared counter, or the core it was dealt to beforehand',
  );

export class Dispatcher {
  readonly dispenser: Dispenser | undefined;
  readonly transactions: number;

  constructor(memory: Memory, transactions: number, dispatch: Dispatch) {
    this.transactions = transactions;
    if (dispatch === 'counter') this.dispenser = new Dispenser(memory, transactions);
  }
}

/** One core's transactions, in the block's order. */
export class Queue {
  readonly #dispatcher: Dispatcher;
  readonly #step: number;
  #next: number;

  constructor(dispatcher: Dispatcher, core: Core) {
    this.#dispatcher = dispatcher;
    this.#step = core.count;
    this.#next = core.id;
  }

  /** The core's next transaction, or -1 when there is none left for it. */
  *take(): Steps<number> {
    const { dispenser, transactions } = this.#dispatcher;
    if (dispenser !== undefined) return yield* dispenser.take();
    const transaction = this.#next;
    this.#next += this.#step;
    return transaction < transactions ? transaction : -1;
  }
}

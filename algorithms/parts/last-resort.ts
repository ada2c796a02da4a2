/**
 * What ends a livelock: transactions that have failed too often go on one at a time. Those that refuse one another
 * for ever would come here one by one, until the one that is let in meets only newcomers; each of those succeeds or
 * comes here too, so in a finite block somebody always gets done. It costs nothing as long as nobody fails so often.
 */
import { type Core, type Memory, type Steps, type Words, z } from '../algorithm.ts';
import { RowLatches } from './row-latches.ts';

export const patienceOption: z.ZodDefault<z.ZodInt> = z
  .int()
  .min(0)
  .max(1_000_000)
  .default(32)
  .describe(
    'failures after which a transaction waits until no other that failed so often is under way; 0: never',
  );

export class LastResort {
  readonly #word: Words;
  readonly #latches: RowLatches;
  readonly #patience: number;

  constructor(memory: Memory, cores: number, patience: number) {
    this.#word = memory.words('lastResort', 1, 'padded');
    this.#latches = new RowLatches(memory, 'lastResortNodes', this.#word, cores, 1);
    this.#patience = patience;
  }

  /** After a transaction's failure with this number, from 1. */
  *failed(core: Core, failures: number): Steps<void> {
    if (failures === this.#patience) yield* this.#latches.acquire(0, core.id, 0);
  }

  /** When it has ended after so many failures. */
  *ended(core: Core, failures: number): Steps<void> {
    if (this.#patience > 0 && failures >= this.#patience) yield* this.#latches.release(0, core.id, 0);
  }
}

/**
 * Randomized exponential back-off between the attempts at one transaction: a wait of up to `initial` units
 * of work after the first abort, up to twice that after the second, and so on to 1024 times. Without it two
 * transactions in step with one another can abort each other for ever.
 */
import type { Core, Steps } from '../algorithm.ts';

const DOUBLINGS = 10;
/** Where it spins: how many pauses a wait is divided into, unless they would be shorter than so many units apart. */
const PAUSES = 32;
const SLICE = 100;

export class Backoff {
  readonly #initial: number;
  #aborts = 0;

  /** @param initial in units of work; 0: no back-off */
  constructor(initial: number) {
    this.#initial = initial;
  }

  /** A new transaction starts. */
  reset(): void {
    this.#aborts = 0;
  }

  /** Computes for a random while after an abort. */
  wait(core: Core): void {
    core.phase('back-off');
    core.work(this.#draw(core));
  }

  /**
   * The same with pauses in between: where attempts can abort one another for ever, that has to
   * end even under a schedule that gives time no meaning.
   */
  *spin(core: Core): Steps<void> {
    core.phase('back-off');
    let left = this.#draw(core);
    const slice = Math.max(SLICE, Math.ceil(left / PAUSES));
    for (; left > 0; left -= slice) {
      core.work(Math.min(left, slice));
      yield* core.pause();
    }
  }

  #draw(core: Core): number {
    if (this.#initial === 0) return 0;
    return core.random(this.#initial * 2 ** Math.min(this.#aborts++, DOUBLINGS));
  }
}

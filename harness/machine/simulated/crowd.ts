/**
 * How cores that compute at the same time slow one another down: they share memory bandwidth, power and heat.
 *
 * Computing takes longer in proportion to how many other cores compute when it begins, up to 1 + `crowding` times
 * as long when all of the machine's do. What begins or ends meanwhile changes nothing any more: a step's cost is
 * known when it is made.
 */
import type { MachineModel } from './model.ts';

export class Crowd {
  /** Until when each core computes. */
  readonly #until: Float64Array;
  /** What one other core that computes adds, as a fraction. */
  readonly #each: number;

  constructor({ crowding, cores: all }: MachineModel, cores: number) {
    this.#until = new Float64Array(cores);
    this.#each = all > 1 ? crowding / (all - 1) : 0;
  }

  /** The core computes from `now` on for what would take it `duration` alone. Returns how long that takes. */
  compute(core: number, now: number, duration: number): number {
    const until = this.#until;
    let others = 0;
    for (let other = 0; other < until.length; other++) if (other !== core && until[other] > now) others++;
    const taken = duration * (1 + this.#each * others);
    until[core] = now + taken;
    return taken;
  }
}

/**
 * A barrier: cores wait until all of them have come, again and again.
 *
 * Source      The central barrier that counts its generations; Mellor-Crummey, Scott: Algorithms for Scalable
 *             Synchronization on Shared-Memory Multiprocessors. ACM TOCS 9(1), 1991, section 3.1, with a
 *             generation in the place of the reversed sense, so that cores need no state of their own.
 * Layout      arrived     how many have come to this generation; whoever comes, the last one resets it
 *             generation  how often all have met; the last to arrive, on a line of its own, because the
 *                         others wait on it while cores still arrive
 * Invariants  I1  A core that has not yet added itself to `arrived` holds its generation open, so that what it
 *                 loads before is the generation that it is going to wait for.
 *             I2  `arrived` is 0 before a generation opens: whoever leaves may come back at once.
 */
import type { Memory, Steps, Words } from './machine.ts';

export class Barrier {
  readonly #cores: number;
  readonly #arrived: Words;
  readonly #generation: Words;

  /** @param cores how many have to come before any may leave */
  constructor(memory: Memory, name: string, cores: number) {
    this.#cores = cores;
    this.#arrived = memory.words(`${name}.arrived`, 1, 'padded');
    this.#generation = memory.words(`${name}.generation`, 1, 'padded');
  }

  /** Waits until all have come. True for the last one, of which there is one a generation. */
  *meet(): Steps<boolean> {
    const generation = yield* this.#generation.load(0); // must precede the arrival: I1
    if ((yield* this.#arrived.add(0, 1)) < this.#cores - 1) {
      yield* this.#generation.waitWhile(0, generation); // woken by the last to arrive
      return false;
    }
    yield* this.#arrived.store(0, 0); // must precede the next line: I2
    yield* this.#generation.add(0, 1);
    yield* this.#generation.wake(0);
    return true;
  }
}

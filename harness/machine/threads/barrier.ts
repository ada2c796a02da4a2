/** Where the cores of a run meet before it starts, so that none has a head start. */
import type { Memory, Steps, Values, Words } from '../machine.ts';
import { spinPause } from './parking.ts';

/** Pauses before a core that waits for the start goes to sleep after all: some 100 µs. */
const SPINS = 3000;

const AWAKE = 0;
const START = 1;

/**
 * Two rounds. In the first, cores sleep while others load their code or the initial state. In the second all
 * of them are awake and spin, so they leave together, within the time that a cache line takes to reach them;
 * out of the first they would leave as late as their wake-ups.
 */
export class StartBarrier {
  readonly #cores: number;
  readonly #arrived: Words;
  readonly #open: Words;
  readonly #start: Values;

  constructor(memory: Memory, cores: number) {
    this.#cores = cores;
    this.#arrived = memory.words('arrived', 2, 'padded');
    this.#open = memory.words('open', 2, 'padded');
    this.#start = memory.values('start', 1);
  }

  /** Waits for all cores. Returns when the last one came, in ms of the process' own clock. */
  *meet(): Steps<number> {
    yield* this.#gather(AWAKE, 0);
    yield* this.#gather(START, SPINS);
    return yield* this.#start.load(0);
  }

  *#gather(round: number, spins: number): Steps<void> {
    const before = yield* this.#arrived.add(round, 1);
    if (before === this.#cores - 1) {
      yield* this.#start.store(0, performance.now());
      yield* this.#open.store(round, 1); // publishes the start time: after it
      yield* this.#open.wake(round);
      return;
    }
    for (let i = 0; i < spins && (yield* this.#open.load(round)) === 0; i++) spinPause();
    yield* this.#open.waitWhile(round, 0); // woken by the last core to arrive
  }
}

/** The threads machine's primitives, real cores over shared memory: what `#machine` means under `threads`. */
import { CoreBase, type CoreSetup } from '../core.ts';
import type { Steps } from '../machine.ts';
import { traced } from '../traced-core.ts';
import type { Memory } from './memory.ts';
import { spinPause } from './parking.ts';
import { work } from './work.ts';

export { Memory } from './memory.ts';

/**
 * A rehearsal does an eighth of the work, by this shift: what is to be compiled are the accesses around it. It takes
 * less time so, and a larger part of that is the engine's, which is what has to become steady.
 */
const REHEARSAL_SHIFT = 3;

export class Core extends CoreBase {
  /** When the block started, on the clock that all threads of a process share. */
  #start_ms = 0;
  #workShift = 0;

  constructor(setup: CoreSetup, memory: Memory) {
    super(setup);
    memory.parking.account = (duration_ns) => this.parked(duration_ns);
  }

  start(start_ms: number, rehearsal: boolean): void {
    this.#start_ms = start_ms;
    this.#workShift = rehearsal ? REHEARSAL_SHIFT : 0;
  }

  // Of the clocks that Node has this is the cheapest that allocates nothing: about 40 ns.
  now(): number {
    return (performance.now() - this.#start_ms) * 1e6;
  }

  work(units: number): void {
    work(units >> this.#workShift);
  }

  *pause(): Steps<void> {
    spinPause();
  }
}

/** The same, for runs of which a trace is kept. */
export const TracedCore = traced(Core);

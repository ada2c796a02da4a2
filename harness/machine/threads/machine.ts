/** The threads machine's primitives, real cores over shared memory: what `#machine` means under `threads`. */
import { CoreBase, type CoreSetup } from '../core.ts';
import type { Steps } from '../machine.ts';
import { traced } from '../traced-core.ts';
import type { Memory } from './memory.ts';
import { spinPause } from './parking.ts';
import { work } from './work.ts';

export { Memory } from './memory.ts';

export class Core extends CoreBase {
  /** When the block started, on the clock that all threads of a process share. */
  #start_ms = 0;

  constructor(setup: CoreSetup, memory: Memory) {
    super(setup);
    memory.parking.account = (duration_ns) => this.parked(duration_ns);
  }

  start(start_ms: number): void {
    this.#start_ms = start_ms;
  }

  // Of the clocks that Node has this is the cheapest that allocates nothing: about 40 ns.
  now(): number {
    return (performance.now() - this.#start_ms) * 1e6;
  }

  work(units: number): void {
    work(units);
  }

  *pause(): Steps<void> {
    spinPause();
  }
}

/** The same, for runs of which a trace is kept. */
export const TracedCore = traced(Core);

/** The simulated machine's primitives: what `#machine` means by default. */
import { CoreBase, type CoreSetup } from '../core.ts';
import type { Steps } from '../machine.ts';
import { Access, type Simulation } from './access.ts';

export { SimulatedMemory as Memory } from './memory.ts';

export class Core extends CoreBase {
  readonly access: Access;
  readonly #workUnit: number;

  constructor(setup: CoreSetup, simulation: Simulation) {
    super(setup);
    this.access = new Access(setup.id, simulation, (duration_ns) => this.parked(duration_ns));
    this.#workUnit = simulation.model.work_ns;
  }

  now(): number {
    return this.access.time;
  }

  work(units: number): void {
    this.access.time += units * this.#workUnit;
  }

  pause(): Steps<void> {
    this.access.preparePause();
    return this.access as unknown as Steps<void>;
  }
}

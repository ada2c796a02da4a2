/** The simulated machine's primitives: what `#machine` means by default. */
import { CoreBase, type CoreSetup } from '../core.ts';
import type { Steps } from '../machine.ts';
import { traced } from '../traced-core.ts';
import { Access, type Simulation } from './access.ts';
import type { Crowd } from './crowd.ts';

export { SimulatedMemory as Memory } from './memory.ts';

export class Core extends CoreBase {
  readonly access: Access;
  readonly #simulation: Simulation;
  readonly #workUnit: number;
  readonly #crowd: Crowd | undefined;
  readonly #attempt_ns: number;
  readonly #operation_ns: number;
  readonly #version_ns: number;

  constructor(setup: CoreSetup, simulation: Simulation, crowd?: Crowd) {
    super(setup);
    this.#simulation = simulation;
    this.access = new Access(setup.id, simulation, (duration_ns) => this.parked(duration_ns));
    this.#workUnit = simulation.model.work_ns;
    this.#crowd = crowd;
    this.#attempt_ns = simulation.model.attempt_ns;
    this.#operation_ns = simulation.model.operation_ns;
    this.#version_ns = setup.audit && setup.witness === 'versions' ? simulation.model.version_ns : 0;
  }

  now(): number {
    return this.access.time;
  }

  override begin(transaction: number): void {
    super.begin(transaction);
    this.access.compute(this.#attempt_ns);
  }

  override commit(transaction: number, point?: number): void {
    super.commit(transaction, point);
    this.#simulation.committed();
  }

  override operation(): void {
    this.access.compute(this.#operation_ns);
  }

  override witnessRead(key: number, version: number): void {
    super.witnessRead(key, version);
    this.access.compute(this.#version_ns);
  }

  override witnessWrite(key: number, version: number, overwritten: number): void {
    super.witnessWrite(key, version, overwritten);
    this.access.compute(this.#version_ns);
  }

  work(units: number): void {
    const { access } = this;
    const alone = units * this.#workUnit;
    access.time += this.#crowd === undefined ? alone : this.#crowd.compute(access.core, access.time, alone);
  }

  pause(): Steps<void> {
    this.access.preparePause();
    return this.access as unknown as Steps<void>;
  }
}

/** The same, for runs of which a trace is kept. */
export const TracedCore = traced(Core);

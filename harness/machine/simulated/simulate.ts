/** Runs a job on the simulated machine: one JavaScript thread, no clock, no randomness but the seed's. */
import { seededRandom, streamSeed } from '../../../workloads/random.ts';
import type { Block } from '../../../workloads/workload.ts';
import type { CoreSetup } from '../core.ts';
import { resolve } from '../declared.ts';
import type { Job } from '../job.ts';
import { Ledger, readLedger } from '../ledger.ts';
import type { Steps } from '../machine.ts';
import { Recorder } from '../recorder.ts';
import type { Run } from '../run.ts';
import { type Trace, traceOf } from '../trace.ts';
import { type Limits, type Observer, Simulation } from './access.ts';
import { Coherence } from './coherence.ts';
import { Crowd } from './crowd.ts';
import { Core, Memory, TracedCore } from './machine.ts';
import type { MachineModel } from './model.ts';
import { running } from './pulse.ts';
import type { Schedule } from './schedules/schedule.ts';
import { VirtualTime } from './schedules/virtual-time.ts';

export interface SimulationOptions {
  readonly model: MachineModel;
  /** Virtual time unless said otherwise. */
  readonly schedule?: Schedule;
  /** More steps than this are taken for a loop without end. By default also a long time without any commit. */
  readonly stepLimit?: number;
  readonly observer?: Observer;
  /** Keep what each core did when. */
  readonly trace?: boolean;
}

const STEP_LIMIT = 2_000_000_000;
/**
 * For each core, and for each transaction and argument of the block, before the next commit. Cores may spin while one
 * commits, and an algorithm may look at the whole of a block first.
 */
const STEPS_WITHOUT_COMMIT = { perCore: 1_000_000, perItem: 10_000 };

export function simulate(job: Job, options: SimulationOptions): Run {
  return running(() => new Simulator(job, options).run());
}

function limitsOf({ block, cores }: Job, steps: number | undefined): Limits {
  if (steps !== undefined) return { steps, stepsWithoutCommit: steps };
  const { perCore, perItem } = STEPS_WITHOUT_COMMIT;
  const items = block.transactions + block.args.length;
  return { steps: STEP_LIMIT, stepsWithoutCommit: perCore * cores + perItem * items };
}

class Simulator {
  readonly #job: Job;
  readonly #simulation: Simulation;
  readonly #ledger: Ledger;
  readonly #cores: Core[] = [];
  readonly #coroutines: Iterator<undefined, void, undefined>[] = [];
  readonly #ends: number[] = [];
  readonly #state: (key: number) => number;
  readonly #witness: Run['witness'];
  readonly #traced: boolean;

  constructor(job: Job, options: SimulationOptions) {
    const { declaration } = job.algorithm;
    const { witness } = resolve(declaration, job.options);
    const block: Block = { ...job.block, procedures: job.workload.declaration.procedures };
    const memory = new Memory();
    const instance = declaration.create({ memory, block, cores: job.cores, options: job.options });
    instance.load();
    this.#job = job;
    this.#witness = witness;
    this.#traced = options.trace ?? false;
    this.#state = (key) => instance.state(key);
    this.#ledger = new Ledger(block.transactions, false);
    this.#simulation = new Simulation(
      options.model,
      job.cores,
      new Coherence(options.model, job.cores, memory.lines),
      options.schedule ?? new VirtualTime(job.cores),
      limitsOf(job, options.stepLimit),
      options.observer,
    );
    memory.clockwork.simulation = this.#simulation;
    const crowd = options.model.crowding > 0 ? new Crowd(options.model, job.cores) : undefined;
    for (let id = 0; id < job.cores; id++) {
      const random = seededRandom(streamSeed(job.seed, id));
      const setup = {
        id,
        count: job.cores,
        block,
        ledger: this.#ledger,
        aborts: declaration.aborts,
        counters: declaration.counters ?? [],
        witness,
        random: (bound: number) => random.integer(bound),
        audit: job.audit,
        stampEvery: 1,
      };
      const core = this.#core(setup, crowd);
      core.access.time = options.model.block_ns;
      this.#cores.push(core);
      this.#coroutines.push(coroutine(instance.run(core)));
    }
  }

  #core(setup: CoreSetup, crowd: Crowd | undefined): Core {
    if (!this.#traced) return new Core(setup, this.#simulation, crowd);
    const core = new TracedCore(setup, this.#simulation, crowd);
    core.record(new Recorder(setup.block.transactions / setup.count), setup.aborts);
    return core;
  }

  run(): Run {
    const simulation = this.#simulation;
    const { schedule } = simulation;
    for (const core of this.#cores) schedule.add(core.id, core.access.time);
    for (let id = schedule.next(); id >= 0; id = schedule.next()) {
      const { access } = this.#cores[id];
      simulation.resume(access);
      if (this.#coroutines[id].next().done) {
        access.end();
        this.#ends[id] = access.time;
      } else if (!access.parked) schedule.add(id, access.time);
      else if (access.deadline < Number.POSITIVE_INFINITY) schedule.add(id, access.deadline);
    }
    this.#refuseDeadlock();
    return this.#result();
  }

  #refuseDeadlock(): void {
    const stuck = this.#cores.filter((core) => this.#ends[core.id] === undefined);
    if (stuck.length === 0) return;
    const shown = stuck.slice(0, 8).map((core) => core.access.describe());
    if (stuck.length > 8) shown.push(`and ${stuck.length - 8} more`);
    throw new DeadlockError(`deadlock: nobody is left to wake them: ${shown.join('; ')}`);
  }

  #result(): Run {
    const { block } = this.#job;
    const makespan_ns = Math.max(...this.#ends);
    const run: Run = {
      makespan_ns,
      witness: this.#witness,
      ...readLedger(this.#ledger),
      state: Float64Array.from({ length: block.keys }, (_, key) => this.#state(key)),
      cores: this.#cores.map((core) => core.report(this.#ends[core.id], makespan_ns)),
      steps: this.#simulation.steps,
    };
    return this.#traced ? { ...run, trace: this.#trace(run) } : run;
  }

  #trace({ cores, makespan_ns, outcomes }: Run): Trace {
    const logs = cores.map(({ log = new Float64Array(0) }, core) => ({
      rows: log,
      end_ns: this.#ends[core],
    }));
    const causes = this.#job.algorithm.declaration.aborts;
    return traceOf({ logs, start_ns: 0, makespan_ns, causes, outcomes });
  }
}

/** Every core that has not ended is parked, and nobody will wake any of them. */
export class DeadlockError extends Error {
  override readonly name = 'DeadlockError';
}

function coroutine(steps: Steps<void>): Iterator<undefined, void, undefined> {
  return steps[Symbol.iterator]() as Iterator<undefined, void, undefined>;
}

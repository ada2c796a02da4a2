/**
 * What happens on one core: everything of a run but its preparation and its record. Workers import this file
 * after the hooks are installed, so it is written as coroutines and runs without.
 */
import type { Algorithm } from '../../../algorithms/algorithm.ts';
import { seededRandom, streamSeed } from '../../../workloads/random.ts';
import type { Block, BlockData } from '../../../workloads/workload.ts';
import { resolve } from '../declared.ts';
import type { LedgerArrays } from '../ledger.ts';
import { loadAlgorithm, loadWorkload } from '../load.ts';
import type { Steps } from '../machine.ts';
import { Recorder } from '../recorder.ts';
import type { CoreReport } from '../run.ts';
import { StartBarrier } from './barrier.ts';
import { Core, Memory, TracedCore } from './machine.ts';
import type { MemoryImage } from './memory.ts';

/** What every worker of a session is given: plain data and shared arrays. */
export interface TrialSetup {
  /** References, as `loadAlgorithm` and `loadWorkload` take them. */
  readonly algorithm: string;
  readonly workload: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly block: BlockData;
  readonly cores: number;
  readonly seed: number;
  readonly audit: boolean;
  readonly stampEvery: number;
  readonly trace: boolean;
  readonly ledger: LedgerArrays;
  readonly memory: MemoryImage;
  readonly barrier: MemoryImage;
}

/** What a core hands back, in ns since the start of the block. */
export interface CoreResult {
  readonly start_ns: number;
  readonly end_ns: number;
  /** Its idle time is without the time from this core's end to the last one's. */
  readonly report: CoreReport;
}

export class Trial {
  readonly #setup: TrialSetup;
  readonly #algorithm: Algorithm;
  readonly #block: Block;

  static async load(setup: TrialSetup): Promise<Trial> {
    const algorithm = await loadAlgorithm(setup.algorithm);
    const workload = await loadWorkload(setup.workload);
    const { procedures } = workload.declaration;
    return new Trial(setup, algorithm.declaration, { ...setup.block, procedures });
  }

  private constructor(setup: TrialSetup, algorithm: Algorithm, block: Block) {
    this.#setup = setup;
    this.#algorithm = algorithm;
    this.#block = block;
  }

  /** Waits for the other cores. */
  *meet(): Steps<void> {
    const { barrier, cores } = this.#setup;
    yield* new StartBarrier(new Memory(barrier), cores).meet();
  }

  /** All memory is zeros here, and nothing of an earlier run is left but compiled code. */
  *run(id: number, repetition: number, rehearsal: boolean): Steps<CoreResult> {
    const { barrier, cores, memory: image, options } = this.#setup;
    const memory = new Memory(image);
    const instance = this.#algorithm.create({ memory, block: this.#block, cores, options });
    const core = this.#core(id, repetition, memory);
    const start = new StartBarrier(new Memory(barrier), cores);
    if (id === 0) instance.load();
    core.start(yield* start.meet(), rehearsal);
    const start_ns = core.now();
    yield* instance.run(core);
    const end_ns = core.now();
    return { start_ns, end_ns, report: core.report(end_ns, end_ns) };
  }

  #core(id: number, repetition: number, memory: Memory): Core {
    const { audit, cores, ledger, options, seed, stampEvery, trace } = this.#setup;
    const random = seededRandom(streamSeed(streamSeed(seed, id), repetition));
    const setup = {
      id,
      count: cores,
      block: this.#block,
      ledger,
      aborts: this.#algorithm.aborts,
      counters: this.#algorithm.counters ?? [],
      witness: resolve(this.#algorithm, options).witness,
      random: (bound: number) => random.integer(bound),
      audit,
      stampEvery,
    };
    if (!trace) return new Core(setup, memory);
    const core = new TracedCore(setup, memory);
    core.record(new Recorder(this.#block.transactions / cores), setup.aborts);
    return core;
  }
}

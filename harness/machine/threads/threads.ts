/**
 * Runs a job on the threads machine: one worker a core, fresh ones unless it is lent some, so that no other
 * configuration has shaped the code that is measured. The main thread prepares a run and records it; it is idle meanwhile.
 */
import type { Instance } from '../../../algorithms/algorithm.ts';
import type { Block } from '../../../workloads/workload.ts';
import { resolve } from '../declared.ts';
import type { Job } from '../job.ts';
import { clearLedger, Ledger, readLedger } from '../ledger.ts';
import type { Run } from '../run.ts';
import { traceOf } from '../trace.ts';
import { StartBarrier } from './barrier.ts';
import { Memory } from './memory.ts';
import { CorePool } from './pool.ts';
import type { CoreResult } from './trial.ts';
import type { Workers } from './workers.ts';

export interface ThreadsSetup extends Job {
  /** Stamp the times of transactions whose index is a multiple of this power of two. */
  readonly stampEvery: number;
  /** Keep what each core did when; every transaction is stamped then. */
  readonly trace?: boolean;
  /** A run that takes longer hangs. */
  readonly timeout_ms: number;
}

/** Workers that are ready to run a job again and again. A run that fails ends its session. */
export interface ThreadsSession {
  /** @param repetition picks the cores' random streams */
  run(repetition: number): Promise<Run>;
  /** A run with less of the transactions' own work and without a record: only how long it took, in ns. */
  rehearse(repetition: number): Promise<number>;
  /** Ends the workers. */
  close(): Promise<void>;
}

/** @param lent workers that other sessions have used, or will: for what is not measured */
export async function openThreads(setup: ThreadsSetup, lent?: Workers): Promise<ThreadsSession> {
  const session = new Session(setup, lent);
  await session.open();
  return session;
}

class Session implements ThreadsSession {
  readonly #setup: ThreadsSetup;
  readonly #block: Block;
  readonly #ledger: Ledger;
  readonly #memory = new Memory();
  readonly #barrier = new Memory();
  readonly #pool: CorePool;

  constructor(setup: ThreadsSetup, lent?: Workers) {
    const { algorithm, audit, cores, options, seed, trace = false, workload } = setup;
    const block = inSharedMemory(setup.block);
    this.#setup = setup;
    this.#block = { ...block, procedures: workload.declaration.procedures };
    this.#ledger = new Ledger(block.transactions, true);
    this.#instance(this.#memory);
    new StartBarrier(this.#barrier, cores);
    const trial = {
      algorithm: algorithm.reference,
      workload: workload.reference,
      options,
      block,
      cores,
      seed,
      audit,
      stampEvery: trace ? 1 : setup.stampEvery,
      trace,
      ledger: this.#ledger,
      memory: this.#memory.image(),
      barrier: this.#barrier.image(),
    };
    this.#pool = new CorePool(algorithm.declaration.name, trial, lent);
  }

  open(): Promise<void> {
    return this.#pool.load();
  }

  async run(repetition: number): Promise<Run> {
    return this.#record(await this.#execute(repetition, false));
  }

  async rehearse(repetition: number): Promise<number> {
    return makespanOf(await this.#execute(repetition, true));
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  #execute(repetition: number, rehearsal: boolean): Promise<CoreResult[]> {
    this.#pool.check();
    this.#memory.clear();
    this.#barrier.clear();
    clearLedger(this.#ledger);
    return this.#pool.run(repetition, rehearsal, this.#setup.timeout_ms);
  }

  #instance(memory: Memory): Instance {
    const { algorithm, cores, options } = this.#setup;
    return algorithm.declaration.create({ memory, block: this.#block, cores, options });
  }

  #record(results: readonly CoreResult[]): Run {
    const { keys } = this.#block;
    // Peeks only, so an instance whose coroutines nobody erased can tell the state.
    const instance = this.#instance(new Memory(this.#memory.image()));
    const end_ns = endOf(results);
    const run: Run = {
      makespan_ns: makespanOf(results),
      witness: resolve(this.#setup.algorithm.declaration, this.#setup.options).witness,
      ...readLedger(this.#ledger),
      state: Float64Array.from({ length: keys }, (_, key) => instance.state(key)),
      cores: results.map((result) => ({
        ...result.report,
        idle_ns: result.report.idle_ns + (end_ns - result.end_ns),
      })),
      steps: 0,
    };
    if (!this.#setup.trace) return run;
    const logs = results.map(({ end_ns: own_ns, report: { log = new Float64Array(0) } }) => ({
      rows: log,
      end_ns: own_ns,
    }));
    const causes = this.#setup.algorithm.declaration.aborts;
    const { makespan_ns, outcomes } = run;
    const start_ns = startOf(results);
    return { ...run, trace: traceOf({ logs, start_ns, makespan_ns, causes, outcomes }) };
  }
}

const startOf = (results: readonly CoreResult[]): number =>
  Math.min(...results.map(({ start_ns }) => start_ns));
const endOf = (results: readonly CoreResult[]): number => Math.max(...results.map(({ end_ns }) => end_ns));
const makespanOf = (results: readonly CoreResult[]): number => endOf(results) - startOf(results);

/** The same plain data with its typed arrays copied to shared memory. */
function inSharedMemory<T>(data: T): T {
  if (ArrayBuffer.isView(data)) {
    const array = data as unknown as Float64Array;
    const Copy = array.constructor as Float64ArrayConstructor;
    const copy = new Copy(new SharedArrayBuffer(array.byteLength));
    copy.set(array);
    return copy as T;
  }
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, inSharedMemory(value)])) as T;
}

/** Simulated trials on several of the host's cores at once. What a trial comes to does not depend on how many. */
import { Piscina } from 'piscina';
import { Silence, sharedPulse } from '../../machine/simulated/pulse.ts';
import { TimeoutError, WorkerDiedError } from '../../machine/threads/pool.ts';
import type { Configuration, Request } from '../configuration.ts';
import { needsWatching, patience_ms, processorTime_ms, silenceOf } from '../patience.ts';
import type { Trial } from '../trial.ts';
import { failedTrial } from './judge.ts';
import type { SentTrial, Task } from './worker.ts';

const WORKER = new URL('./entry.js', import.meta.url).href;
const TICK_MS = 500;

export interface ParallelOptions {
  readonly workers: number;
  /** A trial that takes longer is ended. */
  readonly timeout_ms: number;
  /** Ends the trials under way; nothing more is yielded. */
  readonly signal?: AbortSignal | undefined;
}

/** Yields each trial as it ends, the failed ones too. They begin in the order given. */
export async function* parallelTrials(
  configurations: readonly Configuration[],
  { workers, timeout_ms, signal }: ParallelOptions,
): AsyncGenerator<Trial> {
  if (configurations.length === 0) return;
  const lanes = Math.min(workers, configurations.length);
  const pool = new Piscina<Task | null, SentTrial>({
    filename: WORKER,
    minThreads: lanes,
    maxThreads: lanes,
    concurrentTasksPerWorker: 1,
    execArgv: ['--disable-warning=ExperimentalWarning'],
    recordTiming: false,
  });
  // A worker that dies between two tasks is replaced; in a task it rejects that.
  pool.on('error', () => {});
  const waiting = configurations.values();
  const ended = new Mailbox<Trial>();
  // The process's time is that of all lanes.
  const silent_ms = lanes * patience_ms();
  const lane = async (): Promise<void> => {
    // So that the first trial's time does not begin before its worker does. One that cannot start tells it there.
    await pool.run(null).catch(() => {});
    for (const configuration of waiting) {
      if (signal?.aborted) return;
      const trial = await performed(pool, configuration, { timeout_ms, silent_ms });
      if (signal?.aborted) return;
      ended.put(trial);
    }
  };
  const stop = (): void => ended.close();
  signal?.addEventListener('abort', stop, { once: true });
  const all = Promise.all(Array.from({ length: lanes }, lane)).then(stop);
  try {
    yield* ended;
  } finally {
    signal?.removeEventListener('abort', stop);
    await pool.destroy();
    await all;
  }
}

interface Limits {
  readonly timeout_ms: number;
  /** Of processor time without a sign of life. */
  readonly silent_ms: number;
}

async function performed(
  pool: Piscina<Task | null, SentTrial>,
  configuration: Configuration,
  { timeout_ms, silent_ms }: Limits,
): Promise<Trial> {
  const timer = AbortSignal.timeout(timeout_ms);
  const hung = new AbortController();
  const pulse = sharedPulse();
  const silence = new Silence(pulse, silent_ms);
  const watch = setInterval(() => {
    if (needsWatching(configuration) && silence.isTooLong(processorTime_ms())) hung.abort();
  }, TICK_MS);
  try {
    const signal = AbortSignal.any([timer, hung.signal]);
    return { configuration, ...(await pool.run({ request: requestOf(configuration), pulse }, { signal })) };
  } catch (error) {
    const { name } = configuration.algorithm.declaration;
    const why = hung.signal.aborted
      ? new TimeoutError(silenceOf(name, patience_ms()))
      : told(error as Error, configuration, timer, timeout_ms);
    return failedTrial(configuration, 1, why);
  } finally {
    clearInterval(watch);
  }
}

/** What went wrong, by whom. A worker's own end has no better sign than piscina's words for it. */
function told(error: Error, { algorithm }: Configuration, timer: AbortSignal, timeout_ms: number): Error {
  const { name } = algorithm.declaration;
  if (timer.aborted) return new TimeoutError(`${name} did not end within ${timeout_ms / 1000} s`);
  if (/^worker exited|ERR_WORKER/.test(`${error.message} ${(error as NodeJS.ErrnoException).code ?? ''}`)) {
    return new WorkerDiedError(`${name}: the worker died: ${error.message}`);
  }
  return error;
}

/** With references that load from anywhere. */
function requestOf(configuration: Configuration): Request {
  const { algorithm, options, workload, parameters, machine, figures, model } = configuration;
  const { cores, transactions, seed } = configuration;
  return {
    algorithm: algorithm.reference,
    options,
    workload: workload.reference,
    parameters,
    machine,
    ...(model === undefined ? {} : { base: model }),
    model: figures,
    cores,
    transactions,
    seed,
  };
}

/** What was put in comes out in the same order, when it is there. */
class Mailbox<T> {
  readonly #waiting: T[] = [];
  #isClosed = false;
  #arrival = Promise.withResolvers<void>();

  put(item: T): void {
    this.#waiting.push(item);
    this.#arrival.resolve();
  }

  close(): void {
    this.#isClosed = true;
    this.#arrival.resolve();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    for (;;) {
      for (let item = this.#waiting.shift(); item !== undefined; item = this.#waiting.shift()) yield item;
      if (this.#isClosed) return;
      await this.#arrival.promise;
      this.#arrival = Promise.withResolvers();
    }
  }
}

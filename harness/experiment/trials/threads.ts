/** Trials on real threads: one block's configurations, warmed up, then repeated in a random order. */
import { availableParallelism } from 'node:os';
import { median, shuffle } from 'simple-statistics';
import { seededRandom, streamSeed } from '../../../workloads/random.ts';
import type { BlockData } from '../../../workloads/workload.ts';
import { loadAlgorithm } from '../../machine/load.ts';
import { openThreads, type ThreadsSession } from '../../machine/threads/threads.ts';
import { warmUp } from '../../machine/threads/warmup.ts';
import type { Costs } from '../../verify/bound.ts';
import type { Configuration } from '../configuration.ts';
import { metricsOf } from '../metrics.ts';
import type { Trial, Warning } from '../trial.ts';
import type { Work } from '../work.ts';
import { BLOCK_STREAM, baselineJob, checkBaseline, generate, jobOf } from './block.ts';
import { boundOf, failedTrial, judge } from './judge.ts';

/** Times of fewer real nanoseconds than this are mostly noise. */
const SHORT_RUN_NS = 1e6;
const TIMEOUT_MS = 120_000;
const BASELINE_RUNS = 7;
/** On real threads a clock reading costs some tens of nanoseconds, so only so many transactions are stamped. */
const STAMP_EVERY = 8;
const CHEAP_TO_STAMP_NS = 2000;
/**
 * What operations of a plain loop cost on real threads in proportion to each other; the bound there is scaled
 * to the loop's measured time. Each procedure computes at least this for its result.
 */
const UNIT_COSTS: Costs = { attempt_ns: 0, read_ns: 2, line_ns: 0, work_ns: 1 };
const TURN_STREAM = BLOCK_STREAM + 1;
const PLAIN = new URL('../plain.ts', import.meta.url).href;
/** A configuration that failed so often is not tried again. */
const MAX_FAILURES = 2;

export interface ThreadTrialOptions {
  /** Keep what each core did when, which costs a clock reading an event. */
  readonly trace?: boolean;
  /** Told what is being done, when that takes a while. */
  readonly onProgress?: (message: string) => void;
}

/** Yields each trial as it ends. All the work is of one block. */
export async function* threadTrials(
  work: readonly Work[],
  options: ThreadTrialOptions,
): AsyncGenerator<Trial> {
  const block = await prepare(work[0].configuration, options).catch((error: unknown) => ({ error }));
  if ('error' in block) {
    for (const { configuration, repetitions } of work) {
      for (const repetition of repetitions) yield failedTrial(configuration, repetition, block.error);
    }
    return;
  }
  const random = seededRandom(streamSeed(work[0].configuration.seed, TURN_STREAM));
  const benches = work.map(({ configuration }) => new Bench(configuration, block, options.trace));
  try {
    for (const bench of benches) await bench.warmUp(options.onProgress);
    const turns = shuffle(
      work.flatMap(({ repetitions }, at) => repetitions.map(() => at)),
      () => random.unit(),
    );
    // A configuration's own repetitions keep their order: the first of them is the coldest.
    const queues = work.map(({ repetitions }) => [...repetitions]);
    for (const at of turns) yield await benches[at].trial(queues[at].shift() as number);
  } finally {
    await Promise.all(benches.map((bench) => bench.close()));
  }
}

interface Prepared {
  readonly data: BlockData;
  readonly baseline_ns: number;
}

async function prepare(configuration: Configuration, options: ThreadTrialOptions): Promise<Prepared> {
  const data = generate(configuration);
  options.onProgress?.('the plain loop, on one thread');
  return { data, baseline_ns: await measureBaseline(configuration, data) };
}

/** The plain loop's median time on one real thread. */
async function measureBaseline(configuration: Configuration, data: BlockData): Promise<number> {
  const job = baselineJob(configuration, data, await loadAlgorithm(PLAIN));
  const session = await openThreads({ ...job, stampEvery: STAMP_EVERY, timeout_ms: TIMEOUT_MS });
  try {
    await warmUp(session);
    const makespans: number[] = [];
    for (let repetition = 1; repetition <= BASELINE_RUNS; repetition++) {
      const run = await session.run(repetition);
      if (repetition === 1) checkBaseline(configuration, data, run);
      makespans.push(run.makespan_ns);
    }
    return median(makespans);
  } finally {
    await session.close();
  }
}

/** A configuration with workers that are warm. What fails takes its workers along; the next trial gets new ones. */
class Bench {
  readonly #configuration: Configuration;
  readonly #block: Prepared;
  readonly #trace: boolean;
  #session: ThreadsSession | undefined;
  #warnings: Warning[] = [];
  #failures = 0;
  #lastError: unknown;

  constructor(configuration: Configuration, block: Prepared, trace = false) {
    this.#configuration = configuration;
    this.#block = block;
    this.#trace = trace;
  }

  /** What fails here fails again in the trial, which records it. */
  async warmUp(onProgress: ThreadTrialOptions['onProgress']): Promise<void> {
    onProgress?.(`warming up ${this.#configuration.algorithm.declaration.name}`);
    await this.#open().catch((error: unknown) => this.#fail(error));
  }

  async trial(repetition: number): Promise<Trial> {
    const configuration = this.#configuration;
    if (this.#failures >= MAX_FAILURES) return failedTrial(configuration, repetition, this.#lastError);
    try {
      return await this.#measured(repetition);
    } catch (error) {
      await this.#fail(error);
      return failedTrial(configuration, repetition, error);
    }
  }

  async close(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    await session?.close();
  }

  async #fail(error: unknown): Promise<void> {
    this.#failures++;
    this.#lastError = error;
    await this.close();
  }

  async #open(): Promise<ThreadsSession> {
    const { baseline_ns, data } = this.#block;
    const stampEvery = baseline_ns / data.transactions > CHEAP_TO_STAMP_NS ? 1 : STAMP_EVERY;
    const job = jobOf(this.#configuration, data);
    const setup = { ...job, stampEvery, trace: this.#trace, timeout_ms: TIMEOUT_MS };
    this.#session = await openThreads(setup);
    this.#warnings = this.#configuration.cores > availableParallelism() ? ['more-workers-than-cores'] : [];
    if (!(await warmUp(this.#session)).stable) this.#warnings.push('not-steady');
    return this.#session;
  }

  async #measured(repetition: number): Promise<Trial> {
    const { baseline_ns, data } = this.#block;
    const configuration = this.#configuration;
    const session = this.#session ?? (await this.#open());
    const run = await session.run(repetition);
    const short: Warning[] = run.makespan_ns < SHORT_RUN_NS ? ['short-run'] : [];
    const judged = judge(configuration, data, run);
    const best = boundOf(judged, data, UNIT_COSTS);
    const bound_ns = best ? (best.bound_ns / best.work_ns_total) * baseline_ns : Number.NaN;
    const metrics = metricsOf(run, { baseline_ns, bound_ns });
    return { ...judged, metrics, repetition, warnings: [...this.#warnings, ...short], trace: run.trace };
  }
}

/** Trials on real threads: one block's configurations, warmed up, then repeated in a random order. */
import { availableParallelism } from 'node:os';
import { median } from 'simple-statistics';
import type { BlockData } from '../../../workloads/workload.ts';
import { loadAlgorithm } from '../../machine/load.ts';
import { TimeoutError } from '../../machine/threads/pool.ts';
import { openThreads, type ThreadsSession } from '../../machine/threads/threads.ts';
import { warmUp } from '../../machine/threads/warmup.ts';
import type { Costs } from '../../verify/bound.ts';
import type { Configuration } from '../configuration.ts';
import { metricsOf } from '../metrics.ts';
import type { Trial, Warning } from '../trial.ts';
import { isEnough, type Until } from '../until.ts';
import type { Work } from '../work.ts';
import { baselineJob, checkBaseline, generate, jobOf } from './block.ts';
import { HostLoad, isBusy } from './host-load.ts';
import { boundOf, failedTrial, judge } from './judge.ts';
import { partsOf, turnsOf } from './turns.ts';

/** Times of fewer real nanoseconds than this are mostly noise. */
const SHORT_RUN_NS = 1e6;
const TIMEOUT_MS = 120_000;
const BASELINE_RUNS = 7;
/**
 * On real threads a clock reading costs some tens of nanoseconds, and a stamped transaction takes three: 5 % of one of
 * 2 us. So only so many are stamped, unless they take this long.
 */
const STAMP_EVERY = 8;
const CHEAP_TO_STAMP_NS = 5000;
/**
 * What operations of a plain loop cost on real threads in proportion to each other; the bound there is scaled
 * to the loop's measured time. Each procedure computes at least this for its result.
 */
const UNIT_COSTS: Costs = { attempt_ns: 0, operation_ns: 0, read_ns: 2, line_ns: 0, work_ns: 1 };
const PLAIN = new URL('../plain.ts', import.meta.url).href;
/** A configuration that failed so often is not tried again. */
const MAX_FAILURES = 2;

export interface ThreadTrialOptions {
  /** Keep what each core did when, which costs a clock reading an event. */
  readonly trace?: boolean | undefined;
  /** Further repetitions, while they are needed. */
  readonly until?: Until | undefined;
  /** Ends the trial under way. */
  readonly signal?: AbortSignal | undefined;
  /** Told what is being done, when that takes a while. */
  readonly onProgress?: ((message: string) => void) | undefined;
}

/** Yields each trial as it ends. All the work is of one block. */
export async function* threadTrials(
  work: readonly Work[],
  options: ThreadTrialOptions,
): AsyncGenerator<Trial> {
  const block = await prepare(work[0].configuration, options).catch((error: unknown) => ({ error }));
  if ('error' in block) {
    if (options.signal?.aborted) return;
    for (const { configuration, repetitions } of work) {
      for (const repetition of repetitions) yield failedTrial(configuration, repetition, block.error);
    }
    return;
  }
  for (const part of partsOf(work)) {
    if (options.signal?.aborted) return;
    yield* together(part, block, options);
  }
}

/** Configurations that are warm at the same time, so that they can take turns. */
async function* together(
  work: readonly Work[],
  block: Prepared,
  options: ThreadTrialOptions,
): AsyncGenerator<Trial> {
  const load = new HostLoad();
  const benches = work.map((part) => new Bench(part, block, load, options.trace));
  const closeAll = (): Promise<unknown> => Promise.all(benches.map((bench) => bench.close()));
  // Whoever waits for a run is told that its session is closed.
  options.signal?.addEventListener('abort', closeAll, { once: true });
  try {
    for (const bench of benches) {
      if (options.signal?.aborted) return;
      await bench.warmUp(options);
    }
    yield* inTurn(benches, work, options);
  } finally {
    options.signal?.removeEventListener('abort', closeAll);
    await closeAll();
  }
}

/** All repetitions in a random order; then round after round of those that need more. */
async function* inTurn(
  benches: readonly Bench[],
  work: readonly Work[],
  { signal, until }: ThreadTrialOptions,
): AsyncGenerator<Trial> {
  for (let round = work; round.length > 0; ) {
    const bench = new Map(benches.map((each) => [each.configuration, each]));
    // A configuration's own repetitions keep their order: the first of them is the coldest.
    const queues = round.map(({ repetitions }) => [...repetitions]);
    for (const at of turnsOf(round)) {
      const trial = await bench.get(round[at].configuration)?.trial(queues[at].shift() as number);
      if (signal?.aborted || trial === undefined) return;
      yield trial;
    }
    if (until === undefined) return;
    round = benches.filter((each) => !each.isEnough(until)).map((each) => each.another());
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
  readonly configuration: Configuration;
  readonly #block: Prepared;
  readonly #trace: boolean;
  readonly #load: HostLoad;
  /** Of the valid trials, earlier sessions' included. */
  readonly #throughputs: number[];
  #taken: number;
  #session: ThreadsSession | undefined;
  #warnings: Warning[] = [];
  #failures = 0;
  #lastError: unknown;

  constructor(
    { configuration, repetitions, earlier = [] }: Work,
    block: Prepared,
    load: HostLoad,
    trace = false,
  ) {
    this.configuration = configuration;
    this.#block = block;
    this.#load = load;
    this.#trace = trace;
    this.#throughputs = [...earlier];
    // Repetitions are numbered through, so what was taken before ends where these begin.
    this.#taken = (repetitions[0] ?? 1) - 1;
  }

  isEnough(until: Until): boolean {
    return isEnough(this.#throughputs, this.#taken, until);
  }

  /** One more repetition than there were. */
  another(): Work {
    return { configuration: this.configuration, repetitions: [this.#taken + 1] };
  }

  /** What fails here fails again in the trial, which records it. */
  async warmUp(options: ThreadTrialOptions): Promise<void> {
    options.onProgress?.(`warming up ${this.configuration.algorithm.declaration.name}`);
    await this.#open().catch((error: unknown) => this.#fail(error));
  }

  async trial(repetition: number): Promise<Trial> {
    const configuration = this.configuration;
    this.#taken = Math.max(this.#taken, repetition);
    if (this.#failures >= MAX_FAILURES) return failedTrial(configuration, repetition, this.#lastError);
    try {
      const trial = await this.#measured(repetition);
      if (trial.verdict.verdict === 'valid') this.#throughputs.push(trial.metrics.throughput_tps);
      return trial;
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
    // What hangs has taken two minutes, and would again.
    this.#failures = error instanceof TimeoutError ? MAX_FAILURES : this.#failures + 1;
    this.#lastError = error;
    await this.close();
  }

  async #open(): Promise<ThreadsSession> {
    const { baseline_ns, data } = this.#block;
    const stampEvery = baseline_ns / data.transactions > CHEAP_TO_STAMP_NS ? 1 : STAMP_EVERY;
    const job = jobOf(this.configuration, data);
    const setup = { ...job, stampEvery, trace: this.#trace, timeout_ms: TIMEOUT_MS };
    this.#session = await openThreads(setup);
    this.#warnings = this.configuration.cores > availableParallelism() ? ['more-workers-than-cores'] : [];
    if (!(await warmUp(this.#session)).stable) this.#warnings.push('not-steady');
    return this.#session;
  }

  async #measured(repetition: number): Promise<Trial> {
    const { baseline_ns, data } = this.#block;
    const configuration = this.configuration;
    const session = this.#session ?? (await this.#open());
    this.#load.mark();
    const run = await session.run(repetition);
    const host_load = this.#load.sinceMark();
    const warnings = [...this.#warnings];
    if (run.makespan_ns < SHORT_RUN_NS) warnings.push('short-run');
    if (isBusy(host_load)) warnings.push('busy-host');
    const judged = judge(configuration, data, run);
    const best = boundOf(judged, data, UNIT_COSTS);
    const bound_ns = best ? (best.bound_ns / best.work_ns_total) * baseline_ns : Number.NaN;
    const metrics = { ...metricsOf(run, { baseline_ns, bound_ns }), host_load };
    return { ...judged, metrics, repetition, warnings, trace: run.trace };
  }
}

/** A probe's samples from a machine: real threads, or a model's simulation, which the solver holds against them. */
import { median, quantile } from 'simple-statistics';
import { configure } from '../experiment/configuration.ts';
import { generate, jobOf } from '../experiment/trials/block.ts';
import type { Job } from '../machine/job.ts';
import type { Run } from '../machine/run.ts';
import type { MachineModel } from '../machine/simulated/model.ts';
import { simulate } from '../machine/simulated/simulate.ts';
import { openThreads } from '../machine/threads/threads.ts';
import { SAMPLES } from './loops.ts';
import type { Probe } from './probes.ts';

/** What a sample of a probe took, a round, in ns. */
export interface Reading {
  /**
   * The fastest tenth's border of the runs: whatever else runs on the host, and whatever the system does, only adds
   * time, so this is nearest to the machine; on a quiet host it is close to the median. Samples of a run differ in what
   * they do: of each the fastest tenth is taken by itself, and of these the median.
   */
  readonly fast_ns: number;
  readonly median_ns: number;
  /** From the first to the third quartile, as a fraction of the median. */
  readonly spread: number;
  readonly samples: number;
  /** What the probe computed: the same on every machine. */
  readonly result: number;
}

/** A machine as the solver sees it. */
export type Machine = (probe: Probe) => Promise<Reading>;

const FAST = 0.1;
const TIMEOUT_MS = 60_000;
/** A clock reading costs tens of nanoseconds; as in trials with short transactions. */
const STAMP_EVERY = 8;
/** How long a probe runs before any of its samples counts: compilation ends. */
const WARM_UP_MS = 400;
const MIN_RUNS = 4;

/**
 * @param measure_ms how long a probe is measured, once it has been warmed up for no longer than that
 * @param sessions how often, each time by new workers: the same code is not compiled alike each time
 */
export function threadsMachine(measure_ms: number, sessions = 1): Machine {
  return async (probe) => {
    const job = await jobFor(probe);
    const runs: Run[] = [];
    for (let session = 0; session < sessions; session++) runs.push(...(await measured(job, measure_ms)));
    return readingOf(probe, job, runs);
  };
}

async function measured(job: Job, measure_ms: number): Promise<Run[]> {
  const session = await openThreads({ ...job, stampEvery: STAMP_EVERY, timeout_ms: TIMEOUT_MS });
  try {
    let repetition = 0;
    const warm_ms = performance.now() + Math.min(WARM_UP_MS, measure_ms);
    while (performance.now() < warm_ms) await session.run(repetition++);
    const runs: Run[] = [];
    const end_ms = performance.now() + measure_ms;
    while (runs.length < MIN_RUNS || performance.now() < end_ms) runs.push(await session.run(repetition++));
    return runs;
  } finally {
    await session.close();
  }
}

/** The machine that the model describes. One run: another would be the same. */
export function simulatedMachine(model: MachineModel): Machine {
  return async (probe) => {
    const job = await jobFor(probe);
    return readingOf(probe, job, [simulate(job, { model })]);
  };
}

/** The solver simulates a probe again and again. */
const jobs = new WeakMap<Probe, Job>();

async function jobFor(probe: Probe): Promise<Job> {
  const known = jobs.get(probe);
  if (known !== undefined) return known;
  const configuration = await configure(probe.request);
  const job = jobOf(configuration, generate(configuration));
  jobs.set(probe, job);
  return job;
}

function readingOf({ rounds }: Probe, { block }: Job, runs: readonly Run[]): Reading {
  const samples = runs.flatMap(({ state }) => [...state.subarray(0, SAMPLES)]).map((ns) => ns / rounds);
  const fastest = Array.from({ length: SAMPLES }, (_, sample) =>
    quantile(
      runs.map(({ state }) => state[sample] / rounds),
      FAST,
    ),
  );
  const middle = median(samples);
  const results = new Set(runs.map(({ state }) => state[block.keys - 1]));
  if (results.size !== 1) throw new Error(`a probe computed ${[...results].join(' and ')} for the same`);
  return {
    fast_ns: median(fastest),
    median_ns: middle,
    spread: (quantile(samples, 0.75) - quantile(samples, 0.25)) / middle,
    samples: samples.length,
    result: [...results][0],
  };
}

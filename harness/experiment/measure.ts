/** Runs configurations and verifies every run: the only place where trials come from. */
import { availableParallelism } from 'node:os';
import { median, shuffle } from 'simple-statistics';
import { seededRandom, streamSeed } from '../../workloads/random.ts';
import type { BlockData } from '../../workloads/workload.ts';
import { resolve } from '../machine/declared.ts';
import type { Job } from '../machine/job.ts';
import { loadAlgorithm } from '../machine/load.ts';
import type { Run } from '../machine/run.ts';
import { simulate } from '../machine/simulated/simulate.ts';
import { openThreads, type ThreadsSession } from '../machine/threads/threads.ts';
import { warmUp } from '../machine/threads/warmup.ts';
import { type Bound, bound, type Costs } from '../verify/bound.ts';
import { presetOrder } from '../verify/order.ts';
import { replay } from '../verify/replay.ts';
import { verify } from '../verify/verify.ts';
import { withAccessSets } from './access-sets.ts';
import type { Configuration } from './configuration.ts';
import { metricsOf } from './metrics.ts';
import type { Trial, Warning } from './trial.ts';

export interface MeasureOptions {
  /** Of each configuration on real threads. A simulated run repeats itself, so it is run once. */
  readonly repetitions: number;
  /** Told what is being done, when that takes a while. */
  readonly onProgress?: (message: string) => void;
}

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
const UNIT_COSTS: Costs = { read_ns: 2, work_ns: 1 };
/** Streams of a seed that are no core's. */
const BLOCK_STREAM = 2 ** 20;
const TURN_STREAM = BLOCK_STREAM + 1;
const PLAIN = new URL('./plain.ts', import.meta.url).href;

/** Yields each trial as it ends: the simulated ones in the order given, then those on real threads. */
export async function* measure(
  configurations: readonly Configuration[],
  options: MeasureOptions,
): AsyncGenerator<Trial> {
  const simulated = configurations.filter(({ model }) => model !== undefined);
  for (const group of sameBlock(simulated)) yield* measureSimulated(group);
  const threads = configurations.filter(({ model }) => model === undefined);
  for (const group of sameBlock(threads)) yield* measureThreads(group, options);
}

/** Groups configurations that execute the same block on the same machine, so that they share a baseline. */
function sameBlock(configurations: readonly Configuration[]): Configuration[][] {
  const identity = (c: Configuration): string =>
    JSON.stringify([c.workload.reference, c.parameters, c.machine, c.figures, c.transactions, c.seed]);
  return [...Map.groupBy(configurations, identity).values()];
}

/** The block of a configuration. */
export function generate({ workload, parameters, transactions, seed }: Configuration): BlockData {
  return workload.declaration.generate(
    parameters,
    transactions,
    seededRandom(streamSeed(seed, BLOCK_STREAM)),
  );
}

/** The configuration's job on a block, with the access sets that its algorithm asks for. */
export function jobOf(configuration: Configuration, data: BlockData): Job {
  const { algorithm, options, workload, cores, seed } = configuration;
  const { accessSets } = resolve(algorithm.declaration, options);
  const block = withAccessSets(workload.declaration, data, accessSets);
  return { algorithm, options, workload, block, cores, seed, audit: true };
}

async function baselineJob(configuration: Configuration, data: BlockData): Promise<Job> {
  const algorithm = await loadAlgorithm(PLAIN);
  return { ...jobOf(configuration, data), algorithm, options: {}, block: data, cores: 1, audit: false };
}

/** The plain loop counts for nothing unless it computes what a serial execution does. */
function checkBaseline(configuration: Configuration, data: BlockData, run: Run): void {
  const block = { ...data, procedures: configuration.workload.declaration.procedures };
  const { state } = replay(block, presetOrder(block.transactions));
  const differs = state.findIndex((value, key) => !Object.is(value, run.state[key]));
  if (differs >= 0) {
    throw new Error(
      `the plain loop left ${run.state[differs]} at key ${differs}, a serial replay ${state[differs]}: ` +
        `is every procedure of ${configuration.workload.declaration.name} deterministic?`,
    );
  }
}

async function* measureSimulated(group: readonly Configuration[]): AsyncGenerator<Trial> {
  const data = generate(group[0]);
  const model = group[0].model as NonNullable<Configuration['model']>;
  // What an engine costs a block, the plain loop does not.
  const baseline = simulate(await baselineJob(group[0], data), { model: { ...model, block_ns: 0 } });
  checkBaseline(group[0], data, baseline);
  for (const configuration of group) {
    const run = simulate(jobOf(configuration, data), { model });
    const judged = judge(configuration, data, run);
    const best = boundOf(judged, data, { read_ns: model.hit_ns, work_ns: model.work_ns });
    const yardstick = { baseline_ns: baseline.makespan_ns, bound_ns: best?.bound_ns ?? Number.NaN };
    yield { ...judged, metrics: metricsOf(run, yardstick), repetition: 1, warnings: [] };
  }
}

async function* measureThreads(
  group: readonly Configuration[],
  { repetitions, onProgress }: MeasureOptions,
): AsyncGenerator<Trial> {
  const data = generate(group[0]);
  onProgress?.('the plain loop, on one thread');
  const baseline_ns = await measureBaseline(group[0], data);
  const sessions: { configuration: Configuration; session: ThreadsSession; warnings: Warning[] }[] = [];
  try {
    for (const configuration of group) {
      onProgress?.(`warming up ${configuration.algorithm.declaration.name}`);
      const stampEvery = baseline_ns / data.transactions > CHEAP_TO_STAMP_NS ? 1 : STAMP_EVERY;
      const setup = { ...jobOf(configuration, data), stampEvery, timeout_ms: TIMEOUT_MS };
      const session = await openThreads(setup);
      const warnings: Warning[] =
        configuration.cores > availableParallelism() ? ['more-workers-than-cores'] : [];
      sessions.push({ configuration, session, warnings });
      if (!(await warmUp(session)).stable) warnings.push('not-steady');
    }
    const random = seededRandom(streamSeed(group[0].seed, TURN_STREAM));
    const turns = sessions.flatMap((session) => Array.from({ length: repetitions }, () => session));
    const taken = new Map<ThreadsSession, number>();
    for (const { configuration, session, warnings } of shuffle(turns, () => random.unit())) {
      const repetition = (taken.get(session) ?? 0) + 1;
      taken.set(session, repetition);
      const run = await session.run(repetition);
      const short: Warning[] = run.makespan_ns < SHORT_RUN_NS ? ['short-run'] : [];
      const judged = judge(configuration, data, run);
      const best = boundOf(judged, data, UNIT_COSTS);
      const bound_ns = best ? (best.bound_ns / best.work_ns_total) * baseline_ns : Number.NaN;
      const metrics = metricsOf(run, { baseline_ns, bound_ns });
      yield { ...judged, metrics, repetition, warnings: [...warnings, ...short] };
    }
  } finally {
    await Promise.all(sessions.map(({ session }) => session.close()));
  }
}

/** The plain loop's median time on one real thread. */
async function measureBaseline(configuration: Configuration, data: BlockData): Promise<number> {
  const job = await baselineJob(configuration, data);
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

type Judged = Pick<Trial, 'configuration' | 'guarantee' | 'witness' | 'verdict'>;

function judge(configuration: Configuration, data: BlockData, run: Run): Judged {
  const { algorithm, options, workload } = configuration;
  const { guarantee, witness } = resolve(algorithm.declaration, options);
  const block = { ...data, procedures: workload.declaration.procedures };
  return { configuration, guarantee, witness, verdict: verify(workload.declaration, block, guarantee, run) };
}

/** The bound for the order that verification found; none without a valid verdict. */
function boundOf(
  { configuration, guarantee, verdict }: Judged,
  data: BlockData,
  costs: Costs,
): Bound | undefined {
  if (verdict.verdict !== 'valid') return undefined;
  const block = { ...data, procedures: configuration.workload.declaration.procedures };
  return bound(block, verdict.order, guarantee, configuration.cores, costs);
}

/** Trials on the simulated machine, as they run in the page: the same machine, algorithms and verification. */
import { algorithms } from '../../algorithms/index.ts';
import { withAccessSets } from '../../harness/experiment/access-sets.ts';
import { type Configuration, configure } from '../../harness/experiment/configuration.ts';
import { metricsOf } from '../../harness/experiment/metrics.ts';
import plain from '../../harness/experiment/plain.ts';
import { resolve } from '../../harness/machine/declared.ts';
import type { Job } from '../../harness/machine/job.ts';
import { loadAlgorithm } from '../../harness/machine/load.ts';
import { simulate } from '../../harness/machine/simulated/simulate.ts';
import { bound } from '../../harness/verify/bound.ts';
import { verify } from '../../harness/verify/verify.ts';
import { seededRandom, streamSeed } from '../../workloads/random.ts';
import type { BlockData } from '../../workloads/workload.ts';
import type { Entry, Point, Settings } from './protocol.ts';

const BLOCK_STREAM = 2 ** 20;

/** Yields each trial as it ends, in order of cores; of equal cores in order of the choices. */
export async function* sweep(settings: Settings): AsyncGenerator<Point> {
  const { choices, cores, ...rest } = settings;
  let block: BlockData | undefined;
  let baseline_ns = Number.NaN;
  for (const count of cores) {
    for (const [index, choice] of choices.entries()) {
      const configuration = await configure({ ...rest, ...choice, cores: count });
      if (block === undefined) {
        const { workload, parameters, transactions, seed } = configuration;
        const random = seededRandom(streamSeed(seed, BLOCK_STREAM));
        block = workload.declaration.generate(parameters, transactions, random);
        baseline_ns = baseline(configuration, block);
      }
      yield point(index, configuration, block, baseline_ns);
    }
  }
}

function baseline(configuration: Configuration, block: BlockData): number {
  const algorithm = { reference: 'plain', declaration: plain } as Job['algorithm'];
  const { workload, seed } = configuration;
  const job: Job = { algorithm, options: {}, workload, block, cores: 1, seed, audit: false };
  return simulate(job, { model: { ...configuration.model!, block_ns: 0 } }).makespan_ns;
}

function point(choice: number, configuration: Configuration, data: BlockData, baseline_ns: number): Point {
  const { algorithm, options, workload, cores, seed } = configuration;
  const model = configuration.model!;
  const { guarantee, accessSets } = resolve(algorithm.declaration, options);
  const block = withAccessSets(workload.declaration, data, accessSets);
  const run = simulate({ algorithm, options, workload, block, cores, seed, audit: true }, { model });
  const judged = { ...data, procedures: workload.declaration.procedures };
  const verdict = verify(workload.declaration, judged, guarantee, run);
  const bound_ns =
    verdict.verdict === 'valid'
      ? bound(judged, verdict.order, guarantee, cores, { read_ns: model.hit_ns, work_ns: model.work_ns })
          .bound_ns
      : Number.NaN;
  const metrics = metricsOf(run, { baseline_ns, bound_ns });
  const total = cores * metrics.makespan_ns;
  const { useful_ns, wasted_ns, blocked_ns, idle_ns } = metrics;
  const engine_ns = Math.max(0, total - useful_ns - wasted_ns - blocked_ns - idle_ns);
  return {
    choice,
    cores,
    makespan_ns: metrics.makespan_ns,
    throughput_tps: metrics.throughput_tps,
    speedup: metrics.speedup,
    bound: baseline_ns / bound_ns,
    attemptsPerTransaction: metrics.attempts / data.transactions,
    shares: {
      useful: useful_ns / total,
      engine: engine_ns / total,
      wasted: wasted_ns / total,
      blocked: blocked_ns / total,
      idle: idle_ns / total,
    },
    verdict: verdict.verdict,
    ...(verdict.verdict === 'invalid' ? { explanation: `${verdict.anomaly}: ${verdict.explanation}` } : {}),
    ...(verdict.verdict === 'unknown' ? { explanation: verdict.reason } : {}),
  };
}

/** Every algorithm of the registry. */
export async function catalogue(): Promise<Entry[]> {
  const loaded = await Promise.all(Object.keys(algorithms).map(loadAlgorithm));
  return loaded.map(({ declaration: { name, summary, guarantee } }) => ({
    name,
    summary,
    guarantee: typeof guarantee === 'function' ? 'by option' : guarantee,
  }));
}

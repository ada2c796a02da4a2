/** Trials on the simulated machine, as they run in the page: the same machine, algorithms and verification. */
import { algorithms } from '../../algorithms/index.ts';
import { configure } from '../../harness/experiment/configuration.ts';
import type { Metrics, Trial } from '../../harness/experiment/trial.ts';
import {
  type PreparedBlock,
  prepareBlock,
  simulatedTrial,
} from '../../harness/experiment/trials/simulated.ts';
import { resolve } from '../../harness/machine/declared.ts';
import { loadAlgorithm } from '../../harness/machine/load.ts';
import { timelineSvg } from '../../harness/report/timeline/timeline.ts';
import { counted } from '../../harness/report/units.ts';
import { z } from '../../workloads/workload.ts';
import {
  type Drawing,
  type Entry,
  nameOf,
  type Option,
  type Order,
  type Point,
  type Settings,
  type Share,
} from './protocol.ts';

/** Yields each trial as it ends, in order of cores; of equal cores in order of the choices. */
export async function* sweep({ choices, cores, ...place }: Settings): AsyncGenerator<Point> {
  let block: PreparedBlock | undefined;
  for (const count of cores) {
    for (const [choice, { algorithm, options }] of choices.entries()) {
      const configuration = await configure({ ...place, algorithm, options, cores: count });
      block ??= prepareBlock(configuration);
      yield pointOf(choice, simulatedTrial(configuration, block));
    }
  }
}

/** One trial, traced. What it is of, the page says around it; the picture says in whose time it is. */
export async function timeline({ settings, width }: Extract<Order, { kind: 'timeline' }>): Promise<Drawing> {
  const { choices, cores, ...place } = settings;
  const configuration = await configure({ ...place, ...choices[0], cores: cores[0] });
  const trial = simulatedTrial(configuration, undefined, { trace: true });
  const { machine, transactions } = configuration;
  const title = `${nameOf(choices[0])}, ${transactions} transactions`;
  const subtitle = `simulated on ${machine}, ${counted(cores[0], 'core')}; ${trial.verdict.verdict}`;
  return { svg: timelineSvg(trial.trace!, { title, subtitle, width }), point: pointOf(0, trial) };
}

function pointOf(choice: number, { configuration, metrics, verdict }: Trial): Point {
  const { cores, transactions } = configuration;
  return {
    choice,
    cores,
    makespan_ns: metrics.makespan_ns,
    throughput_tps: metrics.throughput_tps,
    speedup: metrics.speedup,
    bound: metrics.baseline_ns / metrics.bound_ns,
    attemptsPerTransaction: metrics.attempts / transactions,
    shares: sharesOf(metrics, cores),
    verdict: verdict.verdict,
    ...(verdict.verdict === 'invalid' ? { explanation: `${verdict.anomaly}. ${verdict.explanation}` } : {}),
    ...(verdict.verdict === 'unknown' ? { explanation: verdict.reason } : {}),
  };
}

function sharesOf(metrics: Metrics, cores: number): Record<Share, number> {
  const total = cores * metrics.makespan_ns;
  const { useful_ns, wasted_ns, blocked_ns, idle_ns } = metrics;
  const engine_ns = Math.max(0, total - useful_ns - wasted_ns - blocked_ns - idle_ns);
  return {
    useful: useful_ns / total,
    engine: engine_ns / total,
    wasted: wasted_ns / total,
    blocked: blocked_ns / total,
    idle: idle_ns / total,
  };
}

/** Every algorithm of the registry, with those of its options that are a choice among a few. */
export async function catalogue(): Promise<Entry[]> {
  const loaded = await Promise.all(Object.keys(algorithms).map(loadAlgorithm));
  return loaded.map(({ declaration }) => ({
    name: declaration.name,
    summary: declaration.summary,
    guarantee: resolve(declaration, declaration.options.parse({})).guarantee,
    options: optionsOf(declaration.options),
  }));
}

interface OptionSchema {
  readonly enum?: readonly string[];
  readonly type?: string;
  readonly default?: unknown;
  readonly description?: string;
}

function optionsOf(schema: z.ZodType): Option[] {
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input' });
  return Object.entries(properties as Record<string, OptionSchema>).flatMap(([name, option]) => {
    const values = option.type === 'boolean' ? [true, false] : (option.enum ?? []);
    if (values.length === 0) return [];
    return [
      { name, values, value: option.default as Option['value'], description: option.description ?? '' },
    ];
  });
}

/**
 * The simulated machine judged by the real one: every algorithm on four workloads, on as many cores as there are,
 * under a model of the host and on its threads. What is compared is throughput.
 */
import { quantile } from 'simple-statistics';
import { type Configuration, configure, type Request, THREADS } from '../experiment/configuration.ts';
import { measure } from '../experiment/measure.ts';
import type { Trial } from '../experiment/trial.ts';
import { workOf } from '../experiment/work.ts';
import type { MachineModel } from '../machine/simulated/model.ts';

/** Low and high contention, with the work of a small contract; a table read and written without and with a skew. */
export const WORKLOADS: readonly Judged[] = [
  {
    label: 'transfers\nuniform',
    workload: 'transfers',
    parameters: { variant: 'plain', accounts: 1000, work: 2000 },
  },
  {
    label: 'transfers\nhot',
    workload: 'transfers',
    parameters: { variant: 'plain', accounts: 10, work: 2000 },
  },
  { label: 'ycsb\nuniform', workload: 'ycsb', parameters: { keys: 1000, theta: 0 } },
  { label: 'ycsb\nskewed', workload: 'ycsb', parameters: { keys: 1000, theta: 0.9 } },
];

export interface Judged {
  readonly label: string;
  readonly workload: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** The plain loop is judged too: speed-ups rest on it. */
export const PLAIN_LOOP = 'plain loop';

/** One algorithm on one workload and so many cores. */
export interface Judgement {
  readonly algorithm: string;
  readonly workload: Judged;
  readonly cores: number;
  readonly predicted_tps: number;
  /** By the fastest tenth of the repetitions: what else runs on the host only ever adds time. */
  readonly measured_tps: number;
  readonly median_tps: number;
  /** predicted / measured; NaN where a run was not valid, as a control's may be. */
  readonly ratio: number;
}

export interface JudgeOptions {
  readonly algorithms: readonly string[];
  readonly workloads: readonly Judged[];
  readonly cores: readonly number[];
  readonly transactions: number;
  readonly repetitions: number;
  readonly onProgress?: (what: string) => void;
}

/** Workload by workload. Every run is verified, and counts only if it is valid. */
export async function* judge(model: MachineModel, options: JudgeOptions): AsyncGenerator<Judgement[]> {
  for (const workload of options.workloads) yield await judgeWorkload(model, workload, options);
}

async function judgeWorkload(
  model: MachineModel,
  workload: Judged,
  { algorithms, cores, onProgress, repetitions, transactions }: JudgeOptions,
): Promise<Judgement[]> {
  const places = cores.flatMap((count) => algorithms.map((algorithm) => ({ algorithm, cores: count })));
  const { parameters, workload: name } = workload;
  const onMachine = (machine: Pick<Request, 'machine' | 'base'>): Promise<Configuration[]> =>
    Promise.all(
      places.map((place) =>
        configure({ ...place, ...machine, options: {}, workload: name, parameters, transactions, seed: 1 }),
      ),
    );
  const simulated = await onMachine({ machine: model.name, base: model });
  const real = await onMachine({ machine: THREADS });
  const trials = new Map<Configuration, Trial[]>([...simulated, ...real].map((c) => [c, []]));
  const told = (what: string): void => onProgress?.(`${workload.label.replace('\n', ', ')}: ${what}`);
  told('simulated');
  for await (const trial of measure(workOf([...simulated, ...real], repetitions), { onProgress: told })) {
    trials.get(trial.configuration)?.push(trial);
  }
  const trialsOf = (configuration: Configuration): Trial[] => trials.get(configuration) as Trial[];
  const judgements = places.map(({ algorithm, cores: count }, at): Judgement => {
    const pair = [simulated[at], real[at]].map((c) => makespans(trialsOf(c)));
    return { algorithm, cores: count, workload, ...compared(pair[0], pair[1], transactions) };
  });
  const baselines = [simulated[0], real[0]].map((c) => [trialsOf(c)[0].metrics.baseline_ns]);
  const loop = compared(baselines[0], baselines[1], transactions);
  return [{ algorithm: PLAIN_LOOP, cores: 1, workload, ...loop }, ...judgements];
}

/** Of valid trials; none if there is one that is not. */
function makespans(trials: readonly Trial[]): number[] {
  const valid = trials.filter(({ verdict }) => verdict.verdict === 'valid');
  return valid.length === trials.length ? valid.map(({ metrics }) => metrics.makespan_ns) : [];
}

const FAST = 0.1;

function compared(
  predicted: readonly number[],
  measured: readonly number[],
  transactions: number,
): Pick<Judgement, 'predicted_tps' | 'measured_tps' | 'median_tps' | 'ratio'> {
  const tps = (all: readonly number[], p: number): number =>
    all.length === 0 ? Number.NaN : (transactions / quantile([...all], p)) * 1e9;
  const [predicted_tps, measured_tps, median_tps] = [
    tps(predicted, 0.5),
    tps(measured, FAST),
    tps(measured, 0.5),
  ];
  return { predicted_tps, measured_tps, median_tps, ratio: predicted_tps / measured_tps };
}

/** The mean of |predicted / measured - 1|. */
export function meanError(judgements: readonly Judgement[]): number {
  const errors = judgements.map(({ ratio }) => Math.abs(ratio - 1)).filter((error) => !Number.isNaN(error));
  return errors.reduce((total, error) => total + error, 0) / errors.length;
}

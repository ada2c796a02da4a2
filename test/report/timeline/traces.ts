/** Traces of small blocks on the simulated machine. */
import { configure } from '../../../harness/experiment/configuration.ts';
import { generate, jobOf } from '../../../harness/experiment/trials/block.ts';
import type { MachineModel } from '../../../harness/machine/simulated/model.ts';
import { simulate } from '../../../harness/machine/simulated/simulate.ts';
import type { Trace } from '../../../harness/machine/trace.ts';

export interface Wanted {
  readonly algorithm: string;
  readonly cores?: number;
  readonly transactions?: number;
  readonly accounts?: number;
  readonly seed?: number;
  /** Figures of the model that differ. */
  readonly model?: Record<string, number>;
}

export async function traced(wanted: Wanted): Promise<Trace> {
  const { accounts = 4, cores = 4, model = {}, seed = 1, transactions = 40, algorithm } = wanted;
  const configuration = await configure({
    algorithm,
    options: {},
    workload: 'transfers',
    parameters: { accounts, work: 500 },
    machine: 'server-32',
    model,
    cores,
    transactions,
    seed,
  });
  const job = jobOf(configuration, generate(configuration));
  return simulate(job, { model: configuration.model as MachineModel, trace: true }).trace as Trace;
}

/** The block that a configuration executes, and the job that this makes. Runs in a browser too. */
import { seededRandom, streamSeed } from '../../../workloads/random.ts';
import type { BlockData } from '../../../workloads/workload.ts';
import { resolve } from '../../machine/declared.ts';
import type { Job, Loaded } from '../../machine/job.ts';
import type { Run } from '../../machine/run.ts';
import { presetOrder } from '../../verify/order.ts';
import { replay } from '../../verify/replay.ts';
import { withAccessSets } from '../access-sets.ts';
import type { Configuration } from '../configuration.ts';

/** The stream of a seed that makes the block; it is no core's. */
export const BLOCK_STREAM = 2 ** 20;

/** What decides the block and what its plain loop costs: configurations that agree here share a baseline. */
export function blockIdentity(configuration: Configuration): string {
  const { workload, parameters, machine, figures, transactions, seed } = configuration;
  return JSON.stringify([workload.reference, parameters, machine, figures, transactions, seed]);
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

/** The plain loop's job on a block. */
export function baselineJob(
  { workload, seed }: Configuration,
  data: BlockData,
  plain: Loaded<Job['algorithm']['declaration']>,
): Job {
  return { algorithm: plain, options: {}, workload, block: data, cores: 1, seed, audit: false };
}

/** The plain loop counts for nothing unless it computes what a serial execution does. */
export function checkBaseline(configuration: Configuration, data: BlockData, run: Run): void {
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

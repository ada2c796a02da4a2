/** Trials on the simulated machine, from block to verdict. Nothing of Node: they run in a browser too. */
import type { BlockData } from '../../../workloads/workload.ts';
import type { MachineModel } from '../../machine/simulated/model.ts';
import { simulate } from '../../machine/simulated/simulate.ts';
import { costsOf } from '../../verify/bound.ts';
import type { Configuration } from '../configuration.ts';
import { metricsOf } from '../metrics.ts';
import plain from '../plain.ts';
import type { Trial } from '../trial.ts';
import { baselineJob, checkBaseline, generate, jobOf } from './block.ts';
import { boundOf, judge } from './judge.ts';

/** What the trials of one block share. */
export interface PreparedBlock {
  readonly data: BlockData;
  /** The plain loop's virtual time. */
  readonly baseline_ns: number;
}

const PLAIN = { reference: plain.name, declaration: plain } as unknown as Parameters<typeof baselineJob>[2];

/** Generates the block and runs its baseline. Good for every configuration of the same `blockIdentity`. */
export function prepareBlock(configuration: Configuration): PreparedBlock {
  const data = generate(configuration);
  // What an engine costs a block and an access, the plain loop does not; attempts and operations it has none.
  const model = { ...modelOf(configuration), block_ns: 0, access_ns: 0 };
  const run = simulate(baselineJob(configuration, data, PLAIN), { model });
  checkBaseline(configuration, data, run);
  return { data, baseline_ns: run.makespan_ns };
}

/** The trial of a configuration with a model. A simulated run repeats itself, so it is run once. */
export function simulatedTrial(
  configuration: Configuration,
  { data, baseline_ns }: PreparedBlock = prepareBlock(configuration),
  { trace = false }: { readonly trace?: boolean | undefined } = {},
): Trial {
  const model = modelOf(configuration);
  const run = simulate(jobOf(configuration, data), { model, trace });
  const judged = judge(configuration, data, run);
  const best = boundOf(judged, data, costsOf(model));
  const metrics = metricsOf(run, { baseline_ns, bound_ns: best?.bound_ns ?? Number.NaN });
  return { ...judged, metrics, repetition: 1, warnings: [], trace: run.trace };
}

function modelOf({ machine, model }: Configuration): MachineModel {
  if (model === undefined) throw new Error(`${machine} has no model to simulate`);
  return model;
}

/** The conformance suite's cases, as tests of single algorithms use them: over the whole registry, all by name. */
import type fc from 'fast-check';
import { algorithms } from '../../algorithms/index.ts';
import * as check from '../../harness/check/cases.ts';
import { MODEL } from '../../harness/check/judge.ts';
import type { Job } from '../../harness/machine/job.ts';
import { loadAlgorithm, loadWorkload } from '../../harness/machine/load.ts';

export interface Case extends Omit<check.Case, 'workload'> {
  readonly workload: string;
}

export const cases: fc.Arbitrary<Case> = (await check.randomCases()).map((drawn) => ({
  ...drawn,
  workload: drawn.workload.reference,
}));

/** Every algorithm in the registry, with each value of its options that are choices. */
export async function variants(): Promise<{ name: string; options: Record<string, unknown> }[]> {
  const loaded = await Promise.all(Object.keys(algorithms).map(loadAlgorithm));
  return loaded.flatMap((algorithm) => {
    const [{ options: defaults }, ...others] = check.variantsOf(algorithm);
    const changed = others.map(({ options }) =>
      Object.fromEntries(Object.entries(options).filter(([option, value]) => value !== defaults[option])),
    );
    return [{}, ...changed].map((options) => ({ name: algorithm.reference, options }));
  });
}

export async function jobOf(
  drawn: Case,
  algorithm: string,
  options: Record<string, unknown> = {},
): Promise<Job> {
  const loaded = await loadAlgorithm(algorithm);
  const variant = { algorithm: loaded, options: loaded.declaration.options.parse(options) };
  const workload = await loadWorkload(drawn.workload);
  const parameters = workload.declaration.parameters.parse(drawn.parameters);
  return check.jobOf(check.configurationOf({ ...drawn, workload, parameters }, variant, MODEL));
}

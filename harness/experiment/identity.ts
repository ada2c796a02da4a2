/** What tells configurations and trials apart: short hashes of their content. */
import { createHash } from 'node:crypto';
import { type Configuration, machineName, type Request } from './configuration.ts';
import { typed } from './reference.ts';
import { UserError } from './user-error.ts';

/** The request that this configuration completes, with every default written out. Plain data. */
export function requestOf(configuration: Configuration): Request {
  const { algorithm, options, workload, parameters, machine, figures } = configuration;
  const { cores, transactions, seed } = configuration;
  return {
    algorithm: typed(algorithm.reference),
    options,
    workload: typed(workload.reference),
    parameters,
    machine: typed(machine),
    ...(Object.keys(figures).length > 0 ? { model: figures } : {}),
    cores,
    transactions,
    seed,
  };
}

export function configurationId(configuration: Configuration): string {
  return hash([requestOf(configuration), figuresThatCount(configuration)]);
}

export function trialId(configuration: Configuration, repetition: number): string {
  return hash([requestOf(configuration), figuresThatCount(configuration), repetition]);
}

/**
 * The machine model's figures count too: they decide a simulated run as much as a parameter does. What is said of
 * them does not, nor a figure of 0, so that one which is new to all models changes nobody's name.
 */
function figuresThatCount({ model }: Configuration): object | null {
  if (model === undefined) return null;
  const { name, summary, sources, ...figures } = model;
  return Object.fromEntries(Object.entries(figures).filter(([, figure]) => figure !== 0));
}

function hash(content: unknown): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 12);
}

/** Rows name algorithms, workloads and machines as these name themselves, so no two may share a name. */
export function refuseNamesakes(configurations: readonly Configuration[]): void {
  const named = {
    algorithm: ({ algorithm }: Configuration) => [algorithm.declaration.name, algorithm.reference],
    workload: ({ workload }: Configuration) => [workload.declaration.name, workload.reference],
    machine: (configuration: Configuration) => [machineName(configuration), configuration.machine],
  };
  for (const [what, identify] of Object.entries(named)) {
    const references = new Map<string, string>();
    for (const [name, reference] of configurations.map(identify)) {
      const other = references.get(name) ?? reference;
      if (other !== reference) {
        throw new UserError(
          `two ${what}s call themselves ${name}: ${typed(other)} and ${typed(reference)}; rename one`,
        );
      }
      references.set(name, reference);
    }
  }
}

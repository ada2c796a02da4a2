/** What tells configurations and trials apart: short hashes of their content. */
import { createHash } from 'node:crypto';
import { isAbsolute, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Configuration, Request } from './configuration.ts';
import { UserError } from './user-error.ts';

/** A reference as a user types it: a name, or the path of a file from the working directory. */
export function typed(reference: string): string {
  if (!reference.startsWith('file:')) return reference;
  const path = fileURLToPath(reference);
  const below = relative(process.cwd(), path);
  return below.startsWith('..') || isAbsolute(below) ? path : `./${below.split(sep).join('/')}`;
}

/** The request that this configuration completes, with every default written out. Plain data. */
export function requestOf(configuration: Configuration): Request {
  const { algorithm, options, workload, parameters, machine, figures } = configuration;
  const { cores, transactions, seed } = configuration;
  return {
    algorithm: typed(algorithm.reference),
    options,
    workload: typed(workload.reference),
    parameters,
    machine,
    ...(Object.keys(figures).length > 0 ? { model: figures } : {}),
    cores,
    transactions,
    seed,
  };
}

/** The machine model's figures count too: they decide a simulated run as much as a parameter does. */
export function configurationId(configuration: Configuration): string {
  return hash([requestOf(configuration), configuration.model ?? null]);
}

export function trialId(configuration: Configuration, repetition: number): string {
  return hash([requestOf(configuration), configuration.model ?? null, repetition]);
}

function hash(content: unknown): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 12);
}

/** Rows name algorithms and workloads as these name themselves, so no two may share a name. */
export function refuseNamesakes(configurations: readonly Configuration[]): void {
  for (const what of ['algorithm', 'workload'] as const) {
    const references = new Map<string, string>();
    for (const { [what]: loaded } of configurations) {
      const { name } = loaded.declaration;
      const other = references.get(name) ?? loaded.reference;
      if (other !== loaded.reference) {
        throw new UserError(
          `two ${what}s call themselves ${name}: ${typed(other)} and ${typed(loaded.reference)}; rename one`,
        );
      }
      references.set(name, loaded.reference);
    }
  }
}

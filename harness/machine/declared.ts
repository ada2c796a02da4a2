/** What a declaration says under given options, where it depends on them. */
import type { AccessSetNeed, Algorithm, Guarantee, WitnessForm } from '../../algorithms/algorithm.ts';

export function resolve(
  algorithm: Algorithm,
  options: Readonly<Record<string, unknown>>,
): { guarantee: Guarantee; witness: WitnessForm; accessSets: AccessSetNeed } {
  const { guarantee, witness, accessSets = 'none' } = algorithm;
  return {
    guarantee: typeof guarantee === 'function' ? guarantee(options) : guarantee,
    witness: typeof witness === 'function' ? witness(options) : witness,
    accessSets: typeof accessSets === 'function' ? accessSets(options) : accessSets,
  };
}

const KNOWN = {
  guarantee: ['block-order', 'serializable', 'snapshot-isolation', 'none'],
  witness: ['preset', 'points', 'versions'],
  accessSets: ['none', 'declared', 'exact'],
} as const;

/** What it promises under the options that is none of the known. */
export function unknownPromises(algorithm: Algorithm, options: Readonly<Record<string, unknown>>): string[] {
  const promise = resolve(algorithm, options);
  return (['guarantee', 'witness', 'accessSets'] as const)
    .filter((what) => !(KNOWN[what] as readonly string[]).includes(promise[what]))
    .map((what) => `${what} is ${promise[what]}, which is none of ${KNOWN[what].join(', ')}`);
}

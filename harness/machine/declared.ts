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

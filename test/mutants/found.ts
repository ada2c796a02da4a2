/**
 * Where mutants that survive many schedules were found: the number of the first random case that tells each, counted
 * from 0. Tried first, it saves the search; where the algorithm, a workload or the walk has changed it may tell nothing
 * any more, and then the search is made. `npm run bench -- evidence` searches all from the start, and writes this anew.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Mutant } from './mutant.ts';

/** By algorithm, and by what is wrong with it. */
type Found = Record<string, Record<string, number>>;

/** Whoever is found as early as this is searched for each time. */
const EARLY = 20;
const FILE = new URL('found.json', import.meta.url);

const found: Found = JSON.parse(readFileSync(FILE, 'utf8'));

export function foundAt({ of, what }: Mutant): number | undefined {
  return found[of]?.[what];
}

/** The faults that something is kept of, as algorithm and fault. */
export function kept(): (readonly [string, string])[] {
  return Object.entries(found).flatMap(([of, places]) =>
    Object.keys(places).map((what) => [of, what] as const),
  );
}

/** Writes where each was found; of those that were not found this time, what was known. */
export function keep(places: Iterable<readonly [mutant: Mutant, at: number | undefined]>): void {
  const next: Found = {};
  for (const [mutant, at = foundAt(mutant)] of places) {
    if (at === undefined || at < EARLY) continue;
    next[mutant.of] = { ...next[mutant.of], [mutant.what]: at };
  }
  writeFileSync(FILE, `${JSON.stringify(next, null, 2)}\n`);
}

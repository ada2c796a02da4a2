/** Mistakes of the user's, and the sentences that say so. */
import { closest, distance } from 'fastest-levenshtein';

/** A mistake of the user's: its message is a line that says what was wrong and what is known. Exit status 2. */
export class UserError extends Error {
  override readonly name = 'UserError';
}

/** "unknown workload: trasfers (did you mean transfers? known: cycle, transfers, ycsb)" */
export function unknown(what: string, name: string, known: readonly string[]): UserError {
  if (known.length === 0) return new UserError(`unknown ${what}: ${name} (it has none)`);
  const nearest = closest(name, known);
  const hint = distance(name, nearest) <= Math.max(2, name.length / 3) ? `did you mean ${nearest}? ` : '';
  return new UserError(`unknown ${what}: ${name} (${hint}known: ${[...known].sort().join(', ')})`);
}

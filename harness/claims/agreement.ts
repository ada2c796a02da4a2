/** Fresh rows beside those of the reference: which are the same, and what claims of it no longer hold. */
import type { Row } from '../experiment/row.ts';
import { type Claims, check, type Finding, regressions } from './claim.ts';

export interface Agreement {
  /** Trials whose row is the reference's to the last digit. */
  readonly same: readonly string[];
  /** Trials that the reference has, too, with the columns in which they differ. */
  readonly different: readonly { readonly trial: string; readonly columns: readonly string[] }[];
  /** Trials that the reference does not have. */
  readonly added: readonly string[];
  /** Claims that hold on the reference's rows of the same cells, and not on the fresh ones. */
  readonly regressions: readonly Finding[];
}

export function agreement(claims: Claims, fresh: readonly Row[], reference: readonly Row[]): Agreement {
  const known = new Map(reference.map((row) => [row.trial, row]));
  const compared = fresh.map((row) => {
    const other = known.get(row.trial);
    return { trial: row.trial, columns: other === undefined ? undefined : differences(row, other) };
  });
  // By their settings and not by their names, which change with any new option of an algorithm.
  const place = placeOf(fresh, reference);
  const places = new Set(fresh.map(place));
  const before = reference.filter((row) => places.has(place(row)));
  return {
    same: compared.filter(({ columns }) => columns?.length === 0).map(({ trial }) => trial),
    different: compared.flatMap(({ trial, columns = [] }) =>
      columns.length > 0 ? [{ trial, columns }] : [],
    ),
    added: compared.filter(({ columns }) => columns === undefined).map(({ trial }) => trial),
    regressions: regressions(check(claims, before), check(claims, fresh)),
  };
}

function differences(one: Row, other: Row): string[] {
  const columns = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...columns].filter((column) => (one[column] ?? '') !== (other[column] ?? ''));
}

const PLACE =
  /^(seed|repetition|algorithm|workload|machine|cores|transactions)$|^(algorithm|workload|machine)\./;

/** What tells cells apart, by the columns that both files have; figures of a model by those that either has. */
function placeOf(fresh: readonly Row[], reference: readonly Row[]): (row: Row) => string {
  const [ours, theirs] = [fresh, reference].map((rows) => new Set(Object.keys(rows[0] ?? {})));
  const columns = [...new Set([...ours, ...theirs])].filter(
    (column) =>
      PLACE.test(column) && (column.startsWith('machine.') || (ours.has(column) && theirs.has(column))),
  );
  return (row) => JSON.stringify(columns.sort().map((column) => row[column] ?? ''));
}

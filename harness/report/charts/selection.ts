/** Which rows a chart is drawn of, and which it refuses. */
import type { Row } from '../../experiment/row.ts';
import { UserError } from '../../experiment/user-error.ts';
import { resolveColumn, sameValue, textAt, valuesOf, varying } from './columns.ts';

/** The values that a row may have in each column: one, or a list of them. */
export type Filter = Readonly<Record<string, unknown>>;

/** Throws a UserError where there is nothing to draw, or rows of different schemas. */
export function refuseUnfit(rows: readonly Row[]): void {
  if (rows.length === 0) throw new UserError('there is nothing to draw: no row has a valid verdict');
  const schemas = valuesOf(rows, 'schema');
  if (schemas.length > 1) {
    throw new UserError(`rows of schemas ${schemas.join(' and ')} cannot share a chart: measure again`);
  }
}

/** The rows that the filter leaves. Throws a UserError on a column or a value that there is none of. */
export function filtered(rows: readonly Row[], filter: Filter): Row[] {
  const wanted = Object.entries(filter).map(([name, values]): [string, string[]] => [
    resolveColumn(rows, name),
    [values].flat().map(String),
  ]);
  for (const [column, values] of wanted) {
    const known = valuesOf(rows, column);
    const isBlankKnown = rows.some((row) => textAt(row, column) === '');
    for (const value of values) {
      if (value === '' && isBlankKnown) continue;
      if (known.some((one) => sameValue(one, value))) continue;
      throw new UserError(`no row has ${column}=${value} (known: ${known.join(', ')})`);
    }
  }
  const left = rows.filter((row) =>
    wanted.every(([column, values]) => values.some((value) => sameValue(textAt(row, column), value))),
  );
  if (left.length > 0) return left;
  const given = wanted.map(([column, values]) => `${column}=${values.join(',')}`);
  throw new UserError(`no row has ${given.join(' and ')}`);
}

/** The rows that may have what the filter asks for: of those that were refused there need be none. */
export function filteredIfAny(rows: readonly Row[], filter: Filter): Row[] {
  try {
    return rows.length === 0 ? [] : filtered(rows, filter);
  } catch (error) {
    if (error instanceof UserError) return [];
    throw error;
  }
}

/**
 * Throws a UserError where rows differ by more than chance and what the chart tells apart: a point would be no
 * one thing's.
 */
export function refuseMixture(rows: readonly Row[], told: readonly string[], by: string | undefined): void {
  const isTold = (column: string): boolean =>
    told.includes(column) || (by === undefined && /^algorithm\b/.test(column));
  const pooled = varying(rows).filter((column) => !isTold(column));
  if (pooled.length === 0) return;
  const [column] = pooled;
  const values = valuesOf(rows, column);
  throw new UserError(
    `rows differ in ${pooled.join(' and ')} too, which one line cannot show: ` +
      `add --facet ${column}, or --filter ${column}=${values.at(-1)} (known: ${values.join(', ')})`,
  );
}

/** How much a claim's decisive number moves with a figure that nobody knows exactly: of the machine, or an option. */
import type { Row } from '../experiment/row.ts';
import { type Claim, type Claims, figuresOf, judge } from './claim.ts';
import { Rows } from './rows.ts';

/** A claim's decisive number under one value of one figure. */
export interface Point {
  readonly claim: string;
  /** Its column. */
  readonly figure: string;
  readonly value: number;
  /** Whether that is the usual value. */
  readonly own: boolean;
  readonly decisive: number;
  /** How far it is beyond what it must reach, or keeps below what it must not exceed: at least 1 where that holds. */
  readonly margin: number;
  readonly verdict: string;
}

/**
 * Of each headline claim one point a value that the rows have of each figure, and one of its usual value. All points of a
 * claim rest on the same cells: those that were run under every value.
 */
export function sensitivity(claims: Claims, rows: readonly Row[]): Point[] {
  const { machine, figures } = claims.sensitivity ?? { machine: '', figures: {} };
  const headlines = claims.claims.filter((claim) => !('untestable' in claim) && claim.headline !== undefined);
  const own = rows.filter((row) => row.machine === machine);
  const usually = Object.fromEntries(Object.entries(figures).map(([figure, { usual }]) => [figure, usual]));
  return Object.entries(figures).flatMap(([figure, { usual, others }]) => {
    const varied = others
      .filter((value) => own.some((row) => row[figure] === `${value}`))
      .map((value) => ({ value, rows: under(own, usually, { [figure]: value }) }));
    if (varied.length === 0) return [];
    const places = varied.map((one) => new Set(one.rows.map(placeOf)));
    const shared = (row: Row): boolean => places.every((all) => all.has(placeOf(row)));
    return [...varied, { value: usual, rows: under(own, usually, {}) }]
      .sort((a, b) => a.value - b.value)
      .flatMap((one) =>
        headlines.flatMap((claim) =>
          pointOf(claim as Claim, new Rows(one.rows.filter(shared)), figure, one.value, usual),
        ),
      );
  });
}

type Values = Readonly<Record<string, number>>;

/**
 * Rows with these figures given and all others as usual, as if the given ones were usual, too: by that claims pick rows. An
 * algorithm that has no such option is the same under any value of it.
 */
function under(rows: readonly Row[], usual: Values, given: Values): Row[] {
  const wanted = Object.entries({ ...usual, ...given });
  const isSo = (row: Row): boolean =>
    figuresOf(row).every((column) => column in given) &&
    wanted.every(([column, value]) => {
      const cell = row[column] ?? '';
      return cell === `${value}` || (cell === '' && (!isOfMachine(column) || !(column in given)));
    });
  return rows.filter(isSo).map((row) => {
    const back = Object.keys(given)
      .filter((column) => (row[column] ?? '') !== '')
      .map((column) => [column, isOfMachine(column) ? '' : `${usual[column]}`]);
    return { ...row, ...Object.fromEntries(back) };
  });
}

const isOfMachine = (column: string): boolean => column.startsWith('machine.');

/** What tells cells apart but for the machine's figures. */
function placeOf(row: Row): string {
  const { algorithm, workload, cores, transactions, seed, repetition } = row;
  const settings = Object.keys(row).filter((column) => /^(algorithm|workload)\./.test(column));
  return JSON.stringify([
    [algorithm, workload, cores, transactions, seed, repetition],
    settings.sort().map((column) => row[column]),
  ]);
}

function pointOf(claim: Claim, rows: Rows, figure: string, value: number, usual: number): Point[] {
  const { atMost = false, decisive, limit } = claim;
  if (decisive === undefined || limit === undefined) return [];
  const { values, verdict } = judge(claim, rows);
  if (values.length === 0) return [];
  const number = Number(decisive(claim.values(rows)).toPrecision(6));
  const margin = Number((atMost ? limit / number : number / limit).toPrecision(6));
  return [{ claim: claim.id, figure, value, own: value === usual, decisive: number, margin, verdict }];
}

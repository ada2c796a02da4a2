/** How much a claim's decisive number moves with a figure of the machine model that nobody knows exactly. */
import type { Row } from '../experiment/row.ts';
import { type Claim, type Claims, judge, withFigures } from './claim.ts';
import { Rows } from './rows.ts';

/** A claim's decisive number under one value of one figure. */
export interface Point {
  readonly claim: string;
  readonly figure: string;
  readonly value: number;
  /** Whether that is the model's own value. */
  readonly own: boolean;
  readonly decisive: number;
  /** How far it is beyond what it must reach, or keeps below what it must not exceed: at least 1 where that holds. */
  readonly margin: number;
  readonly verdict: string;
}

/**
 * One point a value that the rows have of each figure, and one of the model's own. All points of a claim rest on the same
 * cells: those that were run under every value.
 */
export function sensitivity(claims: Claims, rows: readonly Row[]): Point[] {
  const { machine, figures } = claims.sensitivity ?? { machine: '', figures: {} };
  const own = rows.filter((row) => row.machine === machine);
  return Object.entries(figures).flatMap(([figure, usual]) => {
    const values = new Rows(own).values(`machine.${figure}`).filter((value) => value !== '');
    const given = values.map((value) => ({
      value: Number(value),
      rows: own.filter(withFigures({ [figure]: Number(value) })),
    }));
    const varied = given.filter((one) => one.rows.length > 0 && one.value !== usual);
    if (varied.length === 0) return [];
    const places = varied.map((one) => new Set(one.rows.map(placeOf)));
    const shared = (row: Row): boolean => places.every((all) => all.has(placeOf(row)));
    const usually = { value: usual, rows: own.filter(withFigures({})) };
    return [...varied, usually]
      .sort((a, b) => a.value - b.value)
      .flatMap((one) =>
        claims.claims.flatMap((claim) =>
          'untestable' in claim
            ? []
            : pointOf(claim, new Rows(one.rows.filter(shared)), figure, one.value, usual),
        ),
      );
  });
}

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

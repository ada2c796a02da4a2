/**
 * A claim: a statement of a paper with a threshold, checked against an experiment's rows.
 *
 * A claim is data and pure functions of rows, so that a page in a browser shows the same table as the command
 * line. Absolute throughput is bound to a machine and is never checked; ratios, orders and shapes are.
 */
import type { Row } from '../experiment/row.ts';
import { type Cells, MissingRows, Rows } from './rows.ts';

/** How a paper's statement or number is known. */
export type Mark = keyof typeof MARKS;

export const MARKS = {
  read: "read in the paper's own text or its authors' repository",
  digitised: "digitised from the paper's vector figure, good to about 1 %",
  'by eye': 'read off the figure by eye, good to about 8 %',
  computed: 'computed from published data, or from the workload itself',
  abstract: 'only the abstract or a page that quotes it was seen',
  memory: 'from memory, not checked against the paper',
} as const;

/** A number that a claim looks at, and the rows it comes from. */
export interface Value {
  /** What it is of, as `diem, 32 cores`. */
  readonly label: string;
  readonly value: number;
  readonly rows: readonly Row[];
}

/** What the paper has to say about the same. */
export interface PaperValue {
  /** A number or a range, as it is printed: `0.73 to 0.86`. */
  readonly text: string;
  readonly mark: Mark;
}

export interface Claim {
  readonly id: string;
  readonly statement: string;
  /** Section or figure. */
  readonly source: string;
  readonly mark: Mark;
  /** What the values are: `throughput / sequential throughput`. */
  readonly quantity: string;
  /** In words: `at least 14`. */
  readonly threshold: string;
  /** Unless it is to be computed from the published points, by `values`. */
  readonly paper?: readonly PaperValue[];
  /** From the rows of one setting. Throws MissingRows, as `Rows` does, where there is nothing to look at. */
  readonly values: (rows: Rows) => readonly Value[];
  /** The threshold as code. */
  readonly holds: (values: readonly Value[]) => boolean;
  /** The right direction, with the threshold missed. */
  readonly weak: (values: readonly Value[]) => boolean;
  /** The number that decides, for a chart: the smallest value, say. Claims without one have no such chart. */
  readonly decisive?: (values: readonly Value[]) => number;
  /** Why it is among the first things that the paper says: `abstract`. Charted over every figure that is a guess. */
  readonly headline?: string;
  /** What `decisive` must reach in that chart, or with `atMost` must not exceed. */
  readonly limit?: number;
  readonly atMost?: boolean;
  /** Why a verdict is what it is, and by which experiment one knows; a sentence or two. */
  readonly remark?: string;
}

/** A statement that nothing here can check, and why. It has a line in the table all the same. */
export interface Untestable extends Pick<Claim, 'id' | 'statement' | 'source' | 'mark'> {
  readonly untestable: string;
}

/** Rows that belong together: a machine model as it is, say, or one with a figure of another source. */
export interface Setting {
  readonly name: string;
  /** What differs from the first setting, and where that comes from. */
  readonly summary: string;
  readonly selects: (row: Row) => boolean;
}

/** All that a folder of a paper exports by default from its claims.ts. */
export interface Claims {
  /** Authors, title, venue. */
  readonly paper: string;
  /** The first is the one that decides; the others stand beside it. */
  readonly settings: readonly Setting[];
  readonly claims: readonly (Claim | Untestable)[];
  /** The paper's own points, as rows with the columns of ours as far as they are known. */
  readonly published?: readonly Published[];
  /** The paper's figures, to be drawn of our rows. */
  readonly figures?: readonly Figure[];
  /** Figures over whose ranges the headline claims' decisive numbers are charted. */
  readonly sensitivity?: Sensitivity;
}

/** A figure of the paper, as a chart of our rows: columns as `contend chart` takes them. */
export interface Figure {
  readonly name: string;
  readonly title: string;
  readonly filter: Cells;
  readonly x: string;
  readonly y: string;
  readonly by?: string;
  /** Instead: a series a name, of the rows with its cells. */
  readonly series?: Readonly<Record<string, Cells>>;
  readonly facet?: readonly string[];
  /** The settings by name that have a panel each; the first one alone unless given. */
  readonly settings?: readonly string[];
  /** Whose points are laid over: a figure of `published`. */
  readonly published?: string;
}

/** The rows that a figure draws. With series of its own they have those in a column of that name, to be told apart by. */
export function drawnRows({ filter, series }: Figure, rows: readonly Row[]): readonly Row[] {
  const all = new Rows(rows).where(filter);
  if (series === undefined) return all.all;
  return Object.entries(series).flatMap(([name, cells]) =>
    all.where(cells).all.map((row) => ({ ...row, series: name })),
  );
}

/** Which figures are guesses, or of another machine, and so were varied one at a time. */
export interface Sensitivity {
  readonly machine: string;
  /** By its column: `machine.hit_ns`, `algorithm.copy`. */
  readonly figures: Readonly<Record<string, Range>>;
}

export interface Range {
  readonly usual: number;
  /** The other values that were run. */
  readonly others: readonly number[];
}

export type ClaimVerdict = 'holds' | 'weak' | 'fails' | 'not testable';

export interface Finding {
  readonly claim: string;
  readonly setting: string;
  readonly verdict: ClaimVerdict;
  readonly values: readonly {
    readonly label: string;
    readonly value: number;
    readonly trials: readonly string[];
  }[];
  /** Why there is nothing to look at. */
  readonly missing?: string;
}

/** Points of one figure of the paper. */
export interface Published {
  /** `3` of figure 3. */
  readonly figure: string;
  readonly mark: Mark;
  readonly rows: readonly Row[];
}

/** Passes it through; its type is checked where it is written. */
export function defineClaims(claims: Claims): Claims {
  return claims;
}

/** Rows of a machine model with these figures given, and no others. */
export function withFigures(figures: Readonly<Record<string, number>>): (row: Row) => boolean {
  return (row) =>
    figuresOf(row).length === Object.keys(figures).length &&
    Object.entries(figures).every(([figure, value]) => row[`machine.${figure}`] === `${value}`);
}

/** The machine model as it is: no figure of it was given. */
export const asItIs = withFigures({});

/** The columns of figures that were given. */
export function figuresOf(row: Row): string[] {
  return Object.keys(row).filter((column) => column.startsWith('machine.') && row[column] !== '');
}

/** What an experiment's rows make of each claim under each setting: claim by claim, settings in their order. */
export function check({ claims, settings }: Claims, rows: readonly Row[]): Finding[] {
  const chosen = settings.map((setting) => ({ setting, rows: new Rows(rows.filter(setting.selects)) }));
  return claims.flatMap((claim) =>
    chosen.map(({ setting, rows: own }) => ({
      claim: claim.id,
      setting: setting.name,
      ...judge(claim, own),
    })),
  );
}

/** The claim held against these rows. */
export function judge(claim: Claim | Untestable, rows: Rows): Omit<Finding, 'claim' | 'setting'> {
  if ('untestable' in claim) return { verdict: 'not testable', values: [], missing: claim.untestable };
  let found: readonly Value[] = [];
  let missing = 'no rows for it';
  try {
    found = claim.values(rows);
  } catch (error) {
    if (!(error instanceof MissingRows)) throw error;
    missing = error.message;
  }
  if (found.length === 0) return { verdict: 'not testable', values: [], missing };
  const values = found.map(({ label, value, rows: from }) => ({
    label,
    value: Number(value.toPrecision(6)),
    trials: [...new Set(from.map(({ trial }) => trial))],
  }));
  const verdict = claim.holds(found) ? 'holds' : claim.weak(found) ? 'weak' : 'fails';
  return { verdict, values };
}

/** What the paper says of the claim's values: in words, or by its published points. */
export function paperValues({ published = [] }: Claims, claim: Claim): PaperValue[] {
  if (claim.paper !== undefined) return [...claim.paper];
  return [...Map.groupBy(published, ({ mark }) => mark)].flatMap(([mark, figures]) => {
    const { values } = judge(claim, new Rows(figures.flatMap(({ rows }) => rows)));
    return values.length === 0 ? [] : [{ text: rangeOf(values), mark }];
  });
}

/** One or two values as they are; of more the least and the greatest. */
export function rangeOf(values: readonly { readonly value: number }[]): string {
  const numbers = values.map((one) => one.value);
  if (numbers.length <= 2) return numbers.map(digits).join(', ');
  return `${digits(Math.min(...numbers))} to ${digits(Math.max(...numbers))}`;
}

function digits(number: number): string {
  return String(Number(number.toPrecision(3)));
}

/** Findings that held before and no longer do. A claim that cannot be looked at is no failure of it. */
export function regressions(before: readonly Finding[], now: readonly Finding[]): Finding[] {
  const held = new Set(
    before.filter(({ verdict }) => verdict === 'holds').map(({ claim, setting }) => `${claim}\n${setting}`),
  );
  return now.filter(
    ({ claim, setting, verdict }) =>
      held.has(`${claim}\n${setting}`) && (verdict === 'weak' || verdict === 'fails'),
  );
}

/** A column's median in some rows over that in others. */
export function ratio(label: string, over: Rows, under: Rows, column = 'throughput_tps'): Value {
  return {
    label,
    value: over.median(column) / under.median(column),
    rows: [...over.all, ...under.all],
  };
}

/** A column's median itself. */
export function value(label: string, rows: Rows, column: string): Value {
  return { label, value: rows.median(column), rows: rows.all };
}

export function every(test: (value: number) => boolean): (values: readonly Value[]) => boolean {
  return (values) => values.every((one) => test(one.value));
}

export function least(values: readonly Value[]): number {
  return Math.min(...values.map((one) => one.value));
}

export function greatest(values: readonly Value[]): number {
  return Math.max(...values.map((one) => one.value));
}

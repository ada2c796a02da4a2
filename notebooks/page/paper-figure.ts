/** A figure of a paper, drawn of our rows with its own points laid over: a panel a setting and facet. */
import { type Claims, drawnRows, type Figure, type Setting } from '../../harness/claims/claim.ts';
import { Rows } from '../../harness/claims/rows.ts';
import type { Row } from '../../harness/experiment/row.ts';
import { COLOURS, styleOf } from '../../harness/report/charts/palette.ts';
import { quantityOf } from '../../harness/report/charts/quantity.ts';
import { inkOf } from '../live/figure.ts';
import { type Axis, type Line, type Panel, panels } from './panels.ts';

export interface Drawn {
  readonly claims: Claims;
  readonly rows: readonly Row[];
  /** Of the page, in pixels. */
  readonly width: number;
}

const SETTING = 'setting';
/** Where each panel is at least so wide, so many are beside each other at most. */
const LEAST_WIDTH = 160;
const COLUMNS = 4;

/** With its caption; also where there are no rows of it, with the paper's points alone. */
export function paperFigure(figure: Figure, { claims, rows, width }: Drawn): HTMLElement {
  const all = panelsOf(figure, claims, rows);
  const values = (of: 'x' | 'y'): number[] =>
    all.flatMap(({ lines }) => lines.flatMap(({ points }) => points.map((point) => point[of])));
  const picture = panels({
    panels: all,
    x: axis(quantityOf(figure.x).name, values('x'), [...new Set(values('x'))]),
    y: axis(quantityOf(figure.y).name, values('y')),
    width,
    least: LEAST_WIDTH,
    columns: COLUMNS,
  });
  const element = Object.assign(document.createElement('figure'), { className: 'paper-figure' });
  const caption = document.createElement('figcaption');
  const name = figure.published === undefined ? '' : `Figure ${figure.published} of the paper. `;
  caption.append(
    Object.assign(document.createElement('strong'), { textContent: `${figure.title}. ` }),
    `${name}Simulated: ${quantityOf(figure.y).title} against ${quantityOf(figure.x).name}.`,
  );
  element.append(picture, caption);
  return element;
}

function panelsOf(figure: Figure, claims: Claims, rows: readonly Row[]): Panel[] {
  const { filter, facet = [], settings } = figure;
  const published = (claims.published ?? []).filter((points) => points.figure === figure.published);
  const theirs = new Rows(published.flatMap((points) => points.rows)).where(filterOf(filter, published));
  const chosen = claims.settings.filter((setting, at) => settings?.includes(setting.name) ?? at === 0);
  const all = new Rows([...drawnRows(figure, rows), ...theirs.all]);
  const series = seriesOf(figure, all.all);
  const facets = facet.filter((column) => column !== SETTING);
  return chosen.flatMap((setting) =>
    cells(facets, all).map((cell) => {
      const ours = new Rows(drawnRows(figure, rows.filter(setting.selects))).where(cell);
      return {
        title: titleOf(cell, setting, chosen),
        lines: linesOf(figure, series, ours, theirs.where(cell)),
      };
    }),
  );
}

/** The paper's points lack some columns, by which they cannot be picked. */
function filterOf(filter: Figure['filter'], published: NonNullable<Claims['published']>): Figure['filter'] {
  const known = new Set(published.flatMap(({ rows }) => rows.flatMap((row) => Object.keys(row))));
  return Object.fromEntries(Object.entries(filter).filter(([column]) => known.has(column)));
}

/** Every combination of these columns' values. */
function cells(columns: readonly string[], rows: Rows): Record<string, string>[] {
  return columns.reduce<Record<string, string>[]>(
    (all, column) =>
      all.flatMap((cell) => rows.values(column).map((value) => ({ ...cell, [column]: value }))),
    [{}],
  );
}

function titleOf(
  cell: Readonly<Record<string, string>>,
  setting: Setting,
  chosen: readonly Setting[],
): string {
  const parts = Object.entries(cell).map(([column, value]) =>
    isNumber(value) ? `${grouped(value)} ${quantityOf(column).name}` : value,
  );
  return [...(chosen.length > 1 ? [setting.name] : []), ...parts].join('; ');
}

interface Series {
  readonly of: (row: Row) => string;
  /** In the order in which they are drawn. */
  readonly looks: ReadonlyMap<string, Pick<Line, 'colour' | 'dash'>>;
}

/** An algorithm each, apart by those options that differ, or else the values of a column. */
function seriesOf({ by, series }: Figure, rows: readonly Row[]): Series {
  if (series !== undefined) {
    const looks = Object.keys(series).map(
      (name, at) => [name, { colour: inkOf(COLOURS[at % COLOURS.length]) }] as const,
    );
    return { of: ({ series: name }) => name, looks: new Map(looks) };
  }
  if (by !== undefined) {
    const values = new Rows(rows).values(by);
    const { name: quantity } = quantityOf(by);
    const name = (value: string): string =>
      !isNumber(value) ? value : Number(value) < 1 ? `${quantity} ${value}` : `${grouped(value)} ${quantity}`;
    const looks = values.map(
      (value, at) => [name(value), { colour: inkOf(COLOURS[(at + 1) % COLOURS.length]) }] as const,
    );
    return { of: (row) => name(row[by] ?? ''), looks: new Map(looks) };
  }
  const options = new Map(
    [...Map.groupBy(rows, (row) => row.algorithm)].map(([algorithm, own]) => [algorithm, varying(own)]),
  );
  const of = (row: Row): string => {
    const given = (options.get(row.algorithm) ?? []).filter((column) => (row[column] ?? '') !== '');
    return [row.algorithm, ...given.map((column) => `${quantityOf(column).name}=${row[column]}`)].join(' ');
  };
  const names = new Map(rows.map((row) => [of(row), row.algorithm]));
  const looks = [...names].map(([name, algorithm]) => {
    const variants = [...names].filter(([, own]) => own === algorithm).map(([other]) => other);
    const { colour, dash } = styleOf(algorithm, variants.indexOf(name));
    return [name, { colour: inkOf(colour), dash: dash.join(' ') }] as const;
  });
  return { of, looks: new Map(looks) };
}

/** Options of an algorithm that are not the same in all of its rows that have them: a paper's points have none. */
function varying(rows: readonly Row[]): string[] {
  const columns = new Set(rows.flatMap((row) => Object.keys(row)));
  return [...columns].filter((column) => {
    const known = rows.filter((row) => row[column] !== undefined);
    return column.startsWith('algorithm.') && new Set(known.map((row) => row[column])).size > 1;
  });
}

const isNumber = (value: string): boolean => value !== '' && !Number.isNaN(Number(value));
const grouped = (value: string): string => Number(value).toLocaleString('en');

function linesOf({ x, y }: Figure, { of, looks }: Series, ours: Rows, theirs: Rows): Line[] {
  const along = (rows: Rows, of: (some: Rows) => number): Line['points'] =>
    rows.values(x).map((value) => ({ x: Number(value), y: of(rows.where({ [x]: value })) }));
  const named = (rows: Rows, name: string): Rows => new Rows(rows.all.filter((row) => of(row) === name));
  return [...looks].flatMap(([name, look]): Line[] => {
    const own = named(ours, name);
    const boundary = (some: Rows): number => some.median('baseline_ns') / some.median('bound_ns');
    return [
      { ...look, name: 'bound', look: 'thin', points: y === 'speedup' ? along(own, boundary) : [] },
      { ...look, name, look: 'line', points: along(own, (some) => some.median(y)) },
      {
        ...look,
        name: 'the paper’s points',
        look: 'marks',
        points: along(named(theirs, name), (some) => some.median(y)),
      },
    ];
  });
}

/** From this ratio of the largest to the smallest on, values are spread by their logarithm. */
const WIDE = 10;
/** Powers of two are told by heart up to here. */
const GLANCE = 200;
/** And from this one on, where zero is among them. */
const WIDEST = 1000;

export function axis(label: string, values: readonly number[], ticks?: readonly number[]): Axis {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const least = Math.min(...values.filter((value) => value > 0));
  if (low > 0 && high / low > WIDE) {
    const domain = [low / 1.15, high * 1.15];
    const inside = (tick: number): boolean => tick >= domain[0] && tick <= domain[1];
    return { label, type: 'log', domain, ticks: (ticks ?? ticksOver(low, high)).filter(inside) };
  }
  const type = low === 0 && high / least > WIDEST ? 'symlog' : 'linear';
  return {
    label,
    type,
    constant: least,
    domain: [Math.min(0, low), high * 1.08],
    ...(ticks === undefined ? {} : { ticks }),
  };
}

/** Powers of two as far as they are read at a glance, else 1, 2, 5 and their tenfolds, or only powers of ten. */
function ticksOver(low: number, high: number): number[] {
  const power = (base: number, round: (exact: number) => number, value: number): number =>
    round(Math.log(value) / Math.log(base));
  const powers = (base: number): number[] => {
    const [first, last] = [power(base, Math.floor, low), power(base, Math.ceil, high)];
    return Array.from({ length: last - first + 1 }, (_, at) => base ** (first + at));
  };
  if (high < GLANCE) return powers(2);
  return powers(10).flatMap((tick) => (high / low > WIDEST ? [tick] : [tick, 2 * tick, 5 * tick]));
}

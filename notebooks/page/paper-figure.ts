/** A figure of a paper, drawn of our rows with its own points laid over: a panel a setting and facet. */
import type { Claims, Figure, Setting } from '../../harness/claims/claim.ts';
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
  const { filter, facet = [], settings, by = 'algorithm' } = figure;
  const published = (claims.published ?? []).filter((points) => points.figure === figure.published);
  const theirs = new Rows(published.flatMap((points) => points.rows)).where(filterOf(filter, published));
  const chosen = claims.settings.filter((setting, at) => settings?.includes(setting.name) ?? at === 0);
  const all = new Rows([...new Rows(rows).where(filter).all, ...theirs.all]);
  const facets = facet.filter((column) => column !== SETTING);
  return chosen.flatMap((setting) =>
    cells(facets, all).map((cell) => {
      const ours = new Rows(rows.filter(setting.selects)).where({ ...filter, ...cell });
      return {
        title: titleOf(cell, setting, chosen),
        lines: linesOf(figure, all.values(by), ours, theirs.where(cell)),
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
    Number.isNaN(Number(value)) ? value : `${Number(value).toLocaleString('en')} ${quantityOf(column).name}`,
  );
  return [...(chosen.length > 1 ? [setting.name] : []), ...parts].join('; ');
}

/** @param series values of the column by which lines are told apart; a place in it is a colour */
function linesOf(
  { x, y, by = 'algorithm' }: Figure,
  series: readonly string[],
  ours: Rows,
  theirs: Rows,
): Line[] {
  const along = (rows: Rows, of: (some: Rows) => number): Line['points'] =>
    rows.values(x).map((value) => ({ x: Number(value), y: of(rows.where({ [x]: value })) }));
  return series.flatMap((value, at): Line[] => {
    const own = ours.where({ [by]: value });
    const colour = inkOf(by === 'algorithm' ? styleOf(value).colour : COLOURS[(at + 1) % COLOURS.length]);
    const name = by === 'algorithm' ? value : `${Number(value).toLocaleString('en')} ${quantityOf(by).name}`;
    const bound =
      y === 'speedup' ? along(own, (some) => some.median('baseline_ns') / some.median('bound_ns')) : [];
    const published = along(theirs.where({ [by]: value }), (some) => some.median(y));
    return [
      { name: 'bound', look: 'thin', colour, points: bound },
      { name, look: 'line', colour, points: along(own, (some) => some.median(y)) },
      { name: 'the paper’s points', look: 'marks', colour, points: published },
    ];
  });
}

/** From this ratio of the largest to the smallest on, values are spread by their logarithm. */
const WIDE = 10;

function axis(label: string, values: readonly number[], ticks?: readonly number[]): Axis {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  if (low > 0 && high / low > WIDE) {
    const domain = [low / 1.15, high * 1.15];
    const inside = (tick: number): boolean => tick >= domain[0] && tick <= domain[1];
    return { label, domain, ticks: (ticks ?? powersOfTwo(low, high)).filter(inside), log: true };
  }
  return { label, domain: [0, high * 1.08], ...(ticks === undefined ? {} : { ticks }) };
}

function powersOfTwo(low: number, high: number): number[] {
  const [first, last] = [Math.floor(Math.log2(low)), Math.ceil(Math.log2(high))];
  return Array.from({ length: last - first + 1 }, (_, at) => 2 ** (first + at));
}

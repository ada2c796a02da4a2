/** A quantity between 0 and 1 for each series and column: a field of cells, each with its number. */
import { COLUMN, DOUBLE, drawnWidth, FONT_SIZE, figure, type Spec } from './frame.ts';
import { ranking } from './ranked.ts';

export interface Cell {
  readonly series: string;
  /** Words that stand on lines of their own above the column, at blanks. */
  readonly column: string;
  readonly y: number;
  readonly warnings: string;
}

export interface HeatMap {
  readonly title: string;
  readonly lines: readonly string[];
  readonly cells: readonly Cell[];
  /** The columns from left to right. */
  readonly columns: readonly string[];
  /** What all columns tell of, where that is one thing. */
  readonly heading: string;
}

const ROW = FONT_SIZE + 5;
/** A cell is at least so wide, so that its number and its column's words have room. */
const NARROWEST = 30;
/** And no wider than this, unless its words are. */
const WIDEST = 60;

export function heatMap({ title, lines, cells, columns, heading }: HeatMap): Spec {
  const order = ranking(cells);
  const names = Math.min(Math.max(...order.map(drawnWidth)) + 4, COLUMN / 2);
  const words = columns.flatMap((column) => column.split(' '));
  const widest = Math.max(NARROWEST, ...words.map((word) => drawnWidth(word) + 4));
  const width = names + columns.length * widest + 20 <= COLUMN ? COLUMN : DOUBLE;
  const encoding = {
    y: {
      field: 'series',
      type: 'nominal',
      scale: { domain: order },
      axis: { title: null, ticks: false, domain: false, labelLimit: names },
    },
    x: {
      field: 'column',
      type: 'nominal',
      scale: { domain: columns },
      axis: {
        title: heading === '' ? null : heading,
        orient: 'top',
        labelAngle: 0,
        labelExpr: "split(datum.label, ' ')",
        labelLimit: 0,
        ticks: false,
        domain: false,
      },
    },
  };
  const panel = {
    width: Math.floor(Math.min(width - names - 20, columns.length * Math.max(widest, WIDEST))),
    height: order.length * ROW,
    data: { values: cells },
    encoding,
    layer: [
      {
        mark: { type: 'rect', stroke: 'white', strokeWidth: 1 },
        encoding: {
          color: {
            field: 'y',
            type: 'quantitative',
            legend: null,
            scale: { scheme: 'blues', domain: [0, 1], clamp: true },
          },
          tooltip: [
            { field: 'series', title: ' ' },
            { field: 'column', title: 'workload' },
            { field: 'y', title: 'efficiency', format: '.3' },
            { field: 'warnings' },
          ],
        },
      },
      {
        mark: { type: 'text', fontSize: FONT_SIZE },
        encoding: {
          text: { field: 'text' },
          color: { condition: { test: 'datum.y > 0.55', value: 'white' }, value: 'black' },
        },
      },
    ],
    transform: [
      { calculate: "format(100 * datum.y, '.0f') + (datum.warnings === '' ? '' : '°')", as: 'text' },
    ],
  };
  return figure({ title, lines, width, panels: [panel], columns: 1 });
}

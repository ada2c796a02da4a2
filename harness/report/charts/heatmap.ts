/** A quantity between 0 and 1 for each series and column: a field of cells, each with its number. */
import { COLUMN, DOUBLE, figure, type Part, type Spec } from './frame.ts';
import { GROUND, ON_DARK, ON_LIGHT } from './palette.ts';
import { ranking } from './ranked.ts';
import { NAME, REMARKED, REMARKS } from './tooltip.ts';
import { drawnWidth, FONT_SIZE } from './type.ts';

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
/** Left and right of the whole, and between names and cells. */
const MARGIN = 20;
/** And no wider than this, unless its words are. */
const WIDEST = 60;

export function heatMap({ title, lines, cells, columns, heading }: HeatMap): Spec {
  const order = ranking(cells);
  const names = Math.min(Math.max(...order.map((name) => drawnWidth(name))) + 4, COLUMN / 2);
  const words = columns.flatMap((column) => column.split(' '));
  const widest = Math.max(NARROWEST, ...words.map((word) => drawnWidth(word) + 4));
  const width = names + columns.length * widest + MARGIN <= COLUMN ? COLUMN : DOUBLE;
  const room = Math.floor(width - names - MARGIN);
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
        labelLimit: 0,
        ...heads(columns, columns.length * widest <= room),
        ticks: false,
        domain: false,
      },
    },
  };
  const panel = {
    width: Math.min(room, columns.length * Math.max(widest, WIDEST)),
    height: order.length * ROW,
    data: { values: cells },
    encoding,
    layer: [
      {
        mark: { type: 'rect', stroke: GROUND, strokeWidth: 1 },
        encoding: {
          color: {
            field: 'y',
            type: 'quantitative',
            legend: null,
            scale: { scheme: 'blues', domain: [0, 1], clamp: true },
          },
          tooltip: [
            NAME,
            { field: 'column', title: 'workload' },
            { field: 'y', title: 'efficiency', format: '.3' },
            REMARKS,
          ],
        },
      },
      {
        mark: { type: 'text', fontSize: FONT_SIZE },
        encoding: {
          text: { field: 'text' },
          color: { condition: { test: 'datum.y > 0.55', value: ON_DARK }, value: ON_LIGHT },
        },
      },
    ],
    transform: [
      REMARKED,
      { calculate: "format(100 * datum.y, '.0f') + (datum.warnings === '' ? '' : '°')", as: 'text' },
    ],
  };
  return figure({ title, lines, width, panels: [panel], columns: 1 });
}

/** Above each column its words, one to a line; where they are too wide for that, upright. */
function heads(columns: readonly string[], fit: boolean): Part {
  if (!fit) return { labelAngle: -90, labelBaseline: 'middle', labelAlign: 'left' };
  const lines = Math.max(...columns.map((column) => column.split(' ').length));
  const lineHeight = FONT_SIZE + 1;
  return {
    labelAngle: 0,
    labelExpr: "split(datum.label, ' ')",
    labelLineHeight: lineHeight,
    // Vega lets lines grow downwards.
    labelPadding: 2 + (lines - 1) * lineHeight,
  };
}

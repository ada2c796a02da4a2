/** The figure around the panels: its size on paper, its type, its title. */
import type { TopLevelSpec } from 'vega-lite';
import { GREY, GRID, GROUND, INK } from './palette.ts';
import { FONT, FONT_SIZE, linesWithin } from './type.ts';

/** A Vega-Lite specification with its data in it. */
export type Spec = TopLevelSpec;
/** A part of one, of whatever kind. */
export type Part = Readonly<Record<string, unknown>>;

/** A paper's column is 85 mm wide and both together 178 mm, in pixels of 1/96 inch. */
export const COLUMN = 321;
export const DOUBLE = 673;

const TITLE_SIZE = FONT_SIZE + 1;
const SUBTITLE_SIZE = FONT_SIZE - 1;

export interface Figure {
  readonly title: string;
  /** What holds for the whole figure; then footnotes. A line each, wrapped where it is too long. */
  readonly lines: readonly string[];
  /** Of the whole figure, in pixels: COLUMN or DOUBLE. */
  readonly width: number;
  readonly panels: readonly Part[];
  readonly columns: number;
  /** Of all panels together. */
  readonly resolve?: Part;
}

export function figure({ title, lines, width, panels, columns, resolve }: Figure): Spec {
  const spec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    description: [title, ...lines].join('. '),
    background: GROUND,
    title: {
      text: linesWithin(width, title, { size: TITLE_SIZE, bold: true }),
      subtitle: lines.flatMap((line) => linesWithin(width, line, { size: SUBTITLE_SIZE })),
    },
    spacing: { column: 6, row: 14 },
    columns,
    concat: panels,
    ...(resolve === undefined ? {} : { resolve }),
    config: CONFIG,
  };
  return spec as unknown as Spec;
}

const CONFIG: Part = {
  font: FONT,
  padding: 3,
  aria: false,
  view: { stroke: null },
  concat: { align: 'each' },
  title: {
    anchor: 'start',
    frame: 'bounds',
    offset: 8,
    color: INK,
    fontSize: TITLE_SIZE,
    fontWeight: 'bold',
    subtitleFontSize: SUBTITLE_SIZE,
    subtitleColor: GREY,
    subtitlePadding: 3,
  },
  axis: {
    domainColor: GREY,
    gridColor: GRID,
    gridWidth: 0.6,
    tickColor: GREY,
    tickSize: 3,
    labelColor: INK,
    labelFontSize: FONT_SIZE,
    labelPadding: 2,
    labelSeparation: 4,
    titleColor: INK,
    titleFontSize: FONT_SIZE,
    titleFontWeight: 'normal',
    titlePadding: 5,
  },
  legend: {
    labelColor: INK,
    labelFontSize: FONT_SIZE,
    titleFontSize: FONT_SIZE,
    titleFontWeight: 'normal',
    symbolSize: 40,
    rowPadding: 2,
    columnPadding: 8,
    offset: 6,
  },
};

/** A panel's own title, what holds for it alone, no wider than it may be. */
export function panelTitle(text: string, width: number): Part {
  if (text === '') return {};
  const lines = linesWithin(width, text);
  return {
    title: {
      ...{ text: lines, anchor: 'start', fontSize: FONT_SIZE, fontWeight: 'normal', offset: 6 },
      frame: 'group',
      limit: width,
    },
  };
}

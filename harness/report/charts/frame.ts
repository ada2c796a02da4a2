/** The figure around the panels: its size on paper, its type, its title. */
import type { TopLevelSpec } from 'vega-lite';
import { wrapped } from '../words.ts';
import { GREY } from './palette.ts';

/** A Vega-Lite specification with its data in it. */
export type Spec = TopLevelSpec;
/** A part of one, of whatever kind. */
export type Part = Readonly<Record<string, unknown>>;

/** A paper's column is 85 mm wide and both together 178 mm, in pixels of 1/96 inch. */
export const COLUMN = 321;
export const DOUBLE = 673;

/** 6.75 points: what is still read with ease on paper. */
export const FONT_SIZE = 9;
/** Of the condensed face a character is about half as wide as high. */
const CHARACTER = 0.54 * FONT_SIZE;
/** Of the bold title, a pixel larger. */
const BOLD_CHARACTER = 0.62 * (FONT_SIZE + 1);
const FONT = 'DejaVu Sans Condensed, Arial, sans-serif';

/** How wide the text is drawn, in pixels, nearly. */
export function drawnWidth(text: string): number {
  return [...text].length * CHARACTER;
}

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
  const characters = Math.floor(width / CHARACTER);
  const bold = Math.floor(width / BOLD_CHARACTER);
  const spec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    description: [title, ...lines].join('. '),
    background: 'white',
    title: {
      text: wrapped(title, bold, '').split('\n'),
      subtitle: lines.flatMap((line) => wrapped(line, characters, '').split('\n')),
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
    fontSize: FONT_SIZE + 1,
    fontWeight: 'bold',
    subtitleFontSize: FONT_SIZE - 1,
    subtitleColor: GREY,
    subtitlePadding: 3,
  },
  axis: {
    domainColor: GREY,
    gridColor: '#E6E6E6',
    gridWidth: 0.6,
    tickColor: GREY,
    tickSize: 3,
    labelFontSize: FONT_SIZE,
    labelPadding: 2,
    titleFontSize: FONT_SIZE,
    titleFontWeight: 'normal',
    titlePadding: 5,
  },
  legend: {
    labelFontSize: FONT_SIZE,
    titleFontSize: FONT_SIZE,
    titleFontWeight: 'normal',
    symbolSize: 40,
    rowPadding: 2,
    columnPadding: 8,
    offset: 6,
  },
};

/** A panel's own title: what holds for it alone. */
export function panelTitle(text: string): Part {
  if (text === '') return {};
  return {
    title: { text, anchor: 'start', fontSize: FONT_SIZE, fontWeight: 'normal', offset: 6, frame: 'group' },
  };
}

/** From a specification to pictures. The same specification gives the same bytes. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Resvg } from '@resvg/resvg-js';
import * as vega from 'vega';
import { compile } from 'vega-lite';
import { drawnWidth, FONT_SIZE, type Spec } from './frame.ts';

/** What a printer resolves; a pixel of a specification is 1/96 inch. */
const DOTS_PER_INCH = 300;
const FONTS = dirname(fileURLToPath(import.meta.resolve('dejavu-fonts-ttf/ttf/DejaVuSansCondensed.ttf')));
const FACES = ['DejaVuSansCondensed.ttf', 'DejaVuSansCondensed-Bold.ttf'];

/** Without a canvas Vega takes a character to be 0.8 times as wide as high, unless told better; ours are narrower. */
const { textMetrics } = vega as unknown as {
  textMetrics: { width: (item: { fontSize?: number }, text: unknown) => number };
};
textMetrics.width = ({ fontSize = FONT_SIZE }, text) => (drawnWidth(`${text}`) * fontSize) / FONT_SIZE;

/** The specification as an SVG document. Sizes are in pixels of 1/96 inch. */
export async function renderSvg(spec: Spec): Promise<string> {
  const view = new vega.View(vega.parse(compile(spec).spec), { renderer: 'none' });
  try {
    return `${await view.toSVG()}\n`;
  } finally {
    view.finalize();
  }
}

/** The picture at 300 dots an inch. Text is in the fonts that come along, so it looks the same everywhere. */
export function renderPng(svg: string): Buffer {
  return new Resvg(svg, {
    fitTo: { mode: 'zoom', value: DOTS_PER_INCH / 96 },
    font: {
      loadSystemFonts: false,
      fontFiles: FACES.map((face) => join(FONTS, face)),
      defaultFontFamily: 'DejaVu Sans Condensed',
    },
  })
    .render()
    .asPng();
}

/** From a specification to pictures. The same specification gives the same bytes. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Resvg } from '@resvg/resvg-js';
import * as vega from 'vega';
import { compile } from 'vega-lite';
import type { Spec } from './frame.ts';
import { drawnWidth } from './type.ts';

/** What a printer resolves; a pixel of a specification is 1/96 inch. */
const DOTS_PER_INCH = 300;
const FONTS = dirname(fileURLToPath(import.meta.resolve('dejavu-fonts-ttf/ttf/DejaVuSansCondensed.ttf')));
const FACES = ['DejaVuSansCondensed.ttf', 'DejaVuSansCondensed-Bold.ttf'];

interface TextItem {
  readonly fontSize?: number;
  readonly fontWeight?: string | number;
  /** What is wider is cut. */
  readonly limit?: number;
}

/** Without a canvas Vega takes a character to be 0.8 times as wide as high, unless told better. */
const { textMetrics } = vega as unknown as {
  textMetrics: { width: (item: TextItem, text: unknown) => number };
};
textMetrics.width = ({ fontSize, fontWeight, limit = 0 }, text) => {
  const size = fontSize === undefined ? {} : { size: fontSize };
  const width = drawnWidth(`${text}`, { ...size, bold: fontWeight === 'bold' });
  return limit > 0 ? Math.min(width, limit) : width;
};

/** The specification as an SVG document. Sizes are in pixels of 1/96 inch. */
export async function renderSvg(spec: Spec): Promise<string> {
  const view = new vega.View(vega.parse(compile(spec).spec), { renderer: 'none' });
  try {
    return `${measured(await view.toSVG())}\n`;
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

/** So many characters in another font make a difference that shows. */
const LONG = 4;

/**
 * Each longer text says how long it is in the font that it was laid out for, so that it takes no more room where
 * another one stands in for that.
 */
function measured(svg: string): string {
  return svg.replaceAll(/<text ([^>]*[^/])>(.*?)<\/text>/g, (_, attributes: string, content: string) => {
    const [, size] = /font-size="([\d.]+)px"/.exec(attributes) ?? [];
    const face = { size: Number(size), bold: attributes.includes('font-weight="bold"') };
    const length = (text: string): string => {
      const plain = text.replaceAll(/&(amp|lt|gt|quot);/g, '&');
      if (plain.length < LONG) return '';
      return ` textLength="${drawnWidth(plain, face).toFixed(1)}" lengthAdjust="spacingAndGlyphs"`;
    };
    if (!content.includes('<')) return `<text ${attributes}${length(content)}>${content}</text>`;
    const lines = content.replaceAll(
      /<tspan([^>]*)>([^<]*)</g,
      (_, own: string, line: string) => `<tspan${own}${length(line)}>${line}<`,
    );
    return `<text ${attributes}>${lines}</text>`;
  });
}

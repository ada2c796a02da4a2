/** Colour, or none. */
import { styleText } from 'node:util';

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** Puts a style on a text. */
export type Paint = (style: Style, text: string) => string;

/** What a text is made for. */
export interface Look {
  /** Columns there are. */
  readonly width: number;
  readonly paint: Paint;
}

export const plainPaint: Paint = (_, text) => text;

export const colourPaint: Paint = (style, text) =>
  text === '' ? text : styleText(style, text, { validateStream: false });

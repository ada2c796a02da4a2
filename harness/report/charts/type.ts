/**
 * The type of charts: DejaVu Sans Condensed, by the advance widths of its own file, so that whatever lays out text
 * knows how wide it gets, with the font or without.
 */

export const FONT = 'DejaVu Sans Condensed, Arial, Liberation Sans, sans-serif';
/** 6.75 points: what is still read with ease on paper. */
export const FONT_SIZE = 9;

export interface Face {
  readonly size?: number;
  readonly bold?: boolean;
}

/** From the blank to the tilde, in thousandths of the size. */
// biome-ignore format: rows of sixteen, as in a table of ASCII
const REGULAR = [
  286, 360, 414, 754, 572, 855, 702, 247, 351, 351, 450, 754, 286, 325, 286, 303,
  572, 572, 572, 572, 572, 572, 572, 572, 572, 572, 303, 303, 754, 754, 754, 478,
  900, 615, 617, 628, 693, 568, 518, 697, 677, 265, 265, 590, 501, 776, 673, 708,
  542, 708, 625, 571, 549, 659, 615, 890, 616, 549, 616, 351, 303, 351, 754, 450,
  450, 551, 571, 495, 571, 554, 316, 571, 570, 250, 250, 521, 250, 876, 570, 550,
  571, 571, 370, 469, 353, 570, 532, 736, 532, 532, 472, 572, 303, 572, 754,
];
// biome-ignore format: rows of sixteen, as in a table of ASCII
const BOLD = [
  313, 410, 469, 754, 626, 901, 785, 275, 411, 411, 470, 754, 342, 374, 342, 329,
  626, 626, 626, 626, 626, 626, 626, 626, 626, 626, 360, 360, 754, 754, 754, 522,
  900, 696, 686, 660, 747, 615, 615, 738, 753, 334, 334, 697, 573, 896, 753, 765,
  659, 765, 693, 648, 614, 730, 696, 993, 694, 651, 652, 411, 329, 411, 754, 450,
  450, 607, 644, 533, 644, 610, 391, 644, 641, 308, 308, 598, 308, 938, 641, 618,
  644, 644, 444, 536, 430, 641, 586, 831, 580, 586, 523, 641, 329, 641, 754,
];
/** What charts use besides, alike in both faces but for the micro sign. */
const FURTHER: Readonly<Record<string, number>> = {
  ...{ '°': 450, µ: 572, '×': 754, '–': 450, '†': 450, '…': 900, '↑': 754 },
  ...{ '●': 785, '◆': 692, '▶': 692 },
};
/** Of any other character. */
const OTHER = 785;

/** How wide the text is drawn, in pixels; blanks in a row are one, as in an SVG. */
export function drawnWidth(text: string, { size = FONT_SIZE, bold = false }: Face = {}): number {
  const widths = bold ? BOLD : REGULAR;
  let sum = 0;
  for (const character of text.replaceAll(/ +/g, ' ')) {
    sum += widths[character.charCodeAt(0) - 32] ?? FURTHER[character] ?? OTHER;
  }
  return (sum * size) / 1000;
}

/**
 * The text on lines no wider than this, broken at blanks, and after `name=` where that with its value is wider. Any
 * other word that is wider has a line of its own.
 */
export function linesWithin(width: number, text: string, face?: Face): string[] {
  const lines: string[] = [];
  const words = text
    .split(' ')
    .flatMap((word) => (drawnWidth(word, face) > width ? word.split(/(?<==)/) : [word]));
  for (const word of words) {
    const longer = `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && drawnWidth(longer, face) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

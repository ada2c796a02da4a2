/** The widths that charts are laid out by are those of the font that they are drawn in. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Resvg } from '@resvg/resvg-js';
import { expect, test } from 'vitest';
import { drawnWidth, linesWithin } from '../../../harness/report/charts/type.ts';

const FONTS = dirname(fileURLToPath(import.meta.resolve('dejavu-fonts-ttf/ttf/DejaVuSansCondensed.ttf')));
const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '"': '&quot;' };
const REPEATED = 20;
const SIZE = 50;

/** By a renderer: what the character adds, between bars since pairs of letters are kerned. */
function rendered(character: string, bold: boolean): number {
  const [none, many] = ['', ESCAPES[character] ?? character].map((each) => {
    const text = `|${`${each}|`.repeat(REPEATED)}`;
    const weight = bold ? ' font-weight="bold"' : '';
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="9000" height="99"><text y="50" x="9" xml:space="preserve" font-family="DejaVu Sans Condensed" font-size="${SIZE}"${weight}>${text}</text></svg>`;
    const fontFiles = ['DejaVuSansCondensed.ttf', 'DejaVuSansCondensed-Bold.ttf'].map((f) => join(FONTS, f));
    return new Resvg(svg, { font: { loadSystemFonts: false, fontFiles } }).getBBox()?.width ?? Number.NaN;
  });
  return (many - none) / REPEATED;
}

const CHARACTERS = [...Array.from({ length: 95 }, (_, at) => String.fromCharCode(32 + at)), ...'°×–†…↑●◆▶'];

test.each([false, true])('each character is as wide as the font has it, bold: %s', (bold) => {
  for (const character of CHARACTERS) {
    const told = drawnWidth(character, { size: SIZE, bold });
    expect(Math.abs(rendered(character, bold) - told), character).toBeLessThan(0.1);
  }
});

test('blanks in a row are as wide as one, as they are drawn', () => {
  expect(drawnWidth('a   b')).toBe(drawnWidth('a b'));
});

test('no line is wider than it may be, but for a word that is, and no word is lost', () => {
  const text = 'transfers variant=diem work=10000 amount=1 balance=1000000000; blocks of 1,000 transactions';
  const lines = linesWithin(120, text);
  expect(lines.join(' ')).toBe(text);
  expect(lines.length).toBeGreaterThan(3);
  for (const line of lines) expect(drawnWidth(line) <= 120 || !line.includes(' '), line).toBe(true);
});

test('where a name with its value is too wide, the value goes to the next line', () => {
  expect(linesWithin(60, 'accounts=10,000')).toEqual(['accounts=', '10,000']);
  expect(linesWithin(120, 'accounts=10,000')).toEqual(['accounts=10,000']);
});

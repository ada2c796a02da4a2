/** Aligned columns without a frame. */
import { stripVTControlCharacters } from 'node:util';
import Table from 'cli-table3';

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** Longer text is wrapped at this width. */
  readonly width?: number;
  /** Blanks before the column; two unless said otherwise. */
  readonly gap?: number;
}

const FRAMELESS = Object.fromEntries(
  [
    ...['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right'],
    ...['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'],
  ].map((part) => [part, '']),
);

/** @param paintTitle styles a column's title; a title may have several lines */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  paintTitle: (title: string) => string = (title) => title,
): string {
  const gaps = columns.map(({ gap = 2 }) => ' '.repeat(gap));
  const grid = new Table({
    chars: FRAMELESS,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
    colAligns: columns.flatMap(({ align = 'left' }) => ['left' as const, align]),
    colWidths: columns.flatMap(({ width, gap = 2 }) => [gap, width ?? null]),
    wordWrap: true,
  });
  const withGaps = (cells: readonly string[]): string[] => cells.flatMap((cell, at) => [gaps[at], cell]);
  for (const line of titleLines(columns)) grid.push(withGaps(line.map(paintTitle)));
  for (const row of rows) grid.push(withGaps(row));
  return grid
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** Columns that the widest line of a text takes on a screen: colours take none. */
export function textWidth(text: string): number {
  return Math.max(
    ...stripVTControlCharacters(text)
      .split('\n')
      .map((line) => [...line].length),
  );
}

/** Titles stand on their last line, next to what they head. */
function titleLines(columns: readonly Column[]): string[][] {
  const titles = columns.map(({ title }) => title.split('\n'));
  const height = Math.max(...titles.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) =>
    titles.map((lines) => lines[line - (height - lines.length)] ?? ''),
  );
}

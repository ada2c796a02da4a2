/** Panels side by side whose rows are the series, the same ones in all of them, with a quantity to the right. */
import { COLUMN, DOUBLE, type Part, panelTitle } from './frame.ts';
import { drawnWidth, FONT_SIZE } from './type.ts';

export interface Ranked {
  readonly panels: readonly { readonly title: string; readonly values: readonly object[] }[];
  /** The series from top to bottom. */
  readonly order: readonly string[];
  /** The quantity's axis and scale, the same in all panels. */
  readonly axis: Part;
  readonly scale: Part;
  /** What is calculated of the values. */
  readonly transform?: readonly Part[];
  /** A panel's layers, given the channels that all of them share. */
  readonly layers: (row: Part, value: (field: string) => Part) => readonly Part[];
}

const ROW = FONT_SIZE + 2;
const GAP = 12;
/** Names longer than this share of the figure are cut. */
const MOST_NAMES = 0.4;
/** As many panels fit a paper's column, and the width of both. */
const NARROW = 3;
const WIDE = 6;

export function rankedPanels({ panels, order, axis, scale, transform = [], layers }: Ranked): {
  readonly width: number;
  readonly columns: number;
  readonly panels: readonly Part[];
} {
  const width = panels.length <= NARROW ? COLUMN : DOUBLE;
  const columns = Math.min(panels.length, WIDE);
  const names =
    Math.ceil(Math.min(Math.max(...order.map((name) => drawnWidth(name))), MOST_NAMES * width)) + 4;
  const each = Math.floor((width - names - 16 - GAP * (columns - 1)) / columns);
  const parts = panels.map(({ title, values }, at) => {
    const first = at % columns === 0;
    const titled = at === panels.length - columns;
    const row = {
      field: 'series',
      type: 'nominal',
      scale: { domain: order },
      axis: {
        title: null,
        ticks: false,
        domain: false,
        labels: first,
        labelPadding: 4,
        labelLimit: names - 4,
        ...(first ? { minExtent: names, maxExtent: names } : {}),
      },
    };
    const value = (field: string): Part => ({
      field,
      type: 'quantitative',
      scale,
      axis: {
        tickCount: 3,
        labelOverlap: 'greedy',
        labelFlush: true,
        ...axis,
        ...(titled ? {} : { title: null }),
      },
    });
    return {
      ...panelTitle(title, each),
      data: { values },
      transform,
      width: each,
      height: order.length * ROW,
      layer: layers(row, value),
    };
  });
  return { width, columns, panels: parts };
}

/** The names by what they amount to over all panels, the most first. */
export function ranking(values: readonly { readonly series: string; readonly y: number }[]): string[] {
  const groups = Map.groupBy(values, ({ series }) => series);
  const total = new Map([...groups].map(([name, all]) => [name, all.reduce((sum, { y }) => sum + y, 0)]));
  return [...total.keys()].sort((a, b) => total.get(b)! - total.get(a)!);
}

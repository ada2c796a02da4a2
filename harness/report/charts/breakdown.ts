/** Where the cores' time went, as shares that add up: a stacked bar each series. */
import { figure, type Spec } from './frame.ts';
import { GROUND, TIME_COLOURS } from './palette.ts';
import { rankedPanels } from './ranked.ts';
import { NAME } from './tooltip.ts';

/** A kind of time's share in a series' bar. */
export interface Share {
  /** With a mark behind the name where there are warnings, since a bar of many colours cannot be hollow. */
  readonly series: string;
  readonly part: keyof typeof TIME_COLOURS;
  /** Of cores × makespan: 0 to 1. */
  readonly share: number;
}

export interface Breakdown {
  readonly title: string;
  readonly lines: readonly string[];
  readonly panels: readonly { readonly title: string; readonly shares: readonly Share[] }[];
  /** The series from top to bottom. */
  readonly order: readonly string[];
}

export function breakdown({ title, lines, panels, order }: Breakdown): Spec {
  const parts = Object.keys(TIME_COLOURS);
  return figure({
    title,
    lines,
    ...rankedPanels({
      panels: panels.map((panel) => ({
        title: panel.title,
        values: panel.shares.map((share) => ({ ...share, rank: parts.indexOf(share.part) })),
      })),
      order,
      axis: { title: 'share, %', labelExpr: '100 * datum.value', values: [0, 0.5, 1] },
      scale: { domain: [0, 1], nice: false },
      layers: (row, value) => [
        {
          mark: { type: 'bar', height: { band: 0.8 }, stroke: GROUND, strokeWidth: 0.4 },
          encoding: {
            y: row,
            x: { ...value('share'), stack: 'zero' },
            order: { field: 'rank' },
            color: {
              field: 'part',
              type: 'nominal',
              title: null,
              scale: { domain: parts, range: Object.values(TIME_COLOURS) },
              legend: { orient: 'bottom', direction: 'horizontal', columns: parts.length },
            },
            tooltip: [
              NAME,
              { field: 'part', title: 'time' },
              { field: 'share', title: 'share', format: '.1%' },
            ],
          },
        },
      ],
    }),
    resolve: { scale: { color: 'shared' } },
  });
}

/** Quantiles of latency: for each series a line from the median to the last percent. */
import { figure, type Spec } from './frame.ts';
import { GROUND, type Style } from './palette.ts';
import type { Quantity } from './quantity.ts';
import { rankedPanels, ranking } from './ranked.ts';
import { readingScale, scalePart } from './scale.ts';
import { NAME, REMARKED, REMARKS, said } from './tooltip.ts';

export interface Quantile {
  readonly series: string;
  readonly quantile: (typeof QUANTILES)[number];
  readonly y: number;
  readonly warnings: string;
}

export interface Quantiles {
  readonly title: string;
  readonly lines: readonly string[];
  readonly panels: readonly { readonly title: string; readonly points: readonly Quantile[] }[];
  readonly y: Quantity;
  readonly looks: ReadonlyMap<string, Style>;
}

const QUANTILES = ['median', '95 %', '99 %'] as const;
const SHAPES = ['circle', 'diamond', 'triangle-right'];
/** What the shapes mean. */
export const QUANTILE_NOTE = '● median   ◆ 95 %   ▶ 99 %';

export function quantiles({ title, lines, panels, y, looks }: Quantiles): Spec {
  const points = panels.flatMap((panel) => panel.points);
  const scale = readingScale(points.map((point) => point.y));
  const colour = {
    field: 'series',
    type: 'nominal',
    legend: null,
    scale: { domain: [...looks.keys()], range: [...looks.values()].map((look) => look.colour) },
  };
  return figure({
    title,
    lines,
    ...rankedPanels({
      panels: panels.map((panel) => ({ title: panel.title, values: panel.points })),
      order: ranking(points).reverse(),
      axis: {
        title: y.title,
        labelExpr: y.labelExpr,
        ...(scale.ticks === undefined ? {} : { values: scale.ticks }),
      },
      scale: scalePart(scale),
      transform: [REMARKED, { calculate: said('y', y), as: 'value' }],
      layers: (row, value) => [
        { mark: { type: 'line', strokeWidth: 1.2 }, encoding: { y: row, x: value('y'), color: colour } },
        {
          mark: { type: 'point', size: 22, strokeWidth: 0.9, opacity: 1 },
          encoding: {
            y: row,
            x: value('y'),
            stroke: colour,
            fill: { condition: { test: "datum.warnings !== ''", value: GROUND }, ...colour },
            shape: {
              field: 'quantile',
              type: 'nominal',
              title: null,
              sort: null,
              scale: { domain: [...QUANTILES], range: SHAPES },
              legend: null,
            },
            tooltip: [NAME, { field: 'quantile' }, { field: 'value', title: y.title }, REMARKS],
          },
        },
      ],
    }),
  });
}

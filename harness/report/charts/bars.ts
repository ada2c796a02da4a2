/** One quantity of each series as a bar, the longest at the top; where values span decades, as a point. */
import { figure, type Spec } from './frame.ts';
import { GREY, GROUND, INK, type Style } from './palette.ts';
import type { Point } from './points.ts';
import type { Quantity } from './quantity.ts';
import { rankedPanels, ranking } from './ranked.ts';
import { readingScale, scalePart } from './scale.ts';
import { NAME, REMARKS, said, valued } from './tooltip.ts';

export interface Bars {
  readonly title: string;
  readonly lines: readonly string[];
  readonly panels: readonly { readonly title: string; readonly points: readonly BarPoint[] }[];
  readonly y: Quantity;
  readonly looks: ReadonlyMap<string, Style>;
}

/** What no correct schedule can beat may stand beside what was reached. */
export type BarPoint = Point & { readonly bound: number | null };

export function bars({ title, lines, panels, y, looks }: Bars): Spec {
  const points = panels.flatMap((panel) => panel.points);
  const reached = points.flatMap(({ y, low, high, bound }) => [y, low ?? y, high ?? y, bound ?? y]);
  const scale = readingScale(reached);
  const colour = {
    field: 'series',
    type: 'nominal',
    legend: null,
    scale: { domain: [...looks.keys()], range: [...looks.values()].map((look) => look.colour) },
  };
  const fill = { condition: { test: "datum.warnings !== ''", value: GROUND }, ...colour };
  const shape =
    scale.type === 'linear' ? { type: 'bar', height: { band: 0.7 } } : { type: 'point', size: 30 };
  const tooltip = [
    NAME,
    { field: 'value', title: y.title },
    { field: 'interval', title: '95 % interval' },
    { field: 'limit', title: 'bound' },
    { field: 'n', title: 'trials' },
    REMARKS,
  ];
  return figure({
    title,
    lines,
    ...rankedPanels({
      panels: panels.map((panel) => ({ title: panel.title, values: panel.points })),
      order: ranking(points),
      axis: {
        title: y.title,
        labelExpr: y.labelExpr,
        ...(scale.ticks === undefined ? {} : { values: scale.ticks }),
      },
      scale: scalePart(scale),
      transform: [
        ...valued(y),
        { calculate: `isValid(datum.bound) ? ${said('bound', y)} : 'none'`, as: 'limit' },
      ],
      layers: (row, value) => [
        {
          mark: { ...shape, strokeWidth: 1, opacity: 1 },
          encoding: { y: row, x: value('y'), stroke: colour, fill, tooltip },
        },
        {
          mark: { type: 'rule', color: INK, strokeWidth: 1 },
          encoding: { y: row, x: value('low'), x2: { field: 'high' } },
        },
        {
          mark: { type: 'tick', color: GREY, thickness: 1.5, band: 0.8 },
          encoding: { y: row, x: value('bound') },
        },
      ],
    }),
  });
}

/** Lines: a quantity over a number, one line a series, its name at its end. Panels share both axes. */
import { belowTop } from './clip.ts';
import { COLUMN, DOUBLE, figure, type Part, panelTitle, type Spec } from './frame.ts';
import { type End, endLabels, LABEL_GAP, LEADER } from './labels.ts';
import type { OverlayPoint } from './overlay.ts';
import { GROUND, OVERLAY_MARKS, type Style } from './palette.ts';
import type { Point } from './points.ts';
import type { Quantity } from './quantity.ts';
import { readingScale, type Scale, scalePart, varyingScale } from './scale.ts';
import { NAME, REMARKS, said, valued } from './tooltip.ts';
import { drawnWidth } from './type.ts';

/** A line to compare with: the bound, the ideal. */
export interface Reference {
  readonly name: string;
  readonly colour: string;
  readonly dash: readonly number[];
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

export interface Panel {
  readonly title: string;
  /** Panels of one kind have the same axes: where it ran. */
  readonly axes: string;
  readonly points: readonly Point[];
  readonly references: readonly Reference[];
  /** A list an overlay. */
  readonly overlays: readonly (readonly OverlayPoint[])[];
}

export interface Lines {
  readonly title: string;
  readonly lines: readonly string[];
  readonly panels: readonly Panel[];
  readonly x: Quantity;
  readonly y: Quantity;
  readonly looks: ReadonlyMap<string, Style>;
}

/** The ticks' labels, and a title on its side. */
const AXIS = 32;
const TITLE = 14;
/** Names longer than this share of a panel are cut. */
const MOST_BESIDE = 0.6;
/** A reference may be so many times higher than what was measured and still decide the scale. */
const REACH = 2.5;

export function lines(given: Lines): Spec {
  const { panels, looks } = given;
  const columns = Math.min(2, panels.length);
  const names = [...looks.keys(), ...panels.flatMap(({ references }) => references.map(({ name }) => name))];
  const room = ((columns === 1 ? COLUMN : DOUBLE - 6) - TITLE - AXIS - 6) / columns;
  const longest = LEADER + Math.max(...names.map((name) => drawnWidth(name)));
  const beside = Math.min(longest, MOST_BESIDE * room);
  const width = Math.floor(room - beside);
  const most = Math.max(
    ...panels.map((p) => new Set(p.points.map((o) => o.series)).size + p.references.length),
  );
  const size = { width, height: Math.max(130, Math.ceil(most * LABEL_GAP) + 6) };
  const scales = new Map(
    [...Map.groupBy(panels, ({ axes }) => axes)].map(([axes, own]) => [axes, scalesOf(own)]),
  );
  const parts = panels.map((panel, at) => ({
    ...panelTitle(panel.title, width + beside),
    ...size,
    layer: layersOf(panel, {
      ...given,
      ...scales.get(panel.axes)!,
      size,
      limit: beside < longest ? beside - LEADER : 0,
      first: scales.size > 1 || at % columns === 0,
      last: scales.size > 1 || at >= panels.length - columns,
    }),
  }));
  return figure({ ...given, width: columns === 1 ? COLUMN : DOUBLE, panels: parts, columns });
}

function scalesOf(panels: readonly Panel[]): { xScale: Scale; yScale: Scale } {
  const points = panels.flatMap((panel) => panel.points);
  const laid = panels.flatMap((panel) => panel.overlays.flat());
  const ys = [...points.flatMap(({ y, low, high }) => [y, low ?? y, high ?? y]), ...laid.map(({ y }) => y)];
  const limit = REACH * Math.max(...ys);
  const references = panels.flatMap((panel) => panel.references.flatMap((reference) => reference.points));
  const reached = references.map(({ y }) => y).filter((y) => y <= limit);
  return {
    xScale: varyingScale([...points.map(({ x }) => Number(x)), ...laid.map(({ x }) => x)]),
    yScale: readingScale([...ys, ...reached]),
  };
}

interface Drawing extends Lines {
  readonly xScale: Scale;
  readonly yScale: Scale;
  readonly size: { readonly width: number; readonly height: number };
  /** Where names are cut, in pixels; 0 if nowhere. */
  readonly limit: number;
  /** Whether the panel is the first of its row, and in the last row: only there axes have labels. */
  readonly first: boolean;
  readonly last: boolean;
}

function layersOf(panel: Panel, drawing: Drawing): Part[] {
  const { looks } = drawing;
  const labels = [...looks.keys()];
  const styled = (pick: (style: Style) => unknown): Part => ({
    field: 'series',
    type: 'nominal',
    legend: null,
    scale: { domain: labels, range: [...looks.values()].map(pick) },
  });
  const colour = styled(({ colour }) => colour);
  const [x, y] = axesOf(drawing);
  const tooltip = tooltipOf(drawing);
  return [
    ...panel.references.map(({ colour, dash, points }) => ({
      data: { values: belowTop(points, drawing) },
      mark: { type: 'line', color: colour, strokeWidth: 1, strokeDash: dash },
      encoding: { x, y },
    })),
    {
      data: { values: withGaps(panel.points) },
      transform: [...valued(drawing.y), { calculate: said('x', drawing.x), as: 'place' }],
      layer: [
        {
          mark: { type: 'area', opacity: 0.18 },
          encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' }, color: colour },
        },
        {
          mark: { type: 'line', strokeWidth: 1.2 },
          encoding: { x, y, color: colour, strokeDash: styled(({ dash }) => dash) },
        },
        {
          mark: { type: 'point', size: 18, strokeWidth: 0.9, opacity: 1 },
          encoding: {
            x,
            y,
            stroke: colour,
            fill: { condition: { test: "datum.warnings !== ''", value: GROUND }, ...colour },
            shape: styled(({ shape }) => shape),
            tooltip,
          },
        },
      ],
    },
    ...panel.overlays.map((points, at) =>
      overlayLayer(points, { x, y, colour, mark: OVERLAY_MARKS[at % 2] }),
    ),
    ...endLabels(endsOf(panel, drawing), drawing),
  ];
}

/** Crosses on a hair line, over whatever they are compared with. */
function overlayLayer(
  values: readonly OverlayPoint[],
  { x, y, colour, mark }: { x: Part; y: Part; colour: Part; mark: string },
): Part {
  return {
    data: { values },
    layer: [
      {
        mark: { type: 'line', strokeWidth: 0.6, strokeDash: [1, 1.5] },
        encoding: { x, y, color: colour, detail: { field: 'series' } },
      },
      {
        mark: { type: 'point', shape: mark, size: 30, strokeWidth: 1, opacity: 1 },
        encoding: { x, y, stroke: colour },
      },
    ],
  };
}

function axesOf({ x, y, xScale, yScale, first, last }: Drawing): [Part, Part] {
  const values = ({ ticks }: Scale): Part => (ticks === undefined ? {} : { values: ticks });
  return [
    {
      field: 'x',
      type: 'quantitative',
      scale: scalePart(xScale),
      axis: {
        title: last ? x.title : null,
        labelExpr: last ? x.labelExpr : "''",
        labelOverlap: 'greedy',
        labelFlush: false,
        grid: false,
        ...values(xScale),
      },
    },
    {
      field: 'y',
      type: 'quantitative',
      scale: scalePart(yScale),
      axis: {
        title: first ? y.title : null,
        labelExpr: first ? y.labelExpr : "''",
        tickCount: 5,
        ...(first ? { minExtent: AXIS, maxExtent: AXIS } : { ticks: false, domain: false }),
        ...values(yScale),
      },
    },
  ];
}

function tooltipOf({ x, y }: Lines): Part[] {
  return [
    NAME,
    { field: 'place', title: x.title },
    { field: 'value', title: y.title },
    { field: 'interval', title: '95 % interval' },
    { field: 'n', title: 'trials' },
    REMARKS,
  ];
}

/** Where others were measured and a series was not, its line is to break. */
function withGaps(points: readonly Point[]): (Point | Gap)[] {
  const places = new Set(points.map(({ x }) => x));
  return [...Map.groupBy(points, ({ series }) => series)].flatMap(([series, own]) => {
    const missing = places.difference(new Set(own.map(({ x }) => x)));
    return [...own, ...[...missing].map((x): Gap => ({ series, x, y: null }))];
  });
}

interface Gap {
  readonly series: string;
  readonly x: number | string;
  readonly y: null;
}

function endsOf({ points, references }: Panel, { looks }: Drawing): End[] {
  const last = <P extends { readonly x: unknown }>(all: readonly P[]): P =>
    all.reduce((latest, point) => (Number(point.x) >= Number(latest.x) ? point : latest));
  const own = [...Map.groupBy(points, ({ series }) => series)].map(([name, all]) => ({
    name,
    colour: looks.get(name)!.colour,
    x: Number(last(all).x),
    y: last(all).y,
  }));
  return [...own, ...references.map(({ name, colour, points: all }) => ({ name, colour, ...last(all) }))];
}

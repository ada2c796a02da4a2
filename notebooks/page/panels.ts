/** Small panels of lines beside each other, as many to a line of the page as fit, on common axes. */
import * as Plot from '@observablehq/plot';
import { drawnWidth } from '../live/figure.ts';

export interface Line {
  readonly name: string;
  readonly points: readonly Point[];
  readonly colour: string;
  /** As SVG has it; solid unless given. */
  readonly dash?: string;
  /** `line`: with its points; `marks`: hollow diamonds alone, of a paper; `thin`: for reference. */
  readonly look: 'line' | 'marks' | 'thin';
}

interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Panel {
  readonly title: string;
  readonly lines: readonly Line[];
  /** Where it is another than that of all. */
  readonly x?: Axis;
}

export interface Axis {
  readonly label: string;
  /** From the least to the greatest. */
  readonly domain: readonly number[];
  readonly ticks?: readonly number[];
  readonly type: 'linear' | 'log' | 'symlog';
  /** Of a symlog axis: where it turns from linear to logarithmic. */
  readonly constant?: number;
}

export interface PanelsOptions {
  readonly panels: readonly Panel[];
  readonly x: Axis;
  readonly y: Axis;
  /** Of the page, in pixels. */
  readonly width: number;
  /** Of a panel, in pixels, as far as the page is so wide. */
  readonly least: number;
  /** How many are beside each other at most. */
  readonly columns: number;
}

const GAP = 18;
const MARGINS = { marginTop: 10, marginRight: 8, marginBottom: 36, marginLeft: 34 };

/** A grid of pictures; the legend says each name once. */
export function panels({ panels, x, y, width, least, columns }: PanelsOptions): HTMLElement {
  const page = drawnWidth(width);
  const count = Math.max(1, Math.min(columns, panels.length, Math.floor((page + GAP) / (least + GAP))));
  const each = Math.floor((page - (count - 1) * GAP) / count);
  const grid = document.createElement('div');
  grid.className = 'panels';
  grid.style.gridTemplateColumns = `repeat(${count}, minmax(0, 1fr))`;
  grid.append(...panels.map((panel) => picture(panel, { x: panel.x ?? x, y, width: each })));
  const whole = document.createElement('div');
  whole.append(legend(panels), grid);
  return whole;
}

function picture({ title, lines }: Panel, { x, y, width }: { x: Axis; y: Axis; width: number }): Element {
  const named = lines.flatMap(({ name, points }) => points.map((point) => ({ ...point, name })));
  const element = Plot.plot({
    width,
    height: Math.round(Math.min(250, Math.max(170, width * 0.9))),
    ...MARGINS,
    style: { fontSize: '11px', overflow: 'visible' },
    ariaLabel: title,
    x: { ...scale(x), label: x.label, labelAnchor: 'center' },
    y: { ...scale(y), label: null, grid: true },
    marks: [
      Plot.frame({ anchor: 'bottom', strokeOpacity: 0.5 }),
      ...lines.flatMap(drawn),
      Plot.tip(named, Plot.pointer({ x: 'x', y: 'y', title: (point) => described(point, x, y) })),
    ],
  });
  const cell = document.createElement('div');
  cell.append(Object.assign(document.createElement('h4'), { textContent: title }), element);
  return cell;
}

function scale({ domain, ticks, type, constant = 1 }: Axis) {
  return {
    domain: [...domain],
    tickFormat: compact,
    ...(ticks === undefined ? { ticks: 5 } : { ticks: [...ticks] }),
    type,
    ...(type === 'log' ? { base: 2 } : type === 'symlog' ? { constant } : {}),
  };
}

function drawn({ points, colour, dash, look }: Line): Plot.Markish[] {
  const at = { x: 'x', y: 'y' } as const;
  const stroke = { stroke: colour, ...(dash === undefined ? {} : { strokeDasharray: dash }) };
  switch (look) {
    case 'thin':
      return [Plot.lineY(points, { ...at, ...stroke, strokeWidth: 1, strokeOpacity: 0.5 })];
    case 'marks':
      return [Plot.dot(points, { ...at, stroke: colour, symbol: 'diamond', r: 3.8, strokeWidth: 1.4 })];
    case 'line':
      return [
        Plot.lineY(points, { ...at, ...stroke, strokeWidth: 1.8 }),
        Plot.dot(points, { ...at, fill: colour, r: 2.4 }),
      ];
  }
}

function described({ name, x: at, y: value }: Point & { name: string }, x: Axis, y: Axis): string {
  return `${name}\n${x.label} ${at.toLocaleString('en')}\n${y.label} ${Number(value.toPrecision(3)).toLocaleString('en')}`;
}

/** What is drawn in the colours of several lines is explained in ink. */
function legend(all: readonly Panel[]): HTMLElement {
  const byName = Map.groupBy(
    all.flatMap(({ lines }) => lines).filter(({ points }) => points.length > 0),
    ({ name }) => name,
  );
  const list = document.createElement('ul');
  list.className = 'legend';
  for (const [name, lines] of byName) {
    const colours = new Set(lines.map(({ colour }) => colour));
    const item = list.appendChild(document.createElement('li'));
    const swatch = item.appendChild(document.createElement('span'));
    swatch.className = `swatch ${lines[0].look}`;
    swatch.style.color = colours.size > 1 ? 'currentColor' : [...colours][0];
    item.append(name);
  }
  return list;
}

/** 0.5, 12, 1024, 50k, 1.2M. */
function compact(value: number): string {
  if (value < 10_000 && value >= 1000) return String(value);
  const [factor, unit] = value >= 1e6 ? [1e6, 'M'] : value >= 1000 ? [1000, 'k'] : [1, ''];
  return `${Number((value / factor).toPrecision(3))}${unit}`;
}

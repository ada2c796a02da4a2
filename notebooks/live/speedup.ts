/** The live curve: speed-up against cores, with the bound, the sweep before, and a paper's points. */
import * as Plot from '@observablehq/plot';
import { drawnWidth, figure, looksOf, valid } from './figure.ts';
import { type Choice, nameOf, type Point } from './protocol.ts';
import type { Progress } from './sweeps.ts';

/** Points of a paper, where the settings are some of its own. */
export interface Overlay {
  /** Where they are from, and how they are known. */
  readonly source: string;
  readonly points: readonly { readonly cores: number; readonly speedup: number }[];
}

export interface SpeedupOptions {
  /** In pixels. */
  readonly width: number;
  readonly overlay?: Overlay | undefined;
  /** Cores on a logarithmic axis: for many of them. */
  readonly isLog?: boolean;
}

const AT = { x: 'cores', y: 'speedup' } as const;
/** The width of a character, on average, in pixels. */
const CHARACTER = 7;
const TICK_GAP = 16;
/** Between names at the ends of lines, as a share of the height. */
const LABEL_GAP = 0.055;

export function speedupFigure(progress: Progress, options: SpeedupOptions): Element {
  const { settings, before, done } = progress;
  const { overlay } = options;
  const width = drawnWidth(options.width);
  const points = valid(progress);
  const ghosts = before === undefined ? [] : valid(before);
  const bounds = points.filter(({ choice }) => choice === points[0].choice);
  const [most] = settings.cores.slice(-1);
  const top = ceiling(done ? points : [...points, ...ghosts], overlay);
  const looks = looksOf(settings.choices);
  const names = labelsOf(settings.choices);
  const colour = ({ choice }: Point): string => looks[choice].colour;
  const picture = Plot.plot({
    width,
    height: Math.min(400, Math.max(260, width * 0.5)),
    marginLeft: 36,
    marginTop: 30,
    marginBottom: 44,
    marginRight: 14 + CHARACTER * Math.max(...names.map(({ length }) => length), 'bound'.length),
    style: { fontSize: '12px', overflow: 'visible' },
    x: {
      ...(options.isLog ? ({ type: 'log', base: 2, domain: [1, most] } as const) : { domain: [0, most] }),
      ...{ label: 'virtual cores', labelAnchor: 'center', labelOffset: 40 },
      ...{
        ticks: options.isLog ? [...settings.cores] : apart(settings.cores, width / most),
        tickFormat: 'd',
      },
    },
    y: { label: 'speed-up over a plain sequential loop', grid: true, domain: [0, top] },
    marks: [
      Plot.ruleY([0]),
      Plot.ruleY([1], { strokeOpacity: 0.4 }),
      Plot.lineY(ideal(most), { strokeOpacity: 0.45, strokeDasharray: '2,4', clip: true }),
      Plot.lineY(bounds, { ...AT, y: 'bound', strokeOpacity: 0.55, strokeWidth: 1, clip: true }),
      ...curves(ghosts, before?.settings.choices ?? [], { strokeOpacity: 0.3, clip: true }),
      ...curves(points, settings.choices, { strokeWidth: 2.2 }),
      Plot.dot(points, { ...AT, fill: colour, r: 3.5 }),
      Plot.dot(overlay?.points ?? [], { ...AT, symbol: 'diamond', stroke: 'currentColor', r: 4.5 }),
      Plot.text(ends({ points, bounds, top, label: ({ choice }) => names[choice], colour }), {
        ...{ x: 'cores', y: 'y', text: 'text', fill: 'colour' },
        ...{ dx: 8, textAnchor: 'start', fontWeight: 600 },
      }),
      Plot.tip(
        points,
        Plot.pointer({
          ...AT,
          title: (point: Point) => describe(point, nameOf(settings.choices[point.choice])),
        }),
      ),
    ],
  });
  return figure('speedup', picture, caption(overlay));
}

/** Those that leave room for a number between them; `scale` in pixels a core. */
function apart(cores: readonly number[], scale: number): number[] {
  return cores.filter((count, at) => at === 0 || (count - cores[at - 1]) * scale > TICK_GAP);
}

/** As many times faster as there are cores. */
function ideal(most: number): [number, number][] {
  return Array.from({ length: most }, (_, at) => [at + 1, at + 1]);
}

/** Algorithms' names, with their options only where those tell them apart. */
function labelsOf(choices: readonly Choice[]): string[] {
  const distinct = new Set(choices.map((choice) => choice.algorithm)).size === choices.length;
  return choices.map((choice) => (distinct ? choice.algorithm : nameOf(choice)));
}

/** A line a choice. */
function curves(
  points: readonly Point[],
  choices: readonly Choice[],
  style: Plot.LineYOptions,
): Plot.Markish[] {
  return looksOf(choices).map(({ colour, dash }, choice) => {
    const own = points.filter((point) => point.choice === choice);
    return Plot.lineY(own, { ...AT, stroke: colour, strokeDasharray: dash, ...style });
  });
}

function caption(overlay: Overlay | undefined): string {
  const lines =
    'Simulated: virtual cores, virtual time. Thin line: the bound, which no schedule of this block in this order can ' +
    'beat. Dotted: one more core, one more of the speed-up. Faint: the settings before.';
  return overlay === undefined ? lines : `${lines} Diamonds: ${overlay.source}.`;
}

/** High enough for every point, and for the bound where that leaves the curve most of the picture. */
function ceiling(points: readonly Point[], overlay: Overlay | undefined): number {
  const paper = (overlay?.points ?? []).map(({ speedup }) => speedup);
  const reached = Math.max(1.25, ...points.map(({ speedup }) => speedup), ...paper);
  const bound = Math.max(0, ...points.map((point) => point.bound));
  return Math.min(Math.max(bound * 1.04, reached * 1.1), reached * 1.8);
}

/** The names at the ends of the lines, moved up where one would cover another. */
function ends(given: {
  readonly points: readonly Point[];
  readonly bounds: readonly Point[];
  readonly top: number;
  readonly label: (point: Point) => string;
  readonly colour: (point: Point) => string;
}): { cores: number; y: number; text: string; colour: string }[] {
  const { points, bounds, top, label, colour } = given;
  const last = [...new Map(points.map((point) => [point.choice, point])).values()];
  const names = [
    ...last.map((point) => ({
      cores: point.cores,
      y: point.speedup,
      text: label(point),
      colour: colour(point),
    })),
    ...bounds
      .slice(-1)
      .filter(({ bound }) => bound <= top)
      .map(({ cores, bound }) => ({ cores, y: bound, text: 'bound', colour: 'currentColor' })),
  ].sort((a, b) => a.y - b.y);
  let lowest = 0;
  return names.map((name) => {
    const y = Math.max(name.y, lowest);
    lowest = y + top * LABEL_GAP;
    return { ...name, y };
  });
}

function describe(point: Point, label: string): string {
  return [
    `${label}, ${point.cores} ${point.cores === 1 ? 'core' : 'cores'}`,
    `speed-up ${point.speedup.toFixed(2)} of at most ${point.bound.toFixed(2)}`,
    `${Math.round(point.throughput_tps).toLocaleString('en')} transactions a virtual second`,
    `${point.attemptsPerTransaction.toFixed(2)} attempts a transaction`,
  ].join('\n');
}

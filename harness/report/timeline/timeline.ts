/**
 * A small block's timeline as an SVG document: a row a core, a colour for what it does, attempts at one transaction
 * linked. A pure function, for a file, a page or a notebook alike: it brings its own ground and follows the reader's
 * colour scheme where it is shown by itself or in a page.
 */
import type { Trace } from '../../machine/trace.ts';
import { duration } from '../units.ts';
import { LOOKS, type Look, lookOf } from './look.ts';

export interface TimelineOptions {
  /** What ran. */
  readonly title: string;
  /** Where, and in whose time: simulated and measured time must not be taken for one another. */
  readonly subtitle: string;
  /** In pixels. */
  readonly width?: number;
}

const WIDTH = 960;
const MARGIN = 12;
const GUTTER = 56;
/** Room for half of the axis' last label. */
const RIGHT = 24;
const FONT_SIZE = 11;
const TITLE_SIZE = 14;
const LINE = 18;
/** Of a character of the font, on average, as a part of its size. */
const CHARACTER = 0.58;
const ROW_GAP = 3;
/** Pixels between two labels of the axis, at least. */
const TICK_DISTANCE = 90;
/** More links than these are drawn fainter, or they hide what they link. */
const MANY_LINKS = 150;
/** Attempts beyond these have no tooltips, which would be most of the document. */
const MOST_TOOLTIPS = 3000;

/** White with a dark edge: it stands on dark and light slices alike. */
const ON_COLOUR =
  'fill="#ffffff" stroke="#000000" stroke-opacity="0.55" stroke-width="2" paint-order="stroke" pointer-events="none"';

/** Cascades to nothing else in a page: every class has this before its name. */
const PREFIX = 'contend-timeline';

export function timelineSvg(trace: Trace, options: TimelineOptions): string {
  return new Drawing(trace, options).document();
}

class Drawing {
  readonly #trace: Trace;
  readonly #options: TimelineOptions;
  readonly #width: number;
  readonly #rowHeight: number;
  readonly #legend: readonly (readonly Look[])[];
  readonly #top: number;

  constructor(trace: Trace, options: TimelineOptions) {
    this.#trace = trace;
    this.#options = options;
    this.#width = options.width ?? WIDTH;
    this.#rowHeight = Math.max(6, Math.min(24, Math.round(320 / trace.slices.length)));
    this.#legend = this.#legendRows();
    this.#top = MARGIN + 2 * LINE + this.#legend.length * LINE + 6;
  }

  document(): string {
    const bottom = this.#top + this.#trace.slices.length * this.#pitch;
    const height = bottom + 32;
    const { title, subtitle } = this.#options;
    return [
      `<svg xmlns="http://www.w3.org/2000/svg" width="${this.#width}" height="${height}" viewBox="0 0 ${this.#width} ${height}" role="img" aria-label="${escaped(`Timeline: ${title}; ${subtitle}`)}" class="${PREFIX}" font-family="system-ui, 'DejaVu Sans', sans-serif" font-size="${FONT_SIZE}">`,
      `<style>${stylesheet()}</style>`,
      `<rect class="${PREFIX}-ground" fill="#ffffff" width="${this.#width}" height="${height}"/>`,
      text(MARGIN, MARGIN + TITLE_SIZE, title, `font-size="${TITLE_SIZE}" font-weight="bold"`),
      text(MARGIN, MARGIN + TITLE_SIZE + LINE, subtitle),
      ...this.#legend.flatMap((looks, row) => this.#legendRow(looks, row)),
      this.#labelKey(),
      ...this.#trace.slices.map((_, core) => this.#row(core)),
      this.#links(),
      ...this.#labels(),
      ...this.#axis(bottom),
      '</svg>\n',
    ].join('\n');
  }

  get #pitch(): number {
    return this.#rowHeight + ROW_GAP;
  }

  #x(time_ns: number): number {
    const span = this.#width - GUTTER - RIGHT;
    return GUTTER + (time_ns / Math.max(1, this.#trace.makespan_ns)) * span;
  }

  #y(core: number): number {
    return this.#top + core * this.#pitch;
  }

  /** The looks that occur, on as many lines as they need. */
  #legendRows(): Look[][] {
    const present = new Set(this.#trace.slices.flat().map((slice) => lookOf(slice, this.#trace)));
    const rows: Look[][] = [];
    let x = Number.POSITIVE_INFINITY;
    for (const look of Object.keys(LOOKS) as Look[]) {
      if (!present.has(look)) continue;
      const width = legendWidth(look);
      if (x + width > this.#width - MARGIN) {
        rows.push([]);
        x = MARGIN;
      }
      rows[rows.length - 1].push(look);
      x += width;
    }
    return rows;
  }

  #legendRow(looks: readonly Look[], row: number): string[] {
    const y = MARGIN + 2 * LINE + row * LINE + 14;
    let x = MARGIN;
    return looks.map((look) => {
      const drawn = `<rect ${paint(look)} x="${x}" y="${y - 10}" width="14" height="11"/>${text(x + 19, y, LOOKS[look].words)}`;
      x += legendWidth(look);
      return drawn;
    });
  }

  /** What a label's two numbers are, by the example of the first retry. */
  #labelKey(): string {
    const retry = this.#trace.attempts.find(({ number }) => number > 1);
    if (retry === undefined) return '';
    const { number, transaction } = retry;
    const words = `${transaction}.${number}: transaction ${transaction}, attempt ${number}`;
    return text(this.#width - MARGIN, MARGIN + TITLE_SIZE + LINE, words, 'text-anchor="end"');
  }

  /** One path a look: slices that come to nothing at this scale are left out. */
  #row(core: number): string {
    const paths = new Map<Look, string>();
    for (const slice of this.#trace.slices[core]) {
      const from = tenth(this.#x(slice.from_ns));
      const to = tenth(this.#x(slice.to_ns));
      if (to <= from) continue;
      const look = lookOf(slice, this.#trace);
      const box = `M${from} ${this.#y(core)}h${tenth(to - from)}v${this.#rowHeight}H${from}z`;
      paths.set(look, (paths.get(look) ?? '') + box);
    }
    const drawn = [...paths].map(([look, d]) => `<path ${paint(look)} d="${d}"/>`);
    return [this.#coreLabel(core), ...drawn].join('\n');
  }

  #coreLabel(core: number): string {
    const every = Math.ceil((FONT_SIZE + 1) / this.#pitch);
    if (core % every !== 0) return '';
    const baseline = this.#y(core) + Math.min(this.#rowHeight, (this.#rowHeight + FONT_SIZE) / 2 - 1);
    return text(GUTTER - 6, baseline, `core ${core}`, 'text-anchor="end"');
  }

  /** From the end of each attempt at a transaction to the start of the next one. */
  #links(): string {
    const middle = this.#rowHeight / 2;
    const before = new Map<number, readonly [x: number, y: number]>();
    let count = 0;
    let d = '';
    for (const { core, from_ns, to_ns, transaction } of this.#trace.attempts) {
      const y = tenth(this.#y(core) + middle);
      const last = before.get(transaction);
      if (last !== undefined) {
        const x = tenth(this.#x(from_ns));
        const bend = tenth((x - last[0]) / 2);
        d += `M${last[0]} ${last[1]}C${tenth(last[0] + bend)} ${last[1]} ${tenth(x - bend)} ${y} ${x} ${y}`;
        count++;
      }
      before.set(transaction, [tenth(this.#x(to_ns)), y]);
    }
    if (count === 0) return '';
    const opacity = count > MANY_LINKS ? 0.25 : 0.8;
    return `<path class="${PREFIX}-link" fill="none" stroke="#222222" stroke-width="0.8" opacity="${opacity}" d="${d}"/>`;
  }

  /** Each attempt's transaction where there is room for it, and all of it as a tooltip. */
  #labels(): string[] {
    const shown = this.#trace.attempts.slice(0, MOST_TOOLTIPS);
    return shown.map(({ cause, core, from_ns, number, outcome, to_ns, transaction }) => {
      const [from, to] = [tenth(this.#x(from_ns)), tenth(this.#x(to_ns))];
      const y = this.#y(core);
      const why = cause === undefined ? outcome : `${outcome}: ${cause}`;
      const words = `transaction ${transaction}, attempt ${number}, ${why}; ${duration(to_ns - from_ns)} from ${duration(from_ns)}`;
      const box = `<rect x="${from}" y="${y}" width="${tenth(to - from)}" height="${this.#rowHeight}" fill="#000000" fill-opacity="0"><title>${escaped(words)}</title></rect>`;
      const label = number === 1 ? `${transaction}` : `${transaction}.${number}`;
      const room = to - from - 2 > label.length * (FONT_SIZE - 2) * CHARACTER && this.#rowHeight >= FONT_SIZE;
      if (!room) return box;
      const baseline = y + (this.#rowHeight + FONT_SIZE) / 2 - 2;
      return `${box}<text x="${tenth((from + to) / 2)}" y="${tenth(baseline)}" font-size="${FONT_SIZE - 2}" text-anchor="middle" ${ON_COLOUR}>${label}</text>`;
    });
  }

  #axis(bottom: number): string[] {
    const { makespan_ns } = this.#trace;
    const most = Math.max(2, (this.#width - GUTTER - RIGHT) / TICK_DISTANCE);
    const step_ns = niceStep(Math.max(1, makespan_ns) / most);
    const drawn: string[] = [];
    for (let time_ns = 0; time_ns <= makespan_ns; time_ns += step_ns) {
      const x = tenth(this.#x(time_ns));
      drawn.push(
        `<line class="${PREFIX}-tick" stroke="#777777" x1="${x}" x2="${x}" y1="${bottom}" y2="${bottom + 4}"/>`,
        text(x, bottom + 16, time_ns === 0 ? '0' : tickLabel(time_ns, step_ns), 'text-anchor="middle"'),
      );
    }
    return drawn;
  }
}

function legendWidth(look: Look): number {
  return 19 + LOOKS[look].words.length * FONT_SIZE * CHARACTER + 14;
}

function paint(look: Look): string {
  const { colour, opacity = 1 } = LOOKS[look] as { colour: string; opacity?: number };
  return `class="${PREFIX}-${look}" fill="${colour}"${opacity === 1 ? '' : ` fill-opacity="${opacity}"`}`;
}

/** What differs in the dark. Presentation attributes hold where no stylesheet is applied. */
function stylesheet(): string {
  const darker = (Object.entries(LOOKS) as [Look, { dark?: string }][])
    .filter(([, { dark }]) => dark !== undefined)
    .map(([look, { dark }]) => `.${PREFIX}-${look}{fill:${dark}}`);
  const words = `.${PREFIX}-text{fill:#e6e6e6}.${PREFIX}-ground{fill:#16181d}.${PREFIX}-link{stroke:#ffffff}`;
  return `.${PREFIX} text{user-select:none}@media screen and (prefers-color-scheme:dark){${words}${darker.join('')}}`;
}

function text(x: number, y: number, content: string, attributes = ''): string {
  return `<text class="${PREFIX}-text" fill="#222222" x="${tenth(x)}" y="${tenth(y)}"${attributes === '' ? '' : ` ${attributes}`}>${escaped(content)}</text>`;
}

/** The next of 1, 2, 5, 10, 20, … */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const step = [1, 2, 5, 10].find((digit) => digit * power >= least) ?? 10;
  return step * power;
}

/** In one unit along the axis, without digits that say nothing. */
function tickLabel(time_ns: number, step_ns: number): string {
  const [unit_ns, unit] = (
    [
      [1e9, 's'],
      [1e6, 'ms'],
      [1e3, 'µs'],
      [1, 'ns'],
    ] as const
  ).find(([size]) => step_ns * 5 >= size) ?? [1, 'ns'];
  return `${Number((time_ns / unit_ns).toPrecision(6))} ${unit}`;
}

function tenth(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}

function escaped(content: string): string {
  const names: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot' };
  return content.replace(/[&<>"]/g, (sign) => `&${names[sign]};`);
}

/**
 * What each algorithm looks like: a colour, a shape and a dash that depend on its name alone, so that it looks the same
 * in every chart, whichever others are there and whatever joins the registry.
 *
 * Colours     Okabe and Ito, Color Universal Design (2008), which people with any colour vision tell apart. Their
 *             yellow is too pale for a line on paper; the wine of Paul Tol's muted scheme (2021) is in its place.
 */

/** What tells a line or a mark apart. */
export interface Style {
  /** As CSS has it: #rrggbb. */
  readonly colour: string;
  /** A symbol of Vega's. */
  readonly shape: string;
  /** Lengths of dashes and gaps in pixels; `[1, 0]` is solid. */
  readonly dash: readonly number[];
}

export const COLOURS = [
  ...['#56B4E9', '#0072B2', '#E69F00', '#D55E00'],
  ...['#000000', '#009E73', '#CC79A7', '#882255'],
];

const SHAPES = ['circle', 'cross', 'diamond', 'triangle-down', 'square', 'triangle-up'];

const SOLID = [1, 0];
/** A name's own dash; then those of its further variants, in turn. */
const DASHES = [SOLID, [5, 2]];
const VARIANT_DASHES = [
  [2, 1.5],
  [7, 1.5, 1.5, 1.5],
  [1, 2.5],
  [9, 3],
];

/**
 * Chosen so that those most often compared got eight different colours, the black one for the plain order, and that all
 * known ones differ in colour, dash or shape. Another number is another look for everything.
 */
const SALT = 37_457_923;

/** The look of the name; `variant` counts those of one name that stand side by side, from 0. */
export function styleOf(name: string, variant = 0): Style {
  const hash = hashOf(name);
  const own = DASHES[(hash >>> 3) % DASHES.length];
  return {
    colour: COLOURS[hash % COLOURS.length],
    shape: SHAPES[(hash >>> 8) % SHAPES.length],
    dash: variant === 0 ? own : VARIANT_DASHES[(variant - 1) % VARIANT_DASHES.length],
  };
}

/** The look of the rank-th of several numbers, from 0. */
export function styleAt(rank: number): Style {
  return {
    colour: COLOURS[rank % COLOURS.length],
    shape: SHAPES[rank % SHAPES.length],
    dash: DASHES[Math.floor(rank / COLOURS.length) % DASHES.length],
  };
}

/** FNV-1a of the UTF-16 units, its bits mixed once more. */
function hashOf(name: string): number {
  let hash = SALT;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 16_777_619);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 12)) >>> 0;
}

/** Where the cores' time goes: a colour each, light where nothing is done. After Paul Tol's muted scheme. */
export const TIME_COLOURS = {
  useful: '#117733',
  engine: '#88CCEE',
  wasted: '#882255',
  blocked: '#DDCC77',
  idle: '#E4E4E4',
} as const;

/** What is drawn for comparison only: the bound, the ideal, text of less weight. */
export const GREY = '#777777';
/** Of two things for comparison, the dark one and the light one. */
export const GREYS = ['#444444', '#999999'] as const;
export const GRID = '#E6E6E6';
/** What the chart lies on, and what is written and ruled on it. */
export const GROUND = '#FFFFFF';
export const INK = '#000000';
/** Numbers on cells that bring a ground of their own, which is the same by day and by night. */
export const ON_LIGHT = 'black';
export const ON_DARK = 'white';

/**
 * On a dark ground what is as good as black or white trades places, greys turn about, and the wine, too dark there, is
 * lighter: its hue stays, and it keeps its distance in lightness from the pink. Every other colour is the same.
 */
export const BY_NIGHT: Readonly<Record<string, string>> = {
  [GROUND]: '#16181D',
  [INK]: '#E6E8EC',
  [GREY]: '#A3ABB8',
  [GREYS[0]]: '#C6CBD3',
  [GREYS[1]]: '#7E8694',
  [GRID]: '#2E323A',
  '#882255': '#B5366F',
  [TIME_COLOURS.idle]: '#3A3F49',
};

/** Points from elsewhere: a cross that lies, then one that stands, as paths of Vega's symbols. */
export const OVERLAY_MARKS = ['M-0.7,-0.7L0.7,0.7M-0.7,0.7L0.7,-0.7', 'M-1,0L1,0M0,-1L0,1'];

/** What live figures have in common. */
import { styleOf } from '../../harness/report/charts/palette.ts';
import type { Choice, Point } from './protocol.ts';
import type { Sweep } from './sweeps.ts';

/** A figure, and under it what it shows and in which world its numbers hold. */
export function figure(name: string, picture: Element, caption: string): HTMLElement {
  const element = document.createElement('figure');
  element.dataset.live = name;
  element.append(picture, Object.assign(document.createElement('figcaption'), { textContent: caption }));
  return element;
}

/** No number without a verdict: only these are drawn. */
export function valid({ points }: Sweep): Point[] {
  return points.filter(({ verdict }) => verdict === 'valid');
}

/** Narrower than this no chart is drawn; a page that is laid out for the first time has no width at all. */
const LEAST_WIDTH = 240;

export function drawnWidth(width: number): number {
  return Math.max(LEAST_WIDTH, width);
}

/** What each choice's line looks like: as in every other chart, but for black ink, which must show on a dark page too. */
export function looksOf(choices: readonly Choice[]): { colour: string; dash: string }[] {
  return choices.map(({ algorithm }, at) => {
    const before = choices.slice(0, at).filter((one) => one.algorithm === algorithm);
    const { colour, dash } = styleOf(algorithm, before.length);
    return { colour: inkOf(colour), dash: dash.join(' ') };
  });
}

const BLACK = '#000000';

export function inkOf(colour: string): string {
  return colour === BLACK ? 'currentColor' : colour;
}

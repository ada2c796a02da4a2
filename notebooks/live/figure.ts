/** What live figures have in common. */
import type { Choice, Point } from './protocol.ts';
import type { Sweep } from './simulator.ts';

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

export function nameOf({ algorithm, options }: Choice): string {
  return [algorithm, ...Object.entries(options).map(([name, value]) => `${name}=${value}`)].join(' ');
}

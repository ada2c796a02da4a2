/** Timelines of small blocks as the page shows them. */
import { figure } from './figure.ts';
import type { Drawing, Settings } from './protocol.ts';
import { Simulator } from './simulator.ts';
import { verdictLine } from './verdict.ts';

/** Narrower, its texts would be upon each other; the page scrolls it then. */
const LEAST_WIDTH = 600;

/** What became of one; neither until it is there. */
export interface Timeline {
  readonly settings: Settings;
  readonly drawing?: Drawing;
  /** What went wrong, in one line. */
  readonly failure?: string;
}

export class Timelines {
  readonly #simulator = new Simulator();

  /**
   * @param settings one choice on one number of cores
   * @param width in pixels
   * @param notify told when it is there
   * @returns ends it
   */
  start(settings: Settings, width: number, notify: (timeline: Timeline) => void): () => void {
    return this.#simulator.order(
      { kind: 'timeline', settings, width: Math.max(LEAST_WIDTH, width) },
      (answer) => {
        if (answer.kind === 'timeline') notify({ settings, drawing: answer.drawing });
        else if (answer.kind === 'failure') notify({ settings, failure: answer.message });
      },
    );
  }
}

/** The picture of what each core did, and its verdict. A refused run is drawn, and said to be refused. */
export function timelineFigure({ settings, drawing, failure }: Timeline): HTMLElement {
  const whole = document.createElement('div');
  const points = drawing === undefined ? [] : [drawing.point];
  whole.append(verdictLine({ settings, points, done: true, ...(failure === undefined ? {} : { failure }) }));
  if (drawing === undefined) return whole;
  const picture = document.createElement('div');
  picture.className = 'timeline';
  picture.innerHTML = drawing.svg;
  const caption =
    'Simulated: a row a virtual core, from left to right in virtual time. Lines link the attempts at one transaction. ' +
    'Point at an attempt to see whose it is and what became of it.';
  whole.append(figure('timeline', picture, caption));
  return whole;
}

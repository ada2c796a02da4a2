/** Sweeps over numbers of cores as the page shows them: each as far as it is, beside the last one that ended. */
import type { Entry, Point, Settings } from './protocol.ts';
import { Simulator } from './simulator.ts';

/** How far a sweep is. */
export interface Sweep {
  readonly settings: Settings;
  readonly points: readonly Point[];
  readonly done: boolean;
  /** What went wrong, in one line; then it is done. */
  readonly failure?: string;
}

export interface Progress extends Sweep {
  /** The last sweep before it that came to its end. */
  readonly before: Sweep | undefined;
}

export class Sweeps {
  readonly #simulator = new Simulator();
  #ended: Sweep | undefined;

  /** What there is to choose from. */
  catalogue(): Promise<readonly Entry[]> {
    return this.#simulator.catalogue();
  }

  /**
   * @param notify told of the progress: at once, with each point, and at the end
   * @returns ends the sweep
   */
  start(settings: Settings, notify: (progress: Progress) => void): () => void {
    const before = this.#ended;
    let sweep: Sweep = { settings, points: [], done: false };
    const tell = (change: Partial<Sweep>): void => {
      sweep = { ...sweep, ...change };
      if (sweep.done && sweep.failure === undefined) this.#ended = sweep;
      notify({ ...sweep, before });
    };
    tell({});
    return this.#simulator.order({ kind: 'sweep', settings }, (answer) => {
      if (answer.kind === 'point') tell({ points: [...sweep.points, answer.point] });
      else if (answer.kind === 'failure') tell({ done: true, failure: answer.message });
      else tell({ done: true });
    });
  }
}

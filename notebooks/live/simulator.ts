/** The page's end of its worker: one sweep at a time, reported as it goes; a new one ends the one before. */
import type { Answer, Entry, Order, Point, Settings } from './protocol.ts';
import SimulationWorker from './worker.ts?worker&inline';

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

/** A control that is being dragged changes more often than this; only where it rests is simulated. */
const REST_MS = 60;

export class Simulator {
  #worker = new SimulationWorker();
  #ended: Sweep | undefined;

  /** What there is to choose from. To be asked before any sweep. */
  catalogue(): Promise<readonly Entry[]> {
    return new Promise((resolve, reject) => {
      this.#worker.onmessage = ({ data }: MessageEvent<Answer>) => {
        if (data.kind === 'catalogue') resolve(data.algorithms);
        else reject(new Error(data.kind === 'failure' ? data.message : `not the catalogue: ${data.kind}`));
      };
      this.#worker.onerror = ({ message }) => reject(new Error(message));
      this.#worker.postMessage({ kind: 'catalogue' } satisfies Order);
    });
  }

  /**
   * @param notify told of the progress: at once, with each point, and at the end
   * @returns ends the sweep
   */
  sweep(settings: Settings, notify: (progress: Progress) => void): () => void {
    const before = this.#ended;
    let sweep: Sweep = { settings, points: [], done: false };
    const tell = (change: Partial<Sweep>): void => {
      sweep = { ...sweep, ...change };
      if (sweep.done && sweep.failure === undefined) this.#ended = sweep;
      notify({ ...sweep, before });
    };
    tell({});
    let started = false;
    const start = setTimeout(() => {
      started = true;
      this.#worker.onmessage = ({ data }: MessageEvent<Answer>) => {
        if (data.kind === 'point') tell({ points: [...sweep.points, data.point] });
        else if (data.kind === 'end') tell({ done: true });
        else if (data.kind === 'failure') tell({ done: true, failure: data.message });
      };
      this.#worker.onerror = ({ message }) => tell({ done: true, failure: message });
      this.#worker.postMessage({ kind: 'sweep', settings } satisfies Order);
    }, REST_MS);
    return () => {
      clearTimeout(start);
      if (!started || sweep.done) return;
      this.#worker.terminate();
      this.#worker = new SimulationWorker();
    };
  }
}

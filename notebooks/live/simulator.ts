/** The page's end of a worker: one order at a time; a new one ends the one before. */
import type { Answer, Entry, Order } from './protocol.ts';
import SimulationWorker from './worker.ts?worker&inline';

/** A control that is being dragged changes more often than this; only where it rests is simulated. */
const REST_MS = 60;

export class Simulator {
  #worker = new SimulationWorker();

  /**
   * @param listen told each answer; none follows an end, a catalogue, a timeline or a failure
   * @returns ends the order
   */
  order(order: Order, listen: (answer: Answer) => void): () => void {
    let state: 'waiting' | 'running' | 'done' = 'waiting';
    const hear = (answer: Answer): void => {
      if (answer.kind !== 'point') state = 'done';
      listen(answer);
    };
    const start = setTimeout(() => {
      state = 'running';
      this.#worker.onmessage = ({ data }: MessageEvent<Answer>) => hear(data);
      this.#worker.onerror = ({ message }) => hear({ kind: 'failure', message });
      this.#worker.postMessage(order);
    }, REST_MS);
    return () => {
      clearTimeout(start);
      if (state !== 'running') return;
      this.#worker.terminate();
      this.#worker = new SimulationWorker();
    };
  }

  /** What there is to choose from. */
  catalogue(): Promise<readonly Entry[]> {
    return new Promise((resolve, reject) => {
      this.order({ kind: 'catalogue' }, (answer) => {
        if (answer.kind === 'catalogue') resolve(answer.algorithms);
        else
          reject(new Error(answer.kind === 'failure' ? answer.message : `not the catalogue: ${answer.kind}`));
      });
    });
  }
}

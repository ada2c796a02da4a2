/**
 * The page's end of a worker that simulates: one order at a time; a new one ends the one before.
 *
 * A worker that has just started runs code that its engine has not seen yet, several times slower. So a stale order ends
 * between two of its trials, in the same worker; only one that is amid a long trial, and hears nothing, is given up for
 * another that stands ready.
 */
import type { Answer, Numbered, Order } from './protocol.ts';

/** What is used of a Worker. */
export interface Workers {
  onmessage: ((event: MessageEvent<Numbered<Answer>>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  postMessage(order: Numbered<Order>): void;
  terminate(): void;
}

/** A control that is being dragged changes more often than this; only where it rests is simulated. */
const REST_MS = 40;
/** For a worker to say that it has begun, before it is given up. */
const PATIENCE_MS = 150;

export class Orders {
  readonly #make: () => Workers;
  #worker: Workers;
  #spare: Workers | undefined;
  #number = 0;
  /** Whether an order is under way, or stale and perhaps amid a trial. */
  #isBusy = false;

  constructor(make: () => Workers) {
    this.#make = make;
    this.#worker = make();
  }

  /**
   * @param listen told each answer; none follows an end, a catalogue, a timeline or a failure
   * @returns ends the order
   */
  give(order: Order, listen: (answer: Answer) => void): () => void {
    this.#number++;
    const numbered = { ...order, number: this.#number };
    let patience: ReturnType<typeof setTimeout> | undefined;
    const hear = ({ number, ...answer }: Numbered<Answer>): void => {
      if (number !== numbered.number) return;
      clearTimeout(patience);
      if (answer.kind === 'begun') return;
      if (answer.kind !== 'point') this.#isBusy = false;
      // There is time for it now. Only sweeps take long.
      if (answer.kind === 'end') this.#spare ??= this.#make();
      listen(answer);
    };
    const post = (): void => {
      this.#worker.onmessage = ({ data }) => hear(data);
      this.#worker.onerror = ({ message }) => hear({ kind: 'failure', message, number: numbered.number });
      this.#worker.postMessage(numbered);
    };
    const start = setTimeout(() => {
      if (this.#isBusy) {
        patience = setTimeout(() => {
          this.#replace();
          post();
        }, PATIENCE_MS);
      }
      this.#isBusy = true;
      post();
    }, REST_MS);
    return () => {
      clearTimeout(start);
      clearTimeout(patience);
      this.#worker.onmessage = null;
    };
  }

  /** The worker is amid a trial that nobody waits for. */
  #replace(): void {
    this.#worker.terminate();
    this.#worker = this.#spare ?? this.#make();
    this.#spare = undefined;
  }
}

/**
 * The page's end of a worker that simulates: one order at a time; a new one ends the one before.
 *
 * A worker that has just started runs code that its engine has not seen yet, several times slower. So a stale order ends
 * between two of its trials, in the same worker; only one that is amid a long trial, and hears nothing, is given up for
 * another that stands ready.
 */
import type { Answer, Numbered, Order } from './protocol.ts';

/** What is used of a worker. */
export interface Ordered {
  postMessage(order: Numbered<Order>): void;
  terminate(): void;
}

/** Starts a worker, whose answers go to `hear`, and what goes wrong with it, in one line, to `fail`. */
export type Start = (hear: (answer: Numbered<Answer>) => void, fail: (message: string) => void) => Ordered;

/** A control that is being dragged changes more often than this; only where it rests is simulated. */
const REST_MS = 40;
/** For a worker to say that it has begun, before it is given up. */
const PATIENCE_MS = 150;

export class Orders {
  readonly #start: Start;
  #worker: Ordered;
  #spare: Ordered | undefined;
  #number = 0;
  /** Whether an order is under way, or stale and perhaps amid a trial. */
  #isBusy = false;
  #hear: (answer: Answer) => void = () => {};
  #patience: ReturnType<typeof setTimeout> | undefined;

  constructor(start: Start) {
    this.#start = start;
    this.#worker = this.#started();
  }

  /**
   * @param listen told each answer; none follows an end, a catalogue, a timeline or a failure
   * @returns ends the order
   */
  give(order: Order, listen: (answer: Answer) => void): () => void {
    this.#number++;
    const numbered = { ...order, number: this.#number };
    const rest = setTimeout(() => {
      this.#hear = listen;
      if (this.#isBusy) {
        this.#patience = setTimeout(() => {
          this.#replace();
          this.#worker.postMessage(numbered);
        }, PATIENCE_MS);
      }
      this.#isBusy = true;
      this.#worker.postMessage(numbered);
    }, REST_MS);
    return () => {
      clearTimeout(rest);
      clearTimeout(this.#patience);
      this.#hear = () => {};
    };
  }

  #started(): Ordered {
    return this.#start(
      (answer) => this.#answered(answer),
      (message) => this.#answered({ kind: 'failure', message, number: this.#number }),
    );
  }

  #answered({ number, ...answer }: Numbered<Answer>): void {
    if (number !== this.#number) return;
    clearTimeout(this.#patience);
    if (answer.kind === 'begun') return;
    if (answer.kind !== 'point') this.#isBusy = false;
    // There is time for it now. Only sweeps take long.
    if (answer.kind === 'end') this.#spare ??= this.#started();
    this.#hear(answer);
  }

  /** The worker is amid a trial that nobody waits for. */
  #replace(): void {
    this.#worker.terminate();
    this.#worker = this.#spare ?? this.#started();
    this.#spare = undefined;
  }
}

/** The simulated machine as the page has it: orders to a worker in which it runs. */
import { Orders } from './orders.ts';
import type { Answer, Entry, Numbered, Order } from './protocol.ts';
import SimulationWorker from './worker.ts?worker&inline';

export class Simulator {
  readonly #orders = new Orders((hear, fail) => {
    const worker = new SimulationWorker();
    worker.onmessage = ({ data }: MessageEvent<Numbered<Answer>>) => hear(data);
    worker.onerror = ({ message }) => fail(message);
    return worker;
  });

  /** As Orders.give. */
  order(order: Order, listen: (answer: Answer) => void): () => void {
    return this.#orders.give(order, listen);
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

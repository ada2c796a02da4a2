/** The worker's end: simulates away from the page, so that the page stays responsive. */
import type { Answer, Numbered, Order } from './protocol.ts';
import { catalogue, sweep, timeline } from './simulation.ts';

/** The latest order; any other is stale. */
let latest = 0;

self.onmessage = async ({ data: { number, ...order } }: MessageEvent<Numbered<Order>>) => {
  const answer = (message: Answer): void => self.postMessage({ ...message, number });
  latest = number;
  answer({ kind: 'begun' });
  try {
    if (order.kind === 'catalogue') answer({ kind: 'catalogue', algorithms: await catalogue() });
    else if (order.kind === 'timeline') answer({ kind: 'timeline', drawing: await timeline(order) });
    else {
      for await (const point of sweep(order.settings)) {
        answer({ kind: 'point', point });
        await messages();
        if (latest !== number) return;
      }
      answer({ kind: 'end' });
    }
  } catch (error) {
    answer({ kind: 'failure', message: error instanceof Error ? error.message : String(error) });
  }
};

/** Lets the worker hear what has been said to it meanwhile. */
function messages(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

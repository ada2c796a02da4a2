/** The worker's end: simulates away from the page, so that the page stays responsive. */
import type { Answer, Order } from './protocol.ts';
import { catalogue, sweep, timeline } from './simulation.ts';

const answer = (message: Answer): void => self.postMessage(message);

self.onmessage = async ({ data }: MessageEvent<Order>) => {
  try {
    if (data.kind === 'catalogue') answer({ kind: 'catalogue', algorithms: await catalogue() });
    else if (data.kind === 'timeline') answer({ kind: 'timeline', drawing: await timeline(data) });
    else {
      for await (const point of sweep(data.settings)) answer({ kind: 'point', point });
      answer({ kind: 'end' });
    }
  } catch (error) {
    answer({ kind: 'failure', message: error instanceof Error ? error.message : String(error) });
  }
};

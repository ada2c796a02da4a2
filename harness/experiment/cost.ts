/** What a trial may cost of the host's time: a guess before anything has run, by which shards are dealt. */
import type { Configuration } from './configuration.ts';
import type { Work } from './work.ts';

/** Of a simulated transaction on one core, and again for each doubling of the cores that contend. */
const TRANSACTION_MS = 0.02;
/** On real threads: start of workers and warm-up, then a repetition with its verification. */
const WARM_UP_MS = 2500;
const REPETITION_MS = 100;

/** In milliseconds of one host core. */
export function costOf({ configuration, repetitions }: Work): number {
  return preparation(configuration) + repetitions.length * trialCost(configuration);
}

/** What one trial costs once all is warm. */
export function trialCost({ cores, model, transactions }: Configuration): number {
  if (model === undefined) return REPETITION_MS + transactions * TRANSACTION_MS;
  return transactions * TRANSACTION_MS * (1 + Math.log2(cores));
}

function preparation({ model }: Configuration): number {
  return model === undefined ? WARM_UP_MS : 0;
}

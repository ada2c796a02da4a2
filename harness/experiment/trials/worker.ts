/** The worker of a pool that runs simulated trials: one at a time, as the main thread would. */
import { beatIn } from '../../machine/simulated/pulse.ts';
import { installResolver } from '../../machine/threads/hooks.ts';
import { type Configuration, configure, type Request } from '../configuration.ts';
import type { Trial } from '../trial.ts';
import { blockIdentity } from './block.ts';
import { type PreparedBlock, prepareBlock, simulatedTrial } from './simulated.ts';

/** A trial as it can be sent: without what only code can be, and without the serial order, which is long. */
export type SentTrial = Omit<Trial, 'configuration'>;

// A user's file imports the contracts by the package's name, wherever it lies.
installResolver();

/** The last block: what comes next mostly has the same. */
let prepared: { readonly identity: string; readonly block: PreparedBlock } | undefined;

export interface Task {
  readonly request: Request;
  /** Where the main thread sees that it gets on. */
  readonly pulse: Int32Array;
}

/** @param task nothing: only be there */
export default async function perform(task: Task | null): Promise<SentTrial | undefined> {
  if (task === null) return undefined;
  const { request, pulse } = task;
  beatIn(pulse);
  const configured = await configure(request);
  const { configuration: _, verdict, ...trial } = simulatedTrial(configured, blockOf(configured));
  return {
    ...trial,
    verdict: verdict.verdict === 'valid' ? { ...verdict, order: new Int32Array() } : verdict,
  };
}

function blockOf(configuration: Configuration): PreparedBlock {
  const identity = blockIdentity(configuration);
  if (prepared?.identity !== identity) prepared = { identity, block: prepareBlock(configuration) };
  return prepared.block;
}

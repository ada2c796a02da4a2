/**
 * The worker of one core, for piscina; entry.js loads it. All that runs in a trial is imported once the hooks
 * erase coroutines, hence dynamically.
 */
import { inspect } from 'node:util';
import { workerData } from 'node:worker_threads';
import { installHooks, type Sources } from './hooks.ts';
import type { CoreResult, Trial, TrialSetup } from './trial.ts';

/** What a worker is given at its start. */
export interface WorkerSetup {
  /** Of modules that an earlier worker of this process has loaded. */
  readonly sources: Sources;
}

/** What a worker is asked: to load the code of a session, or to be a core of a run. */
export type Task =
  | { readonly core: number; readonly setup: TrialSetup }
  | { readonly core: number; readonly repetition: number };

/** What a task threw, as it can be sent. */
export interface Failure {
  readonly message: string;
  readonly stack: string;
}

export interface Answer {
  readonly result?: CoreResult;
  readonly failure?: Failure;
  /** Once the code is loaded: modules that nobody had loaded before. */
  readonly sources?: Sources;
}

const fresh = installHooks((workerData as WorkerSetup).sources);
let trial: Trial | undefined;

export default async function perform(task: Task): Promise<Answer> {
  try {
    if ('setup' in task) return await load(task.setup);
    // Erased, it returns its result.
    return { result: (trial as Trial).run(task.core, task.repetition) as unknown as CoreResult };
  } catch (thrown) {
    return { failure: describe(thrown) };
  }
}

async function load(setup: TrialSetup): Promise<Answer> {
  const { Trial } = await import('./trial.ts');
  trial = await Trial.load(setup);
  // Or one that is ready would load for another that has not started yet.
  trial.meet();
  const sources = new Map(fresh);
  fresh.clear();
  return { sources };
}

function describe(thrown: unknown): Failure {
  if (!(thrown instanceof Error)) return { message: inspect(thrown), stack: '' };
  return { message: thrown.message, stack: thrown.stack ?? '' };
}

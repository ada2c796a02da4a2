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
  readonly trial: TrialSetup;
  /** Of modules that an earlier worker of this process has loaded. */
  readonly sources: Sources;
}

/** What a worker is asked: to load its code, or to be a core of a run. */
export interface Task {
  readonly core: number;
  /** Absent: only load. */
  readonly repetition?: number;
}

/** What a task threw, as it can be sent. */
export interface Failure {
  readonly message: string;
  readonly stack: string;
}

export interface Answer {
  readonly result?: CoreResult;
  readonly failure?: Failure;
  /** Once its code is loaded: the modules that nobody had loaded before. */
  readonly sources?: Sources;
}

const setup = workerData as WorkerSetup;
const fresh = installHooks(setup.sources);
let trial: Trial | undefined;

export default async function perform({ core, repetition }: Task): Promise<Answer> {
  try {
    trial ??= await load();
    if (repetition === undefined) return { sources: fresh };
    // Erased, it returns its result.
    return { result: trial.run(core, repetition) as unknown as CoreResult };
  } catch (thrown) {
    return { failure: describe(thrown) };
  }
}

async function load(): Promise<Trial> {
  const { Trial } = await import('./trial.ts');
  return Trial.load(setup.trial);
}

function describe(thrown: unknown): Failure {
  if (!(thrown instanceof Error)) return { message: inspect(thrown), stack: '' };
  return { message: thrown.message, stack: thrown.stack ?? '' };
}

/** The worker of one core, for piscina. entry.js loads it, as all that it imports, without coroutines. */
import { inspect } from 'node:util';
import { installResolverForCores } from './hooks.ts';
import type { CoreResult, Trial, TrialSetup } from './trial.ts';

/** What a worker is asked: to load the code of a session, or to be a core of a run. */
export type Task =
  | { readonly core: number; readonly setup: TrialSetup }
  | { readonly core: number; readonly repetition: number; readonly rehearsal: boolean };

/** What a task threw, as it can be sent. */
export interface Failure {
  readonly message: string;
  readonly stack: string;
}

export interface Answer {
  readonly result?: CoreResult;
  readonly failure?: Failure;
}

installResolverForCores();
let trial: Trial | undefined;

export default async function perform(task: Task): Promise<Answer> {
  try {
    if ('setup' in task) return await load(task.setup);
    // Erased, it returns its result.
    return {
      result: (trial as Trial).run(task.core, task.repetition, task.rehearsal) as unknown as CoreResult,
    };
  } catch (thrown) {
    return { failure: describe(thrown) };
  }
}

async function load(setup: TrialSetup): Promise<Answer> {
  // Not before the resolver is there.
  const { Trial } = await import('./trial.ts');
  trial = await Trial.load(setup);
  // Or one that is ready would load for another that has not started yet.
  trial.meet();
  return {};
}

function describe(thrown: unknown): Failure {
  if (!(thrown instanceof Error)) return { message: inspect(thrown), stack: '' };
  return { message: thrown.message, stack: thrown.stack ?? '' };
}

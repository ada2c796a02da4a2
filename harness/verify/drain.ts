/**
 * Runs a computation that has no reason to pause. Serial code uses the coroutines of procedures with a view
 * whose accesses are immediate, so the first step is already the last one.
 */
import type { Steps } from '../machine/machine.ts';

/** The result of a computation that never pauses. One that does is a fault of who wrote it, and an error. */
export function drain<T>(steps: Steps<T>): T {
  const step = steps[Symbol.iterator]().next();
  if (!step.done) throw new Error('it paused, though nothing here makes it wait: is there a bare yield?');
  return step.value;
}

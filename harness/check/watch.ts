/** A job whose attempts are overheard as they begin, are given up and commit, in that order on whatever machine. */
import type { Algorithm, Instance } from '../../algorithms/algorithm.ts';
import type { Job, Loaded } from '../machine/job.ts';
import type { Core } from '../machine/machine.ts';

/** Told before the core itself is. */
export interface Watcher {
  begin?(transaction: number, core: number): void;
  abort?(transaction: number, cause: string): void;
  commit?(transaction: number): void;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export function watched(job: Job, watcher: Watcher): Job {
  const { declaration } = job.algorithm;
  const algorithm: Loaded<Algorithm> = {
    ...job.algorithm,
    declaration: { ...declaration, create: (context) => overheard(declaration.create(context), watcher) },
  };
  return { ...job, algorithm };
}

function overheard(instance: Instance, watcher: Watcher): Instance {
  return {
    load: () => instance.load(),
    state: (key) => instance.state(key),
    run(core) {
      overhear(core, watcher);
      return instance.run(core);
    },
  };
}

function overhear(core: Mutable<Core>, watcher: Watcher): void {
  const { begin, abort, commit } = core;
  let latest = 0;
  core.begin = (transaction) => {
    latest = transaction;
    watcher.begin?.(transaction, core.id);
    begin.call(core, transaction);
  };
  core.abort = (cause, transaction) => {
    watcher.abort?.(transaction ?? latest, cause);
    abort.call(core, cause, transaction);
  };
  core.commit = (transaction, point) => {
    watcher.commit?.(transaction);
    commit.call(core, transaction, point);
  };
}

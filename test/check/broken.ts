/** Algorithms with faults for the conformance suite to find: a sound one, changed from outside. */
import type { Algorithm, Context, Core, Instance } from '../../algorithms/algorithm.ts';
import sequential from '../../algorithms/sequential.ts';
import uncontrolled from '../../algorithms/uncontrolled.ts';
import type { Loaded } from '../../harness/machine/job.ts';

export function loaded(changes: object, from: object = sequential): Loaded<Algorithm> {
  return { reference: 'broken', declaration: { ...from, ...changes } as unknown as Algorithm };
}

/** `meddle` may do anything with a core before the algorithm runs on it. */
function meddled(meddle: (core: Core) => void, changes: object = {}): Loaded<Algorithm> {
  const create = (context: Context<never>): Instance => {
    const instance = sequential.create(context);
    return {
      load: () => instance.load(),
      state: (key) => instance.state(key),
      run(core) {
        meddle(core);
        return instance.run(core);
      },
    };
  };
  return loaded({ create, ...changes });
}

/** Promises what it does not keep. */
export const liar = loaded({ guarantee: 'serializable' }, uncontrolled);

/** Promises nothing, and keeps everything. */
export const modest = meddled(
  (core) => {
    const commit = core.commit.bind(core);
    Object.assign(core, { commit: (t: number) => commit(t, t) });
  },
  { guarantee: 'none', witness: 'points' },
);

let runs = 0;
/** Takes longer every other time. */
export const moody = meddled((core) => core.work(core.id === 0 ? (runs++ % 2) * 1000 : 0));

/** Computes without taking time for it. */
export const miracle = meddled((core) => Object.assign(core, { work: () => {} }));

/** Gives up attempts that it never began. */
export const idler = meddled((core) => core.abort('whim'), { aborts: ['whim'] });

/** Counts a cause that it does not declare. */
export const undeclared = meddled((core) => core.abort('whim'));

/** Waits for somebody who never comes. */
export const sleeper = loaded({
  create: (context: Context<never>): Instance => {
    const instance = sequential.create(context);
    const bell = context.memory.words('bell', 1);
    return {
      load: () => instance.load(),
      state: (key) => instance.state(key),
      *run(core) {
        yield* instance.run(core);
        yield* bell.waitWhile(0, 0);
      },
    };
  },
});

/** Faults put into occ.ts. */
import type { Mutant } from './mutant.ts';

const of = 'occ';
const file = 'algorithms/occ.ts';

const anomalies = ['G2', 'G-single', 'G1c', 'G0', 'read', 'state'];

export const mutants: Mutant[] = [
  {
    of,
    file,
    what: 'as DBx1000 would with a batch: the start timestamp against wts is all the validation (D1)',
    find: `      const version = yield* rows.version.load(keys[latched]);
      valid = values[latched] === UNREAD || values[latched] === version;
`,
    replace: `      valid = values[latched] === UNREAD || (yield* rows.wts.load(keys[latched])) <= this.#start;
`,
    expect: anomalies,
    options: { timestamps: 'batched', batch: 4 },
  },
  {
    of,
    file,
    what: 'latches and validates only what it writes',
    find: `      valid = values[latched] === UNREAD || values[latched] === version;
`,
    replace: `      valid =
        this.#writes.find(keys[latched]) < 0 || values[latched] === UNREAD || values[latched] === version;
`,
    expect: ['G2', 'G-single', 'G1c'],
  },
  {
    of,
    file,
    what: 'releases each row as soon as it is found unchanged',
    find: `      latched++;
    }
`,
    replace: `      yield* latches.release(keys[latched], id, latched);
      latched++;
    }
    for (let i = 0; i < latched; i++) yield* latches.acquire(keys[i], id, i);
`,
    expect: anomalies,
  },
  {
    of,
    file,
    what: 'copies the value before the row is latched, and takes the version that is there afterwards (I1)',
    find: `    yield* latches.acquire(key, this.#core.id, 0);
    const late = (yield* rows.wts.load(key)) > this.#start;
    this.#core.work(this.#copy);
    const version = yield* rows.version.load(key);
    const value = yield* rows.value.load(key);
`,
    replace: `    const value = yield* rows.value.load(key);
    yield* latches.acquire(key, this.#core.id, 0);
    const late = (yield* rows.wts.load(key)) > this.#start;
    this.#core.work(this.#copy);
    const version = yield* rows.version.load(key);
`,
    expect: anomalies,
  },
  {
    of,
    file,
    what: 'copies the value after the latch: then validation finds the version changed, and nothing is lost',
    find: `    const value = yield* rows.value.load(key);
    yield* latches.release(key, this.#core.id, 0);
`,
    replace: `    yield* latches.release(key, this.#core.id, 0);
    const value = yield* rows.value.load(key);
`,
    expect: [],
  },
  {
    of,
    file,
    what: 'latches in the order of accesses, so that two may wait for each other',
    find: `    this.#touched.sort(); // or two that validate could wait for each other
`,
    replace: '',
    expect: ['DeadlockError'],
  },
];

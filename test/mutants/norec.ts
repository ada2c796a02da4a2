/** Faults of NOrec: torn snapshots, and the two ends of the sequence lock. */
import type { Mutant } from './mutant.ts';

const norec = { of: 'norec', file: 'algorithms/norec.ts' };
const TORN = ['read', 'outcome', 'state'];

export const mutants: Mutant[] = [
  {
    ...norec,
    what: 'reads are validated at commit only',
    find: 'while ((yield* this.#clock.load(0)) !== this.#snapshot) {',
    replace: 'while (this.#snapshot < 0) {',
    expect: TORN,
  },
  {
    ...norec,
    what: 'a value read while the clock moved is not read again',
    find: 'throw ABORT;\n      value = yield* this.#data.load(key);',
    replace: 'throw ABORT;',
    expect: TORN,
  },
  {
    ...norec,
    what: 'a snapshot is extended without validation',
    find: 'if (!(yield* this.#validate())) throw ABORT;',
    replace: 'this.#snapshot = yield* this.#evenClock();',
    expect: TORN,
  },
  {
    ...norec,
    what: 'a snapshot is dated after its validation, not before',
    find: `      if ((yield* this.#clock.load(0)) === time) {
        this.#snapshot = time;
        return true;
      }`,
    replace: `      this.#snapshot = yield* this.#evenClock();
      return time >= 0;`,
    expect: TORN,
  },
  {
    ...norec,
    what: 'a writer that finds the clock moved takes it without validation',
    find: 'if (!(yield* this.#validate())) return false;',
    replace: 'this.#snapshot = yield* this.#evenClock();',
    expect: TORN,
  },
  {
    ...norec,
    what: 'the lock is released before the values are written back',
    find: `    for (let i = 0; i < size; i++) yield* this.#data.store(keys[i], values[i]);
    this.#snapshot += 2;
    // After the values (I1).
    yield* this.#clock.store(0, this.#snapshot);
    yield* this.#clock.wake(0);`,
    replace: `    this.#snapshot += 2;
    yield* this.#clock.store(0, this.#snapshot);
    yield* this.#clock.wake(0);
    for (let i = 0; i < size; i++) yield* this.#data.store(keys[i], values[i]);`,
    expect: TORN,
  },
  {
    ...norec,
    what: 'the lock is not taken: a writer only moves the clock when it is done',
    find: 'while ((yield* this.#clock.compareExchange(0, this.#snapshot, this.#snapshot + 1)) !== this.#snapshot) {',
    replace: 'while ((yield* this.#clock.load(0)) !== this.#snapshot) {',
    expect: TORN,
  },
  {
    ...norec,
    what: 'a transaction that only reads has the point of the writer before it',
    find: 'this.#snapshot + 0.5',
    replace: 'this.#snapshot',
    expect: TORN,
  },
  {
    ...norec,
    what: 'a transaction that only reads has a point after the next writer',
    find: 'this.#snapshot + 0.5',
    replace: 'this.#snapshot + 2.5',
    expect: TORN,
  },
  {
    ...norec,
    what: 'validation leaves it to its caller to see that the clock moved meanwhile, which sees it anyway',
    find: 'if ((yield* this.#clock.load(0)) === time) {',
    replace: '{',
    expect: [],
  },
  {
    ...norec,
    what: 'nobody is woken when the lock is released',
    find: '    yield* this.#clock.wake(0);\n',
    replace: '',
    expect: ['deadlock'],
  },
];

/** Faults put into bohm. */
import type { Mutant } from './mutant.ts';

const of = 'bohm';
const bohm = 'algorithms/bohm/bohm.ts';
const control = 'algorithms/bohm/concurrency-control.ts';
const executor = 'algorithms/bohm/executor.ts';

export const mutants: Mutant[] = [
  {
    of,
    file: executor,
    what: 'publishes a placeholder before its value',
    find: `        yield* value.store(w, this.#writes.values[own]);
        yield* this.#publish(w, READY);
`,
    replace: `        yield* this.#publish(w, READY);
        yield* value.store(w, this.#writes.values[own]);
`,
    expect: ['block-order'],
  },
  {
    of,
    file: bohm,
    what: 'executes while placeholders are still inserted',
    find: `        yield* this.barrier.meet(); // before any execution: I2
`,
    replace: '',
    expect: ['block-order', 'DeadlockError', 'RangeError'],
  },
  {
    of,
    file: control,
    what: 'CC cores say that a batch is built before it is',
    find: `      while (t < end) yield* this.#insert(t++);
      yield* built.store(this.#partition, ++batches); // after all of the batch is inserted: I2
`,
    replace: `      yield* built.store(this.#partition, ++batches);
      while (t < end) yield* this.#insert(t++);
`,
    expect: ['block-order', 'DeadlockError', 'RangeError'],
    options: { ccCores: 2, batch: 4 },
  },
  {
    of,
    file: executor,
    what: 'fills what a transaction does not write with the initial value',
    find: `        yield* value.store(w, yield* this.#valueOf(before, keys[w]));
`,
    replace: `        yield* value.store(w, yield* this.#bohm.storage.load(keys[w]));
`,
    expect: ['block-order'],
    options: { sets: 'declared' },
  },
  {
    of,
    file: executor,
    what: 'copies the value before without waiting for it',
    find: `before !== INITIAL && (yield* this.#await(before - 1)) === VOID`,
    replace: `before !== INITIAL && (yield* this.#bohm.versions.state.load(before - 1)) === VOID`,
    expect: ['block-order'],
    options: { sets: 'declared', unready: 'wait' },
  },
  {
    of,
    file: executor,
    what: 'installs what a reverted transaction wrote',
    find: `    if (outcome === REVERTED) this.#writes.clear();
`,
    replace: '',
    expect: ['block-order'],
    options: { sets: 'declared' },
  },
  {
    of,
    file: executor,
    what: 'wakes nobody who waits for a version',
    find: `    yield* this.#bohm.versions.state.wake(version);
`,
    replace: '',
    expect: ['DeadlockError'],
  },
  {
    of,
    file: executor,
    what: 'executes a writer for a reader without claiming it',
    find: `      if (yield* this.#claim(writer)) {`,
    replace: `      if ((yield* this.#bohm.claimed.load(writer)) === 0) {`,
    expect: [],
  },
];

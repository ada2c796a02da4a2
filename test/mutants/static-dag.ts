/** Faults put into static-dag. */
import type { Mutant } from './mutant.ts';

const of = 'static-dag';
const conflicts = 'algorithms/static-dag/conflicts.ts';
const graph = 'algorithms/static-dag/graph.ts';
const ready = 'algorithms/static-dag/ready.ts';
const schedules = 'algorithms/static-dag/schedules.ts';

export const mutants: Mutant[] = [
  {
    of,
    file: conflicts,
    what: 'forgets readers, so that a writer waits for the last writer only',
    find: `    this.#reader[place] = ++this.#readers;
`,
    replace: '',
    expect: ['block-order'],
  },
  {
    of,
    file: conflicts,
    what: 'forgets that a writer waits for the last writer, where nobody has read in between',
    find: `this.#add(t, this.#writer[place] - 1, 2 * reads + slot);`,
    replace: ';',
    expect: ['block-order'],
  },
  {
    of,
    file: schedules,
    what: 'counts edges down before the writes are installed',
    find: `    for (let t = yield* this.#ready.take(); t >= 0; t = yield* this.#ready.take()) {
      yield* executor.perform(t);
      yield* this.#graph.release(t, this.#ready); // after its writes are installed: S1
`,
    replace: `    for (let t = yield* this.#ready.take(); t >= 0; t = yield* this.#ready.take()) {
      yield* this.#graph.release(t, this.#ready);
      yield* executor.perform(t);
`,
    expect: ['block-order'],
  },
  {
    of,
    file: schedules,
    what: 'begins a level before the one below has ended',
    find: `      yield* this.barrier.meet(); // the next level may wait for any of this one
`,
    replace: '',
    expect: ['block-order', 'incomplete'],
    options: { schedule: 'levels' },
  },
  {
    of,
    file: graph,
    what: 'counts edges up by load and store, while other partitions do the same',
    find: `yield* waits.add(t, conflicts.size);`,
    replace: `yield* waits.store(t, (yield* waits.load(t)) + conflicts.size);`,
    expect: ['block-order', 'incomplete', 'RangeError', 'DeadlockError'],
  },
  {
    of,
    file: graph,
    what: 'links an edge by load and store, so that one of two is lost',
    find: `      if ((yield* first.compareExchange(before, seen, edge + 1)) === seen) return;
`,
    replace: `      yield* first.store(before, edge + 1);
      return;
`,
    expect: ['DeadlockError'],
  },
  {
    of,
    file: ready,
    what: 'wakes nobody who waits for a ready transaction',
    find: `    yield* this.#places.wake(place);
`,
    replace: '',
    expect: ['DeadlockError'],
  },
  {
    of,
    file: ready,
    what: 'takes a rank by load and store, so that two take the same',
    find: `      if ((yield* ready.compareExchange(word, bits, bits & ~bit)) !== bits) continue;
`,
    replace: `      yield* ready.store(word, bits & ~bit);
`,
    expect: ['block-order', 'incomplete', 'RangeError', 'StepLimitError', 'DeadlockError'],
    options: { schedule: 'critical-path' },
  },
];

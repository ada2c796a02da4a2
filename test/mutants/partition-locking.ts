/** Faults put into partition-locking.ts. */
import type { Mutant } from './mutant.ts';

const of = 'partition-locking';
const file = 'algorithms/partition-locking.ts';

const anomalies = ['read', 'outcome', 'state'];
/** Few keys are of few lines, so that random cases need partitions of whole tables and of parts. */
const options = { partitions: 2 };

export const mutants: Mutant[] = [
  {
    of,
    file,
    what: 'declares only its reads: blind writes go unlocked',
    find: `    this.#add(this.#declaredWrites, t);
`,
    replace: '',
    expect: ['[I1]'],
    options,
  },
  {
    of,
    file,
    what: 'leaves before it has written',
    find: `    if (outcome !== REVERTED) yield* this.#install();
    yield* this.#unlock(point);
`,
    replace: `    yield* this.#unlock(point);
    if (outcome !== REVERTED) yield* this.#install();
`,
    expect: anomalies,
    options,
  },
  {
    of,
    file,
    what: 'locks partitions in the order of accesses, so that two may wait for each other',
    find: `    this.#needed.sort();
`,
    replace: `    const { keys, size } = this.#needed;
    if (t % 2 === 0) keys.subarray(0, size).reverse();
`,
    expect: ['DeadlockError'],
    options,
  },
  {
    of,
    file,
    what: 'the point of a transaction is larger than the clock of its last partition only (I2)',
    find: `      latest = Math.max(latest, yield* partitions.clock.load(keys[i]));
`,
    replace: `      latest = yield* partitions.clock.load(keys[i]);
`,
    expect: anomalies,
    options,
  },
];

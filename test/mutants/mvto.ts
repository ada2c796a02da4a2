/** Faults put into mvto.ts. What it shares with timestamp-ordering is attacked there. */
import type { Mutant } from './mutant.ts';

const of = 'mvto';
const file = 'algorithms/mvto.ts';

const anomalies = ['read', 'outcome', 'state'];

export const mutants: Mutant[] = [
  {
    of,
    file,
    what: 'a write is not refused though a later transaction has read what it overwrites (I3)',
    find: `    if (writes && (yield* this.#rts(key)) > this.stamp) return TOO_LATE; // I3
`,
    replace: '',
    expect: anomalies,
  },
  {
    of,
    file,
    what: 'a read does not wait for the write that is pending before it (I2)',
    find: `    return writes || pending > this.#wts ? WAITS : GRANTED; // I2
`,
    replace: `    return writes ? WAITS : GRANTED;
`,
    expect: anomalies,
  },
  {
    of,
    file,
    what: 'reads the latest version instead of the one of its time',
    find: `      if (this.#wts <= this.stamp) break;
`,
    replace: `      break;
`,
    expect: anomalies,
  },
  {
    of,
    file,
    what: 'a version goes to the head, wherever its place is (I1)',
    find: `    if (this.#later === INITIAL) yield* this.#rows.head.store(key, entry + 1);
    else yield* previous.store(this.#later - 1, entry + 1);
`,
    replace: `    yield* this.#rows.head.store(key, entry + 1);
`,
    expect: anomalies,
  },
  {
    of,
    file,
    what: 'a read of an old version leaves its timestamp on the initial one',
    find: `      if (version === INITIAL) yield* this.#rows.rts.store(key, this.stamp);
      else yield* this.#entries.rts.store(version - 1, this.stamp);
`,
    replace: `      yield* this.#rows.rts.store(key, this.stamp);
`,
    expect: anomalies,
  },
];

/** Faults put into silo.ts. */
import type { Mutant } from './mutant.ts';

const of = 'silo';
const file = 'algorithms/silo.ts';

export const mutants: Mutant[] = [
  {
    of,
    file,
    what: 'phases 1 and 2 swapped: validates before it locks, which lets two writers pass side by side',
    find: `    yield* this.#lock();
    this.#core.phase('validate');
    // Serialization point: all of W is locked, none of R is validated yet (I3).
    if (!(yield* this.#validate())) {
      yield* this.#unlock();
      return false;
    }
`,
    replace: `    if (!(yield* this.#validate())) return false;
    yield* this.#lock();
`,
    expect: ['G-single', 'G2', 'G1c', 'G0'],
  },
  {
    of,
    file,
    what: "phase 2 ignores that a record it read is locked by another (the paper's figure 3)",
    find: `      if ((word & LOCK) !== 0 && this.#W.find(keys[i]) < 0) return false;
`,
    replace: '',
    expect: ['G2', 'G-single', 'G1c'],
  },
  {
    of,
    file,
    what: 'of a key read twice, only the version read last is validated',
    find: `      this.#R.add(key, before);
`,
    replace: `      const seen = this.#R.keys.subarray(0, this.#R.size).indexOf(key);
      if (seen < 0) this.#R.add(key, before);
      else this.#R.versions[seen] = before;
`,
    expect: ['read', 'G-single'],
  },
  {
    of,
    file,
    what: 'as DBx1000: a write goes straight into the shared row, before validation',
    find: `    this.#W.put(key, value);
`,
    replace: `    this.#W.put(key, value);
    yield* this.#rows.value.store(key, value);
`,
    expect: ['read', 'outcome', 'state'],
  },
  {
    of,
    file,
    what: 'unlocks before the value is there',
    find: `      yield* value.store(keys[i], values[i]);
      // Unlocks; after the value, so that whoever sees the new TID sees the new value (I1).
      yield* tid.store(keys[i], commitTid);
`,
    replace: `      yield* tid.store(keys[i], commitTid);
      yield* value.store(keys[i], values[i]);
`,
    expect: ['read', 'outcome', 'state'],
  },
  {
    of,
    file,
    what: 'in preset order, does not wait for its turn',
    find: `      yield* turn.wait(t);
`,
    replace: '',
    expect: ['block-order', '[I4]'],
    options: { order: 'preset' },
  },
  {
    of,
    file,
    what: 'in preset order, passes the turn on before it installs',
    find: `      if (yield* this.#commit()) break;
      if (!early)`,
    replace: `      if (yield* this.#validate()) {
        yield* turn.pass(t);
        if (yield* this.#commit()) this.#core.commit(t);
        return;
      }
      if (!early)`,
    expect: ['block-order', 'incomplete', 'attempt is open', '[I4]'],
    options: { order: 'preset' },
  },
];

/** Faults put into bocc.ts. */
import type { Mutant } from './mutant.ts';

const of = 'bocc';
const file = 'algorithms/bocc/bocc.ts';
const parallel = { validation: 'parallel' };

export const mutants: Mutant[] = [
  {
    of,
    file,
    what: 'skips validation',
    find: `    const valid = yield* this.#missed(checked, finishTn);
`,
    replace: `    const valid = true;
`,
    expect: ['read', 'outcome', 'state'],
  },
  {
    of,
    file,
    what: 'counts tnc up before the write phase: who begins in between misses writes that it takes for seen',
    find: `      yield* this.#writePhase(); //                                      must precede ...
      yield* this.#number(t, finishTn); //                               ... this: I3. Serialization point.
`,
    replace: `      yield* this.#number(t, finishTn);
      yield* this.#writePhase();
`,
    expect: ['read', 'outcome', 'state'],
  },
  {
    of,
    file,
    what: 'parallel: skips validation against those that validate at the same time',
    find: ` && (yield* this.#apart(actives, entered))`,
    replace: '',
    expect: ['read', 'outcome', 'state'],
    options: parallel,
  },
  {
    of,
    file,
    what: 'parallel: witnesses the transaction number, which is not the serial order there',
    find: `    this.#point = entered;
`,
    replace: `    this.#point = yield* tnc.load(0);
`,
    expect: ['read', 'outcome', 'state'],
    options: parallel,
  },
  {
    of,
    file,
    what: 'a query takes finishTn outside the critical section',
    find: `    const parallel = context.options.validation === 'parallel';
    yield* this.#enter(); //                                             <
    const finishTn = yield* tnc.load(0);
`,
    replace: `    const parallel = context.options.validation === 'parallel';
    const finishTn = yield* tnc.load(0);
    yield* this.#enter();
`,
    expect: ['read', 'outcome', 'state'],
  },
  {
    of,
    file,
    what: 'a patient transaction takes a committed one for one that failed',
    find: `      if (stands === COMMITTED) return true;
`,
    replace: `      if (stands === COMMITTED) return false;
`,
    expect: ['read', 'outcome', 'state'],
    options: parallel,
  },
  {
    of,
    file,
    what: 'as DBx1000: a write goes straight into the shared row, before validation',
    find: `    this.#writeSet.put(key, value);
`,
    replace: `    this.#writeSet.put(key, value);
    yield* this.#shared.data.store(key, value);
`,
    expect: ['read', 'outcome', 'state'],
  },
];

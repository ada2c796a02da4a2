/** Faults put into litm.ts. */
import type { Mutant } from './mutant.ts';

const of = 'litm';
const file = 'algorithms/litm.ts';

export const mutants: Mutant[] = [
  {
    of,
    file,
    what: 'commits two writers of a key in a round, as long as neither read it',
    find: `    for (let i = readsFrom[attempt]; i < writesTo[attempt]; i++) {`,
    replace: `    for (let i = readsFrom[attempt]; i < writesFrom[attempt]; i++) {`,
    expect: ['read', 'outcome', 'state'],
  },
  {
    of,
    file,
    what: 'commits a transaction that read what a lower one of its round writes',
    find: `    for (let i = readsFrom[attempt]; i < writesTo[attempt]; i++) {`,
    replace: `    for (let i = writesFrom[attempt]; i < writesTo[attempt]; i++) {`,
    expect: ['read', 'outcome', 'state'],
  },
  {
    of,
    file,
    what: 'reserves by load and store, so that of two at a time the higher index may be left',
    find: `    if (seen >= priority || (yield* reservation.compareExchange(key, seen, priority)) === seen) return;
`,
    replace: `    if (seen < priority) yield* reservation.store(key, priority);
    return;
`,
    expect: ['read', 'outcome', 'state'],
  },
  {
    of,
    file,
    what: 'decides while others still execute and reserve',
    find: `      yield* this.#execute();
      yield* barrier.meet();
`,
    replace: `      yield* this.#execute();
`,
    expect: ['read', 'outcome', 'state', 'incomplete', 'RangeError', 'StepLimitError'],
  },
  {
    of,
    file,
    what: 'witnesses the rank alone, so that rounds are mixed',
    find: `        this.#core.commit(this.#log.transactions[i], this.#base + rank);
`,
    replace: `        this.#core.commit(this.#log.transactions[i], rank);
`,
    expect: ['read', 'outcome', 'state'],
  },
];

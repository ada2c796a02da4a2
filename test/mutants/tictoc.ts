/** Faults put into tictoc.ts. */
import type { Mutant } from './mutant.ts';

const of = 'tictoc';
const file = 'algorithms/tictoc.ts';

export const mutants: Mutant[] = [
  {
    of,
    file,
    what: 'does not stretch rts, only checks that the version is still there',
    find: `    while (until < commitTs) {
      const found = yield* rts.compareExchange(key, until, commitTs);
      if (found === until) break;
      until = found;
    }
`,
    replace: '',
    expect: ['G2', 'G-single'],
  },
  {
    of,
    file,
    what: 'stretches rts without looking at wts',
    find: `    const unlocked = wts << 1;
    if ((yield* tid.load(key)) !== unlocked) return false;
`,
    replace: '    const unlocked = yield* tid.load(key);\n',
    expect: ['G-single', 'G2', 'G1c'],
  },
  {
    of,
    file,
    what: 'computes the commit timestamp before the locks are held: misses who stretched rts in between',
    find: `    do {
      if (this.#options.preemptiveAborts === 'on' && (yield* this.#isDoomed())) return 'preemptive';
    } while (!(yield* this.#lock()));
    this.#core.phase('validate');
    const commitTs = yield* this.#commitTimestamp();
`,
    replace: `    let commitTs: number;
    do {
      commitTs = yield* this.#commitTimestamp();
    } while (!(yield* this.#lock()));
`,
    expect: ['G2', 'G-single', '[I2]'],
  },
  {
    of,
    file,
    what: 'a writer commits at rts instead of after it',
    find: '(yield* this.#rows.rts.load(keys[i])) + 1)',
    replace: 'yield* this.#rows.rts.load(keys[i]))',
    expect: ['[I2]', 'G2', 'G-single'],
  },
  {
    of,
    file,
    what: 'does not check that what it overwrites is what it read: the lost update',
    find: `        if (this.#replaced[mine] >> 1 !== this.#wts[i]) return false;
`,
    replace: '',
    expect: ['G-single'],
  },
  {
    of,
    file,
    what: 'as DBx1000: a write goes straight into the shared row, before validation',
    find: `    this.#WS.put(key, value);
`,
    replace: `    this.#WS.put(key, value);
    yield* this.#rows.value.store(key, value);
`,
    expect: ['read', 'outcome', 'state'],
  },
];

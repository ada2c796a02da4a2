/** Faults put into the files of 2pl. */
import type { Mutant } from './mutant.ts';

const of = '2pl';
const main = 'algorithms/2pl/2pl.ts';
const table = 'algorithms/2pl/lock-table.ts';
const locker = 'algorithms/2pl/locker.ts';
/** How a run ends in which somebody waits for ever: what the others do meanwhile decides. */
const stuck = ['DeadlockError', 'StepLimitError'];
const anomalies = ['G0', 'G1c', 'G-single', 'G2', 'read', 'state', 'outcome'];

export const mutants: Mutant[] = [
  {
    of,
    file: main,
    what: 'not two-phase: lets go of a shared lock as soon as it has read',
    find: `    return held.values[at];
`,
    replace: `    if (held.modes[at] === SHARED && at === held.size - 1) {
      yield* this.#table.release(key, this.#core.id, SHARED);
      this.#core.witnessRead(key, held.versions[at]);
      held.size--;
    }
    return held.values[at];
`,
    expect: anomalies,
  },
  {
    of,
    file: main,
    what: 'not strict: releases its locks before it writes the values',
    find: `    if (outcome !== REVERTED) yield* this.#install(t);
`,
    replace: `    yield* this.#release();
    if (outcome !== REVERTED) yield* this.#install(t);
    this.#held.clear();
`,
    expect: [...anomalies, 'overwrote', 'written twice'],
  },
  {
    of,
    file: table,
    what: 'an upgrade does not look whether there are other readers',
    find: `(mode === UPGRADE ? READER : 0);`,
    replace: `(mode === UPGRADE ? word & COUNT : 0);`,
    expect: [...anomalies, ...stuck],
  },
  {
    of,
    file: table,
    what: 'a reader walks in while the latch is set',
    find: `    if ((seen & ~COUNT) === 0) return TAKEN;
`,
    replace: `    if ((seen & ~COUNT & ~LATCH) === 0) return TAKEN;
`,
    expect: [...anomalies, ...stuck],
    options: { policy: 'wound-wait' },
  },
  {
    of,
    file: table,
    what: 'takes for "taken" a number that the lock word can be for a moment, when whoever was let in is quick (L2)',
    find: 'export const TAKEN: number = 2 ** 31;',
    replace: 'export const TAKEN: number = -1;',
    expect: [...anomalies, ...stuck],
  },
  {
    of,
    file: table,
    what: 'the latch is released by a store, which undoes releases that came meanwhile',
    find: `    yield* this.rows.lock.add(key, now - (seen | LATCH));
`,
    replace: `    yield* this.rows.lock.store(key, now);
`,
    expect: [...anomalies, ...stuck],
    options: { policy: 'wound-wait' },
  },
  {
    of,
    file: table,
    what: 'whoever is let in is not woken',
    find: `      yield* signal.wake(head);
`,
    replace: '',
    expect: stuck,
    options: { policy: 'wound-wait' },
  },
  {
    of,
    file: table,
    what: 'whoever waits for a latch is not woken',
    find: `    yield* this.rows.lock.wake(key);
`,
    replace: '',
    expect: stuck,
    options: { policy: 'wound-wait' },
  },
  {
    of,
    file: table,
    what: 'a release does not look whether somebody is queueing at this moment',
    find: `    if ((before & (QUEUED | LATCH)) === 0) return;
`,
    replace: `    if ((before & QUEUED) === 0) return;
`,
    expect: stuck,
    options: { policy: 'wound-wait' },
  },
  {
    of,
    file: table,
    what: 'reads who is behind the head of the queue after the head was let in, and may queue elsewhere',
    find: `      const behind = yield* next.load(head);
      if ((yield* signal.compareExchange(head, WAITING, RUNNING)) !== WAITING) return granted; // L4
`,
    replace: `      if ((yield* signal.compareExchange(head, WAITING, RUNNING)) !== WAITING) return granted; // L4
      const behind = yield* next.load(head);
`,
    expect: [...anomalies, ...stuck, 'RangeError'],
    options: { policy: 'detection' },
  },
  {
    of,
    file: table,
    what: 'a core that upgrades at once stays among the names of the readers',
    find: `    if (this.#named && mode === UPGRADE) yield* this.#unname(key, core);
    return TAKEN;
`,
    replace: `    return TAKEN;
`,
    expect: [...anomalies, ...stuck, 'RangeError', 'outside'],
  },
  {
    of,
    file: locker,
    what: 'forgets that it was let in before it was wounded, and keeps the lock for ever',
    find: `    return (yield* this.#table.cancel(key, id)) ? cause : undefined;
`,
    replace: `    yield* this.#table.cancel(key, id);
    return cause;
`,
    expect: stuck,
    options: { policy: 'wound-wait' },
  },
  {
    of,
    file: locker,
    what: 'wait-die waits for the older one as well',
    find: `    if (!(yield* this.#isOlderThan(other))) return waitsForOlder || this.#due;
`,
    replace: `    if (!(yield* this.#isOlderThan(other))) return true;
`,
    expect: stuck,
  },
  {
    of,
    file: locker,
    what: 'wounds only whom it finds running, not whom it finds waiting',
    find: `      if (state === WOUNDED || state === COMMITTED) return;
`,
    replace: `      if (state !== RUNNING) return;
`,
    expect: stuck,
    options: { policy: 'wound-wait' },
  },
  {
    of,
    file: locker,
    what: 'wounds without waking',
    find: `      this.#core.tally('wounds');
      yield* signal.wake(other);
`,
    replace: `      this.#core.tally('wounds');
`,
    expect: stuck,
    options: { policy: 'wound-wait' },
  },
  {
    of,
    file: locker,
    what: 'an upgrade makes an older reader wait for it (K2)',
    find: `    if (mode === UPGRADE) return (yield* this.#stopsOlder(key)) ? NOWHERE : HEAD;
`,
    replace: `    if (mode === UPGRADE) return HEAD;
`,
    expect: stuck,
    options: { policy: 'wound-wait', upgrades: 'plain' },
  },
  {
    of,
    file: locker,
    what: 'searches for deadlocks before it queues, so that two may each miss the other',
    find: `    yield* table.unlatch(key, word, yield* table.enqueue(key, word, id, place));
    this.#core.tally('waits');
    // Only now, when all can see that it waits (W1).
    if (this.#policy.detects) yield* this.#waitsFor.breakCycles();
`,
    replace: `    yield* table.unlatch(key, word, word);
    if (this.#policy.detects) yield* this.#waitsFor.breakCycles();
    const again = yield* table.latch(key, word);
    yield* table.unlatch(key, again, yield* table.enqueue(key, again, id, place));
    this.#core.tally('waits');
`,
    expect: [...stuck, ...anomalies],
    options: { policy: 'detection' },
  },
  {
    of,
    file: locker,
    what: 'in preset order, a wound is ignored while waiting for the turn',
    find: `    if (!(yield* this.#turn.wait(this.#transaction))) return false;
    return (yield* signal.compareExchange(id, AT_TURN, COMMITTED)) === AT_TURN;
`,
    replace: `    yield* this.#turn.wait(this.#transaction);
    return true;
`,
    expect: ['block-order', ...stuck, 'read', 'state', 'outcome'],
    options: { policy: 'wound-wait', order: 'preset' },
  },
  {
    of,
    file: locker,
    what: 'in preset order, whoever waits for its turn is wounded, but not told',
    find: `        yield* this.#turn.interrupt(yield* age.load(other));
`,
    replace: '',
    expect: stuck,
    options: { policy: 'wound-wait', order: 'preset' },
  },
  {
    of,
    file: locker,
    what: 'in any order, a wound is ignored at commit: the older one waits a little longer',
    find: `      return (yield* signal.compareExchange(id, RUNNING, COMMITTED)) === RUNNING;
`,
    replace: `      yield* signal.store(id, COMMITTED);
      return true;
`,
    expect: [],
    options: { policy: 'wound-wait' },
  },
];

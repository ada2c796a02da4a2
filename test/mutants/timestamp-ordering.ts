/** Faults put into timestamp-ordering.ts, and into what it shares with the other schedulers by timestamp. */
import type { Mutant } from './mutant.ts';

const of = 'timestamp-ordering';
const file = 'algorithms/timestamp-ordering.ts';
const shared = 'algorithms/parts/timestamped.ts';
const prewrites = 'algorithms/parts/prewrites.ts';
const latches = 'algorithms/parts/row-latches.ts';
const timestamps = 'algorithms/parts/timestamps.ts';

const anomalies = ['read', 'outcome', 'state'];
const stuck = ['DeadlockError', 'StepLimitError'];

export const mutants: Mutant[] = [
  {
    of,
    file,
    what: 'a write that comes after a later read is not refused (I2)',
    find: `    if (writes && (yield* this.#rows.rts.load(key)) > this.stamp) return TOO_LATE; // I2
`,
    replace: '',
    expect: anomalies,
  },
  {
    of,
    file,
    what: 'a read or write that comes after a later write is not refused (I1)',
    find: `    if ((yield* this.#rows.wts.load(key)) > this.stamp) return TOO_LATE; // I1, I2
`,
    replace: '',
    expect: anomalies,
  },
  {
    of,
    file,
    what: 'reads leave no timestamp',
    find: `    if ((yield* rts.load(key)) < this.stamp) yield* rts.store(key, this.stamp);
`,
    replace: '',
    expect: anomalies,
  },
  {
    of,
    file,
    what: 'a read overwrites a later reader’s timestamp with its own',
    find: `    if ((yield* rts.load(key)) < this.stamp) yield* rts.store(key, this.stamp);
`,
    replace: `    yield* rts.store(key, this.stamp);
`,
    expect: anomalies,
  },
  {
    of,
    file,
    what: 'does not wait for an earlier write that is pending',
    find: `    if (pending < this.stamp) return WAITS;
    return writes ? TOO_LATE : GRANTED; // D1
`,
    replace: `    return writes ? TOO_LATE : GRANTED;
`,
    expect: anomalies,
  },
  {
    of,
    file,
    what: 'an earlier write takes the place of the one that is pending',
    find: `    return writes ? TOO_LATE : GRANTED; // D1
`,
    replace: `    return GRANTED;
`,
    expect: [...anomalies, ...stuck],
  },
  {
    of,
    file: shared,
    what: 'an attempt that is refused keeps its timestamp and comes too late for ever',
    find: `      this.stamp = yield* this.#timestamps.draw();
`,
    replace: `      if (this.stamp === 0) this.stamp = yield* this.#timestamps.draw();
`,
    expect: [...stuck, 'unknown', ...anomalies],
  },
  {
    of,
    file: shared,
    what: 'an attempt that is given up leaves its writes pending',
    find: `      yield* this.#end();
      if (outcome !== ABORTED) break;
`,
    replace: `      if (outcome !== ABORTED) yield* this.#end();
      if (outcome !== ABORTED) break;
`,
    expect: stuck,
  },
  {
    of,
    file: shared,
    what: 'a transaction that reverts makes its writes',
    find: `      if (outcome === REVERTED || outcome === ABORTED) this.#writes.clear();
`,
    replace: `      if (outcome === ABORTED) this.#writes.clear();
`,
    expect: anomalies,
  },
  {
    of,
    file: prewrites,
    what: 'only the first in the queue is told to go on, and tells the next when it comes: that costs time',
    find: `      if (pending === 0 && writes === 1) return;
`,
    replace: `      return;
`,
    expect: [],
    options: { intents: 'declared' },
  },
  {
    of,
    file: prewrites,
    what: 'whoever waits for a later write is left to wait (Q2)',
    find: `(pending === 0 || (yield* timestamp.load(head)) < pending)`,
    replace: `pending === 0`,
    expect: stuck,
    options: { intents: 'declared' },
  },
  {
    of,
    file: prewrites,
    what: 'the queue is not in the order of timestamps (Q1)',
    find: `    if (before >= 0 && (yield* timestamp.load(before)) > stamp) before = yield* this.#lastBefore(key, stamp);
`,
    replace: '',
    expect: stuck,
    options: { intents: 'declared' },
  },
  {
    of,
    file: latches,
    what: 'a core that comes while the latch is released is forgotten',
    find: `      yield* next.waitWhile(node, 0); // somebody has come and is about to say so, and wakes
`,
    replace: `      return;
`,
    expect: stuck,
  },
  {
    of,
    file: latches,
    what: 'a core marks itself as waiting only after it can be found, and may miss that it was let in',
    find: `    yield* held.store(node, 1); // before the node can be found
    const before = (yield* this.#tails.exchange(row, node + 1)) - 1;
    if (before < 0) return;
    yield* next.store(before, node + 1);
`,
    replace: `    const before = (yield* this.#tails.exchange(row, node + 1)) - 1;
    if (before < 0) return;
    yield* next.store(before, node + 1);
    yield* held.store(node, 1);
`,
    expect: stuck,
  },
  {
    of,
    file: timestamps,
    what: 'a batch is one number larger than was drawn',
    find: `      this.#left = batch;
`,
    replace: `      this.#left = batch + 1;
`,
    expect: [...anomalies, ...stuck],
    options: { timestamps: 'batched', batch: 1 },
  },
  {
    of,
    file: timestamps,
    what: 'two that begin in the same microsecond have the same timestamp',
    find: `    return this.#next * this.#core.count + this.#core.id + 1;
`,
    replace: `    return Math.floor(this.#next / 1000) + 1;
`,
    expect: [...anomalies, ...stuck],
    options: { timestamps: 'clock' },
  },
  {
    of,
    file: timestamps,
    what: 'the lock around the counter is left before the counter is stored',
    find: `    yield* next.store(0, drawn);
    yield* mutex.release(0, this.#core.id, 0);
`,
    replace: `    yield* mutex.release(0, this.#core.id, 0);
    yield* next.store(0, drawn);
`,
    expect: [...anomalies, ...stuck],
    options: { timestamps: 'mutex' },
  },
  {
    of,
    file: prewrites,
    what: 'everybody in the queue is told to go on, the writers too: they queue again, which costs time',
    find: `      if (pending === 0 && writes === 1) return;
`,
    replace: '',
    expect: [],
    options: { intents: 'declared' },
  },
];

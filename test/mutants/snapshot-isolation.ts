/**
 * Faults of snapshot isolation. The algorithm as it is shows G2 and nothing else, so a mutant is rejected only by
 * another anomaly.
 */
import type { Mutant } from './mutant.ts';

const snapshots = { of: 'snapshot-isolation', file: 'algorithms/snapshot-isolation.ts' };
const STRONGER = ['G-single', 'G1c', 'G0', 'read', 'outcome', 'state'];

export const mutants: Mutant[] = [
  {
    ...snapshots,
    what: 'the first committer does not win: updates are lost',
    find: `      if (version !== INITIAL && (yield* this.#entries.timestamp.load(version - 1)) > this.#start)
        return false;
`,
    replace: '',
    expect: STRONGER,
  },
  {
    ...snapshots,
    what: 'a version that was committed between the check and the lock is overwritten',
    find: 'if ((yield* this.#rows.head.compareExchange(key, head, head | LOCK)) === head) {',
    replace: `const latest = yield* this.#unlockedHead(key);
      if ((yield* this.#rows.head.compareExchange(key, latest, latest | LOCK)) === latest) {`,
    expect: STRONGER,
  },
  {
    ...snapshots,
    what: 'the latest committed version is read, not that of the snapshot',
    find: 'while (version !== INITIAL && (yield* timestamp.load(version - 1)) > this.#start) {',
    replace: 'while (version < INITIAL) {',
    expect: STRONGER,
  },
  {
    ...snapshots,
    what: 'a reader does not wait for a writer that installs: half of its writes are in the snapshot',
    find: 'let version = (yield* this.#unlockedHead(key)) >> 1;',
    replace: 'let version = (yield* this.#rows.head.load(key)) >> 1;',
    expect: STRONGER,
  },
  {
    ...snapshots,
    what: 'a version is linked before it is complete',
    find: `      yield* this.#entries.value.store(entry, values[i]);
      yield* this.#entries.timestamp.store(entry, commit);
      yield* this.#entries.previous.store(entry, this.#replaced[i]);
      // Unlocks; after the entry is complete, for readers follow the head to it.
      yield* this.#rows.head.store(keys[i], (entry + 1) << 1);
      yield* this.#rows.head.wake(keys[i]);`,
    replace: `      yield* this.#rows.head.store(keys[i], (entry + 1) << 1);
      yield* this.#rows.head.wake(keys[i]);
      yield* this.#entries.value.store(entry, values[i]);
      yield* this.#entries.timestamp.store(entry, commit);
      yield* this.#entries.previous.store(entry, this.#replaced[i]);`,
    expect: STRONGER,
  },
];

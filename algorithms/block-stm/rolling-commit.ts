/**
 * Rolling commit: the longest prefix of the block that is final, known while the block still runs.
 *
 * Source      Aptos' block executor (scheduler.rs), after the paper: waves of validation. A transaction is final
 *             once all below it are, and it was validated no earlier than the last wave that began at or below it.
 *
 * Layout      wave             whoever begins one: how many waves have begun
 *             triggered[t]     the last wave that began at t
 *             validated[t]     the latest wave that a successful validation of t carried, + 1; 0: none
 *             commit           the holder of the lock: the first transaction that is not committed, and
 *                              the last wave that began at or below the one before it
 *             commitLock       whoever commits                      0 free, 1 held
 *
 * Invariants  R1  What starts a wave (estimates marked, writes removed, a new location written) is in memory before
 *                 the wave is counted, and the wave is counted before its transaction can be final and before
 *                 validationIdx is lowered. So whatever starts after wave w was loaded reads what started w; and
 *                 everything from there on is validated again, with w or a later wave.
 *             R2  A validation loads its wave first, then the status that tells which incarnation it is of, then what
 *                 that has read. If it carries wave w and succeeds, then that incarnation has read what all waves
 *                 up to w brought; if that incarnation is over by then, its successor has read that too, since
 *                 it started after w was loaded (R1). Hence a wave is all that has to be kept of a validation.
 *             R3  A transaction is committed once, in block order, by the lock; and is not aborted afterwards by a
 *                 validator that is late, since its status is moved from EXECUTED to COMMITTED.
 *             R4  Nobody leaves a transaction that can be committed: whoever fails to take the lock has made its
 *                 validation known before, and the holder looks again after it has released the lock.
 *
 * Departures  Aptos packs wave and validation_idx in one 64-bit word and begins a wave where that is lowered. Here the
 *             wave is a word of its own, and every abort and every new location begins one, whether or not the
 *             index has to be lowered for it: an index that is low already does not show which validations are
 *             under way. In exchange a re-execution needs no wave of its own (Aptos' required_wave): R2.
 */
import type { Context, Core, Steps, Words } from '../algorithm.ts';

const COMMIT_IDX = 0;
const COMMIT_WAVE = 1;

/** What the scheduler knows of a transaction's status. */
export interface Statuses {
  /** The incarnation that is EXECUTED, or -1. */
  executed(txn: number): Steps<number>;
  /** Moves EXECUTED to COMMITTED; false if the version is over. */
  tryCommit(txn: number, incarnation: number): Steps<boolean>;
}

export class RollingCommit {
  readonly #blockSize: number;
  readonly #wave: Words;
  readonly #triggered: Words;
  readonly #validated: Words;
  readonly #commit: Words;
  readonly #lock: Words;

  constructor({ memory, block }: Context<unknown>) {
    this.#blockSize = block.transactions;
    this.#wave = memory.words('wave', 1, 'padded');
    this.#triggered = memory.words('triggered', block.transactions + 1);
    this.#validated = memory.words('validated', block.transactions);
    this.#commit = memory.words('commit', 2);
    this.#lock = memory.words('commitLock', 1, 'padded');
  }

  /** The wave that a validation which starts now carries. */
  current(): Steps<number> {
    return this.#wave.load(0);
  }

  /** A wave begins at `target`: to be called where R1 says. */
  *trigger(target: number): Steps<void> {
    yield* raise(this.#triggered, target, (yield* this.#wave.add(0, 1)) + 1);
  }

  /** A validation that carries `wave` has succeeded. */
  *validated(txn: number, wave: number): Steps<void> {
    yield* raise(this.#validated, txn, wave + 1);
  }

  /** Commits what can be committed. */
  *advance(core: Core, statuses: Statuses): Steps<void> {
    while ((yield* this.#finalIncarnation(statuses)) >= 0) {
      if ((yield* this.#lock.exchange(0, 1)) !== 0) return;
      while (yield* this.#commitNext(core, statuses));
      // Before the loop looks once more: R4.
      yield* this.#lock.store(0, 0);
    }
  }

  /** Commits the first transaction that is not committed, under the lock. False if it is not final. */
  *#commitNext(core: Core, statuses: Statuses): Steps<boolean> {
    const incarnation = yield* this.#finalIncarnation(statuses);
    if (incarnation < 0) return false;
    const txn = yield* this.#commit.load(COMMIT_IDX);
    if (!(yield* statuses.tryCommit(txn, incarnation))) return false;
    core.commit(txn);
    yield* this.#commit.store(COMMIT_WAVE, yield* this.#lastWave(txn));
    yield* this.#commit.store(COMMIT_IDX, txn + 1);
    return true;
  }

  /** The incarnation of the first transaction that is not committed, if that is final; or -1. */
  *#finalIncarnation(statuses: Statuses): Steps<number> {
    const txn = yield* this.#commit.load(COMMIT_IDX);
    if (txn >= this.#blockSize) return -1;
    const incarnation = yield* statuses.executed(txn);
    if (incarnation < 0) return -1;
    return (yield* this.#validated.load(txn)) > (yield* this.#lastWave(txn)) ? incarnation : -1;
  }

  /** The last wave that began at or below a transaction, where all below it are committed. */
  *#lastWave(txn: number): Steps<number> {
    return Math.max(yield* this.#commit.load(COMMIT_WAVE), yield* this.#triggered.load(txn));
  }
}

/** Raises a word to at least `value`. */
function* raise(words: Words, index: number, value: number): Steps<void> {
  for (;;) {
    const seen = yield* words.load(index);
    if (seen >= value || (yield* words.compareExchange(index, seen, value)) === seen) return;
  }
}

/**
 * Rolling commit: the longest prefix of the block that is final, known while the block still runs.
 *
 * Source      Aptos' block executor, after the paper: waves of validation. Each lowering of validationIdx starts
 *             a wave; a transaction is final once all below it are, and it was validated no earlier than the last
 *             wave that begins at or below it.
 *
 * Layout      wave             whoever lowers validationIdx: how many waves have begun
 *             triggered[t]     the last wave that began at t
 *             validated[t]     incarnation << 20 | wave of t's latest successful validation, + 1; 0: none
 *             commit           the holder of the lock: the first transaction that is not committed, and
 *                              the last wave that began at or below the one before it
 *             commitLock       whoever commits                      0 free, 1 held
 *
 * Invariants  R1  What starts a wave (estimates marked, a new location written) is in memory before the wave is
 *                 counted, and the wave is counted before its transaction can be final and before validationIdx is
 *                 lowered. A validation loads the wave before it reads anything, so one that carries wave w has
 *                 seen what started w; and everything from there on is drawn again later, with w or a later one.
 *             R2  A transaction is committed once, in block order, by the lock; and is not aborted afterwards by a
 *                 validator that is late, since its status is moved from EXECUTED to COMMITTED.
 *             R3  Nobody leaves a transaction that can be committed: whoever fails to take the lock has made its
 *                 validation known before, and the holder looks again after it has released the lock.
 *
 * Departures  Aptos packs wave and index in one 64-bit word, and keeps a required wave for re-executions. Here the
 *             wave is a word of its own, which R1 permits, and a validation counts for its incarnation only,
 *             which makes the required wave needless.
 */
import type { Context, Core, Steps, Words } from '../algorithm.ts';

const WAVE_BITS = 20;
const WAVES = 2 ** WAVE_BITS;
const INCARNATIONS = 2 ** (31 - WAVE_BITS);

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
    const wave = (yield* this.#wave.add(0, 1)) + 1;
    if (wave >= WAVES) throw new Error(`more than ${WAVES} waves of validation in one block`);
    yield* raise(this.#triggered, target, wave);
  }

  /** A validation of the incarnation that carries `wave` has succeeded. */
  *validated(txn: number, incarnation: number, wave: number): Steps<void> {
    if (incarnation >= INCARNATIONS) throw new Error(`more than ${INCARNATIONS} incarnations of ${txn}`);
    yield* raise(this.#validated, txn, incarnation * WAVES + wave + 1);
  }

  /** Commits what can be committed. */
  *advance(core: Core, statuses: Statuses): Steps<void> {
    while ((yield* this.#finalIncarnation(statuses)) >= 0) {
      if ((yield* this.#lock.exchange(0, 1)) !== 0) return;
      while (yield* this.#commitNext(core, statuses));
      // Before the loop looks once more: R3.
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
    const validated = (yield* this.#validated.load(txn)) - 1;
    if (validated < 0 || validated >> WAVE_BITS !== incarnation) return -1;
    return (validated & (WAVES - 1)) >= (yield* this.#lastWave(txn)) ? incarnation : -1;
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

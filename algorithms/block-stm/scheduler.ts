/**
 * The collaborative scheduler: who executes and who validates what next, and when the block is done.
 *
 * Paper       Block-STM (see block-stm.ts), sections 3.1.2 and 3.2; Algorithms 4 and 5, whose names are kept.
 *
 *                 READY_TO_EXECUTE(i) --tryIncarnate--> EXECUTING(i) --finishExecution--> EXECUTED(i)
 *                         ^                                 |                                 |
 *                         |                           addDependency                  tryValidationAbort
 *                         |                                 v                                 |
 *                    (i + 1) <---setReadyStatus--------- ABORTING(i) <------------------------+
 *
 * Layout      executionIdx, validationIdx    every core: the next transaction to try to execute, to validate
 *             decreaseCnt                    whoever lowers one of them
 *             numActiveTasks                 a core that begins to draw tasks, or finds none left
 *             doneMarker                     whoever finds the block done
 *             txns[t]      status            incarnation << 3 | state; by the arrows above, and at last COMMITTED
 *                                            where the commit is rolling
 *                          dependents        the last transaction that waits for t, + 1; 0: none
 *                          after             where t itself waits: the one before it in that list, + 1
 *
 * Invariants  S1  numActiveTasks counts every core that may have a task in hand: it is raised before an index is
 *                 drawn and lowered after all that its tasks cause. Raising it later would let another core see
 *                 "all drawn, nobody active" in between, and end the block with a stale read standing.
 *             S2  checkDone: if both indices were past the end, and after that nobody is counted, no task is left.
 *                 For whoever lowers an index is counted, and stays so until it has seen both past the end again;
 *                 and whoever has drawn meanwhile is counted until it has finished what it drew.
 *             S3  A transaction that waits is resumed once: its list is taken by an exchange, by whoever
 *                 ends the execution it waits for, or by itself if it was too late to be seen there.
 *             S4  Only the first failing validation of a version aborts it: by compare-and-swap on the status.
 *             S5  An idle core parks on decreaseCnt only if both indices were past the end after it had read
 *                 that word; a new task then comes with a decrease, which raises it, as the end of the block does.
 *                 Where an index was low already, whoever lowered it raises the word.
 *
 * Departures  D3  Statuses change by compare-and-swap instead of under a lock each, and the lists of dependents
 *                 are lock-free: a dependent enters first and looks at the status again after, the executor
 *                 sets the status first and takes the list after, so one of the two sees the other.
 *             D4  A core without a task parks instead of polling (S5).
 *             D5  A core stays counted in numActiveTasks from task to task, until no index is left to draw. In the
 *                 paper it is lowered and raised between two tasks: so all cores contend for its line, and as it
 *                 may be 0 while tasks are left, checkDone has to read decreaseCnt twice (section 3.2.2).
 *             D6  Whoever has written a new location validates that transaction itself, as after any other execution,
 *                 and lowers validationIdx to the next one (so does Aptos' scheduler.rs). The paper lowers it to the
 *                 transaction, for whoever comes. Either way all above is validated again. If the index is not
 *                 above the target, it stays as it is.
 */
import type { Context, Steps, Views, Words } from '../algorithm.ts';
import type { RollingCommit, Statuses } from './rolling-commit.ts';

const READY_TO_EXECUTE = 0;
const EXECUTING = 1;
const ABORTING = 2;
/** From here on it has executed. */
const EXECUTED = 3;
const COMMITTED = 4;
const STATE = 7;
const STATE_BITS = 3;

export const NO_TASK = 0;
export const EXECUTION_TASK = 1;
export const VALIDATION_TASK = 2;

/** A task, or none. Private to a core, overwritten by the next one. */
export interface Task {
  kind: typeof NO_TASK | typeof EXECUTION_TASK | typeof VALIDATION_TASK;
  /** Whether numActiveTasks counts the core: S1. */
  active: boolean;
  txn: number;
  incarnation: number;
  /** Of a validation: the wave that it carries, where the commit is rolling. */
  wave: number;
}

export class Scheduler implements Statuses {
  readonly #blockSize: number;
  readonly #commits: RollingCommit | undefined;
  readonly #executionIdx: Words;
  readonly #validationIdx: Words;
  readonly #decreaseCnt: Words;
  readonly #numActiveTasks: Words;
  readonly #doneMarker: Words;
  readonly #txns: Views<{ status: 'word'; dependents: 'word'; after: 'word' }>;

  /** @param commits told of waves, where the commit is rolling */
  constructor({ memory, block }: Context<unknown>, commits: RollingCommit | undefined) {
    this.#commits = commits;
    this.#blockSize = block.transactions;
    this.#executionIdx = memory.words('executionIdx', 1, 'padded');
    this.#validationIdx = memory.words('validationIdx', 1, 'padded');
    this.#decreaseCnt = memory.words('decreaseCnt', 1, 'padded');
    this.#numActiveTasks = memory.words('numActiveTasks', 1, 'padded');
    this.#doneMarker = memory.words('doneMarker', 1, 'padded');
    this.#txns = memory.records('txns', block.transactions, {
      status: 'word',
      dependents: 'word',
      after: 'word',
    });
  }

  // Algorithm 4 -----------------------------------------------------------------------------------------

  /** 0 until the block is done. */
  doneMarker(): Steps<number> {
    return this.#doneMarker.load(0);
  }

  #decreaseExecutionIdx(target: number): Steps<void> {
    return this.#decrease(this.#executionIdx, target);
  }

  #decreaseValidationIdx(target: number): Steps<void> {
    return this.#decrease(this.#validationIdx, target);
  }

  *#decrease(index: Words, target: number): Steps<void> {
    // Past the end there is nothing to draw.
    if (target === this.#blockSize || (yield* index.load(0)) <= target) return;
    // An exchange succeeds even while others keep drawing; a compare-and-swap might fail again and again. If it took
    // out a lower value, that is put back; until then the index is too high, but this core is counted (S2).
    let low = target;
    for (;;) {
      const before = yield* index.exchange(0, low);
      if (before >= low) break;
      low = before;
    }
    // After the index is down: whoever parks reads them in the other order (S5), and whoever wakes finds the task.
    yield* this.#decreaseCnt.add(0, 1);
    yield* this.#decreaseCnt.wake(0);
  }

  /** Counts the core, if it is not: S1. */
  *#activate(task: Task): Steps<void> {
    if (task.active) return;
    task.active = true;
    yield* this.#numActiveTasks.add(0, 1);
  }

  /** If both indices are past the end: sets doneMarker if the block is done, otherwise parks until there may be a task. */
  *#checkDone(task: Task): Steps<void> {
    task.kind = NO_TASK;
    const observedCnt = yield* this.#decreaseCnt.load(0);
    if (Math.min(yield* this.#executionIdx.load(0), yield* this.#validationIdx.load(0)) < this.#blockSize)
      return;
    // After both indices: S2.
    if (task.active) yield* this.#numActiveTasks.add(0, -1);
    task.active = false;
    if ((yield* this.#numActiveTasks.load(0)) === 0) {
      yield* this.#doneMarker.store(0, 1);
      // After the marker, so that whoever wakes by this sees it.
      yield* this.#decreaseCnt.add(0, 1);
      yield* this.#decreaseCnt.wake(0);
    } else if ((yield* this.#doneMarker.load(0)) === 0) {
      yield* this.#decreaseCnt.waitWhile(0, observedCnt);
    }
  }

  /** Moves READY_TO_EXECUTE to EXECUTING, for this core; otherwise there is no task. */
  *#tryIncarnate(txn: number, task: Task): Steps<void> {
    if (txn < this.#blockSize) {
      const status = yield* this.#txns.status.load(txn);
      if ((status & STATE) === READY_TO_EXECUTE) {
        const executing = (status & ~STATE) | EXECUTING;
        if ((yield* this.#txns.status.compareExchange(txn, status, executing)) === status) {
          task.kind = EXECUTION_TASK;
          task.txn = txn;
          task.incarnation = status >> STATE_BITS;
          return;
        }
      }
    }
    task.kind = NO_TASK;
  }

  *#nextVersionToExecute(task: Task): Steps<void> {
    if ((yield* this.#executionIdx.load(0)) >= this.#blockSize) {
      yield* this.#checkDone(task);
      return;
    }
    // Before the index is drawn: S1.
    yield* this.#activate(task);
    yield* this.#tryIncarnate(yield* this.#executionIdx.add(0, 1), task);
  }

  *#nextVersionToValidate(task: Task): Steps<void> {
    if ((yield* this.#validationIdx.load(0)) >= this.#blockSize) {
      yield* this.#checkDone(task);
      return;
    }
    // Before the index is drawn: S1.
    yield* this.#activate(task);
    const txn = yield* this.#validationIdx.add(0, 1);
    if (txn < this.#blockSize) yield* this.#tryValidate(txn, task);
    else task.kind = NO_TASK;
  }

  /** The task to validate what txn has EXECUTED, or none. */
  *#tryValidate(txn: number, task: Task): Steps<void> {
    // Before the status: R2.
    if (this.#commits !== undefined) task.wave = yield* this.#commits.current();
    const status = yield* this.#txns.status.load(txn);
    if ((status & STATE) === EXECUTED) {
      task.kind = VALIDATION_TASK;
      task.txn = txn;
      task.incarnation = status >> STATE_BITS;
    } else task.kind = NO_TASK;
  }

  *nextTask(task: Task): Steps<void> {
    const validationIdx = yield* this.#validationIdx.load(0);
    if (validationIdx < (yield* this.#executionIdx.load(0))) yield* this.#nextVersionToValidate(task);
    else yield* this.#nextVersionToExecute(task);
  }

  // Algorithm 5 -----------------------------------------------------------------------------------------

  /**
   * The incarnation that executes txn met an ESTIMATE of `blocking`: it ends, and another one starts when
   * `blocking` has executed. False if that has happened already: then the caller retries at once.
   */
  *addDependency(txn: number, incarnation: number, blocking: number): Steps<boolean> {
    const { status, dependents, after } = this.#txns;
    if (((yield* status.load(blocking)) & STATE) >= EXECUTED) return false;
    // Before it can be found in the list, or it would be resumed while it still executes.
    yield* status.store(txn, (incarnation << STATE_BITS) | ABORTING);
    for (;;) {
      const last = yield* dependents.load(blocking);
      yield* after.store(txn, last);
      if ((yield* dependents.compareExchange(blocking, last, txn + 1)) === last) break;
    }
    // After it has entered the list: an executor that ended before did not see it there (S3).
    if (((yield* status.load(blocking)) & STATE) >= EXECUTED) yield* this.#resumeDependencies(blocking);
    return true;
  }

  /** Blocks the core until `blocking` has executed: what a virtual machine does that can suspend. */
  *waitFor(blocking: number): Steps<void> {
    const { status } = this.#txns;
    for (;;) {
      const seen = yield* status.load(blocking);
      if ((seen & STATE) >= EXECUTED) return;
      yield* status.waitWhile(blocking, seen);
    }
  }

  *#setReadyStatus(txn: number): Steps<void> {
    const { status } = this.#txns;
    const incarnation = (yield* status.load(txn)) >> STATE_BITS;
    yield* status.store(txn, ((incarnation + 1) << STATE_BITS) | READY_TO_EXECUTE);
  }

  *#resumeDependencies(blocking: number): Steps<void> {
    const { dependents, after } = this.#txns;
    let lowest = this.#blockSize;
    for (let at = yield* dependents.exchange(blocking, 0); at !== 0; ) {
      const txn = at - 1;
      // Before it is ready: from then on it may enter another list.
      at = yield* after.load(txn);
      yield* this.#setReadyStatus(txn);
      lowest = Math.min(lowest, txn);
    }
    if (lowest < this.#blockSize) yield* this.#decreaseExecutionIdx(lowest);
  }

  /** Leaves a task for the caller in `task`, or none. */
  *finishExecution(task: Task, wroteNewLocation: boolean): Steps<void> {
    const { txn, incarnation } = task;
    const { status, dependents } = this.#txns;
    // Before the transaction can be final: R1.
    if (wroteNewLocation && this.#commits !== undefined) yield* this.#commits.trigger(txn);
    yield* status.store(txn, (incarnation << STATE_BITS) | EXECUTED);
    yield* status.wake(txn);
    // After the status: a dependent enters the list first and looks at the status again then (S3).
    if ((yield* dependents.load(txn)) !== 0) yield* this.#resumeDependencies(txn);
    if ((yield* this.#validationIdx.load(0)) <= txn) {
      task.kind = NO_TASK;
      return;
    }
    if (wroteNewLocation) yield* this.#decreaseValidationIdx(txn + 1);
    if (this.#commits !== undefined) yield* this.#tryValidate(txn, task);
    else task.kind = VALIDATION_TASK;
  }

  *executed(txn: number): Steps<number> {
    const status = yield* this.#txns.status.load(txn);
    return (status & STATE) === EXECUTED ? status >> STATE_BITS : -1;
  }

  *tryCommit(txn: number, incarnation: number): Steps<boolean> {
    const executed = (incarnation << STATE_BITS) | EXECUTED;
    const committed = (incarnation << STATE_BITS) | COMMITTED;
    return (yield* this.#txns.status.compareExchange(txn, executed, committed)) === executed;
  }

  /** Moves EXECUTED to ABORTING, for this core; false if the version is over already. */
  *tryValidationAbort(txn: number, incarnation: number): Steps<boolean> {
    const executed = (incarnation << STATE_BITS) | EXECUTED;
    const aborting = (incarnation << STATE_BITS) | ABORTING;
    return (yield* this.#txns.status.compareExchange(txn, executed, aborting)) === executed;
  }

  /** Leaves a task for the caller in `task`, or none. */
  *finishValidation(task: Task, aborted: boolean): Steps<void> {
    if (aborted) {
      const { txn } = task;
      // Before the transaction can execute again and be final: R1.
      if (this.#commits !== undefined) yield* this.#commits.trigger(txn + 1);
      yield* this.#setReadyStatus(txn);
      yield* this.#decreaseValidationIdx(txn + 1);
      if ((yield* this.#executionIdx.load(0)) > txn) {
        yield* this.#tryIncarnate(txn, task);
        return;
      }
    }
    task.kind = NO_TASK;
  }
}

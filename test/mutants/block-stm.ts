/** Faults of Block-STM's scheduler and of its multi-version memory. */
import type { Mutant } from './mutant.ts';

const scheduler = { of: 'block-stm', file: 'algorithms/block-stm/scheduler.ts' };
const memory = { of: 'block-stm', file: 'algorithms/block-stm/mv-memory.ts' };
const thread = { of: 'block-stm', file: 'algorithms/block-stm/block-stm.ts' };
const commits = { of: 'block-stm', file: 'algorithms/block-stm/rolling-commit.ts' };
const rolling = { commit: 'rolling' };

export const mutants: Mutant[] = [
  {
    ...scheduler,
    what: 'validation_idx is drawn before num_active_tasks is raised (cosmos-sdk #26583): S1',
    find: `    yield* this.#activate(task);
    const txn = yield* this.#validationIdx.add(0, 1);`,
    replace: `    const txn = yield* this.#validationIdx.add(0, 1);
    yield* this.#activate(task);`,
    expect: ['block-order', 'incomplete'],
  },
  {
    ...scheduler,
    what: 'execution_idx is drawn before num_active_tasks is raised: S1',
    find: `    yield* this.#activate(task);
    yield* this.#tryIncarnate(yield* this.#executionIdx.add(0, 1), task);`,
    replace: `    const drawn = yield* this.#executionIdx.add(0, 1);
    yield* this.#activate(task);
    yield* this.#tryIncarnate(drawn, task);`,
    expect: ['block-order', 'incomplete'],
  },
  {
    ...scheduler,
    what: 'an abort does not lower validation_idx: what higher transactions read stays unchecked',
    find: '      yield* this.#decreaseValidationIdx(txn + 1);\n',
    replace: '',
    expect: ['block-order'],
  },
  {
    ...scheduler,
    what: 'wrote_new_location is ignored: only the transaction itself is validated again',
    find: '    if (wroteNewLocation) yield* this.#decreaseValidationIdx(txn + 1);\n',
    replace: '',
    expect: ['block-order'],
  },
  {
    ...scheduler,
    what: 'an index that was lower already is raised',
    find: '      if (before >= low) break;\n      low = before;\n',
    replace: '      break;\n',
    expect: ['block-order', 'incomplete'],
  },
  {
    ...scheduler,
    what: 'who has written a new location does not validate that transaction: D6',
    find: '    else task.kind = VALIDATION_TASK;\n  }\n\n  *executed',
    replace: '    else task.kind = wroteNewLocation ? NO_TASK : VALIDATION_TASK;\n  }\n\n  *executed',
    expect: ['block-order'],
  },
  {
    ...scheduler,
    what: 'a core that finds no task left is counted down again the next time: S1',
    find: '    task.active = false;\n',
    replace: '',
    expect: ['block-order', 'incomplete'],
  },
  {
    ...scheduler,
    what: 'a core ceases to be counted before it has finished its validation: S1',
    find: `    if (aborted) {
      const { txn } = task;
`,
    replace: `    if (aborted) {
      const { txn } = task;
      yield* this.#numActiveTasks.add(0, -1);
      task.active = false;
`,
    expect: ['block-order', 'incomplete'],
  },
  {
    ...scheduler,
    what: 'the lost dependency: the status is not looked at again after entering the list (S3)',
    find: '    if (((yield* status.load(blocking)) & STATE) >= EXECUTED) yield* this.#resumeDependencies(blocking);\n',
    replace: '',
    expect: ['incomplete', 'DeadlockError'],
  },
  {
    ...scheduler,
    what: 'the list of dependents is taken before the status is set (S3)',
    find: `    yield* status.store(txn, (incarnation << STATE_BITS) | EXECUTED);
    yield* status.wake(txn);
    // After the status: a dependent enters the list first and looks at the status again then (S3).
    if ((yield* dependents.load(txn)) !== 0) yield* this.#resumeDependencies(txn);
`,
    replace: `    if ((yield* dependents.load(txn)) !== 0) yield* this.#resumeDependencies(txn);
    yield* status.store(txn, (incarnation << STATE_BITS) | EXECUTED);
    yield* status.wake(txn);
`,
    expect: ['incomplete', 'DeadlockError'],
  },
  {
    ...scheduler,
    what: 'whoever suspends on an estimate is not woken',
    find: '    yield* status.wake(txn);\n',
    replace: '',
    expect: ['DeadlockError'],
    options: { dependency: 'suspend' },
  },
  {
    ...scheduler,
    what: 'a core is not counted between two tasks, as in the paper, but decrease_cnt is read once: S2',
    find: '  *nextTask(task: Task): Steps<void> {\n',
    replace: `  *nextTask(task: Task): Steps<void> {
    if (task.active) yield* this.#numActiveTasks.add(0, -1);
    task.active = false;
`,
    expect: ['block-order', 'incomplete'],
  },
  {
    ...scheduler,
    what: 'the done marker does not wait for active tasks',
    find: 'if ((yield* this.#numActiveTasks.load(0)) === 0) {',
    replace: 'if ((yield* this.#numActiveTasks.load(0)) >= 0) {',
    expect: ['block-order', 'incomplete'],
  },
  {
    ...memory,
    what: "a read does not look at the list's sequence lock again after the entry (M3)",
    find: '      if ((yield* lock.load(key)) === before) return;\n',
    replace: '      return;\n',
    expect: ['block-order'],
  },
  {
    // The last step of a search that finds nothing is a load of the head's lowest link: one access, one moment.
    ...memory,
    what: 'a read that finds no entry does not look at the sequence lock again (M3)',
    find: '        if ((yield* lock.load(key)) === before) break;\n        continue;',
    replace: '        break;',
    expect: [],
  },
  {
    ...memory,
    what: 'a search ends at the transaction itself, which reads what its last incarnation wrote: M1',
    find: 'if (next === 0 || this.writer(next - 1) < txn) break;',
    replace: 'if (next === 0 || this.writer(next - 1) <= txn) break;',
    expect: ['block-order', 'incomplete'],
  },
  {
    ...memory,
    what: 'what is written is listed on the upper levels only',
    find: '    for (let level = 0; level < levels; level++) {\n      yield* this.#entries',
    replace: '    for (let level = levels - 1; level >= 1; level--) {\n      yield* this.#entries',
    expect: ['block-order'],
  },
  {
    ...memory,
    what: 'validation compares who wrote, not which incarnation',
    find: '      if (cursor.state !== (yield* state[i].load(txn))) return false;\n',
    replace: '',
    expect: ['block-order'],
  },
  {
    ...memory,
    what: 'what an incarnation no longer writes stays listed',
    find: '    yield* this.#removeStale(done);\n',
    replace: '',
    expect: ['block-order', 'StepLimitError'],
  },
  {
    // Not only a matter of time: who read the aborted value and validates before the next incarnation has written
    // the same location passes, and nobody validates it again, since that location is not new.
    ...thread,
    what: 'the lost ESTIMATE: what an aborted incarnation wrote is neither marked nor removed',
    find: 'if (this.#options.estimates) yield* this.#mvmemory.convertWritesToEstimates(txn);',
    replace: 'if (this.#options.estimates) this.#core.work(0);',
    expect: ['block-order'],
  },
  {
    ...thread,
    what: 'a key that is read twice is read from shared memory twice: B1',
    find: '    if (earlier >= 0) return reads.values[earlier];\n',
    replace: '',
    expect: ['block-order', 'more than the declared', 'StepLimitError'],
  },
  {
    ...thread,
    what: 'a key that is read again is read from shared memory again, and validated as of then (bor #2270): B1',
    find: '    if (earlier >= 0) return reads.values[earlier];\n',
    replace: `    if (earlier >= 0) {
      yield* this.#mvmemory.read(key, txn, this.#cursor);
      const { size } = reads;
      reads.size = earlier;
      reads.add(key, this.#cursor);
      reads.size = size;
      return this.#cursor.value;
    }
`,
    expect: ['block-order'],
  },
  {
    // Its validation may pass before the value is replaced; and if no location is new, nobody validates it again.
    ...thread,
    what: 'a read takes an ESTIMATE for a value',
    find: '      if (!this.#cursor.isEstimate) break;\n',
    replace: '      break;\n',
    expect: ['block-order'],
  },
  {
    ...thread,
    what: 'a key that an earlier incarnation may have read is not entered into the read set when it is read again',
    find: '    reads.add(key, this.#cursor);\n',
    replace: '    if (this.#current.incarnation === 0) reads.add(key, this.#cursor);\n',
    expect: ['block-order'],
  },
  {
    ...thread,
    what: 'a transaction that reverts keeps its writes',
    find: '    if (outcome === REVERTED) current.writes.clear();\n',
    replace: '',
    expect: ['block-order'],
  },
  {
    // The check before executing again saves an execution that would end at the same estimate.
    ...thread,
    what: 'an incarnation starts without looking whether it is still blocked',
    find: '    if (incarnation > 0 && !this.#suspends && (yield* this.#stillBlocked())) return;\n',
    replace: '',
    expect: [],
  },
  {
    ...scheduler,
    what: 'rolling: a new location begins no wave (R1)',
    find: '    if (wroteNewLocation && this.#commits !== undefined) yield* this.#commits.trigger(txn);\n',
    replace: '',
    expect: ['block-order'],
    options: rolling,
  },
  {
    ...thread,
    what: 'rolling: a validation carries the wave in which it ends (R2)',
    find: 'yield* commits.validated(txn, this.#task.wave);',
    replace: 'yield* commits.validated(txn, yield* commits.current());',
    expect: ['block-order'],
    options: rolling,
  },
  {
    ...commits,
    what: 'rolling: waves that began below are forgotten once those are committed',
    find: 'return Math.max(yield* this.#commit.load(COMMIT_WAVE), yield* this.#triggered.load(txn));',
    replace: 'return yield* this.#triggered.load(txn);',
    expect: ['block-order'],
    options: rolling,
  },
  {
    ...commits,
    what: 'rolling: whoever commits does not look again after the lock is released (R4)',
    find: '    while ((yield* this.#finalIncarnation(statuses)) >= 0) {',
    replace: '    if ((yield* this.#finalIncarnation(statuses)) >= 0) {',
    expect: ['incomplete'],
    options: rolling,
  },
  {
    ...commits,
    what: 'rolling: commits without the lock (R3)',
    find: '      if ((yield* this.#lock.exchange(0, 1)) !== 0) return;\n',
    replace: '',
    expect: ['block-order', 'incomplete', 'unknown', 'RangeError'],
    options: rolling,
  },
  {
    ...commits,
    what: 'rolling: commits what has executed, validated or not',
    find: 'return (yield* this.#validated.load(txn)) > (yield* this.#lastWave(txn)) ? incarnation : -1;',
    replace: 'return incarnation;',
    expect: ['block-order'],
    options: rolling,
  },
];

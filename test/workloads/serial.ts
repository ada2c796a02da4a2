/** Runs blocks one transaction after the other, without any machine, and notes what each of them touches. */
import type { Steps, Transaction } from '../../harness/machine/machine.ts';
import { seededRandom } from '../../workloads/random.ts';
import { type Block, COMMITTED, type KeySets, type Workload, type z } from '../../workloads/workload.ts';

export interface Touched {
  readonly reads: readonly number[];
  readonly writes: readonly number[];
  readonly work: number;
}

export interface SerialRun {
  readonly state: Float64Array;
  readonly outcomes: number[];
  /** What each transaction touched, in order of access, repeats included. */
  readonly touched: Touched[];
}

/** A block of a workload, its parameters completed by their defaults. */
export function makeBlock<S extends z.ZodObject>(
  workload: Workload<S>,
  given: z.input<S>,
  transactions: number,
  seed: number,
): Block {
  const parameters = workload.parameters.parse(given);
  const data = workload.generate(parameters, transactions, seededRandom(seed));
  return { ...data, procedures: workload.procedures };
}

/** Executes the block in the given order of its transactions; a reverted one leaves no writes. */
export function runSerially(block: Block, order: readonly number[] = inOrder(block)): SerialRun {
  let state = block.initial.slice();
  const outcomes: number[] = new Array(block.transactions).fill(-1);
  const touched: Touched[] = new Array(block.transactions);
  for (const t of order) {
    const after = state.slice();
    const attempt = execute(block, t, after);
    outcomes[t] = attempt.outcome;
    touched[t] = attempt;
    if (attempt.outcome === COMMITTED) state = after;
  }
  return { state, outcomes, touched };
}

/** Executes one transaction on a state, in place. */
export function execute(block: Block, t: number, state: Float64Array): Touched & { outcome: number } {
  const reads: number[] = [];
  const writes: number[] = [];
  let work = 0;
  const tx: Transaction = {
    *read(key) {
      if (!(key in state)) throw new RangeError(`transaction ${t} reads key ${key}`);
      reads.push(key);
      return state[key];
    },
    *write(key, value) {
      if (!(key in state)) throw new RangeError(`transaction ${t} writes key ${key}`);
      writes.push(key);
      state[key] = value;
    },
    work(units) {
      work += units;
    },
  };
  const procedure = block.procedures[block.procedure[t]];
  const outcome = drain(procedure(tx, block.args, block.argsFrom[t]));
  return { reads, writes, work, outcome };
}

function drain<T>(steps: Steps<T>): T {
  const iterator = steps[Symbol.iterator]();
  for (;;) {
    const step = iterator.next();
    if (step.done) return step.value;
  }
}

export function keysOf(sets: KeySets, t: number): number[] {
  return [...sets.keys.subarray(sets.from[t], sets.from[t + 1])];
}

/** The transactions in a random order. */
export function shuffled(count: number, seed: number): number[] {
  const random = seededRandom(seed);
  const order = Array.from({ length: count }, (_, t) => t);
  for (let last = count - 1; last > 0; last--) {
    const other = random.integer(last + 1);
    [order[last], order[other]] = [order[other], order[last]];
  }
  return order;
}

function inOrder(block: Block): number[] {
  return Array.from({ length: block.transactions }, (_, t) => t);
}

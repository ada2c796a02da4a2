/**
 * The serial executor that every run is compared with: one transaction after the other, in a given order,
 * over a plain array. It shares no code with any algorithm, and none with the machines but the digest.
 *
 * A transaction's writes go into the array at once, with the value before kept in a log; if it reverts, the
 * log is undone from its end. So a transaction reads its own writes, and leaves none when it reverts.
 */
import type { Block } from '../../workloads/workload.ts';
import { DIGEST_SEED, mix } from '../machine/digest.ts';
import { COMMITTED, type Outcome, REVERTED, type Steps, TRAP, type Transaction } from '../machine/machine.ts';
import { drain } from './drain.ts';

/** What a serial execution leaves behind; outcomes and digests are by transaction, not by position. */
export interface Replay {
  readonly outcomes: Int32Array;
  readonly digests: Int32Array;
  readonly state: Float64Array;
}

/** One access of a transaction: what it read, or what it wrote. */
export type Access = { readonly kind: 'read' | 'write'; readonly key: number; readonly value: number };

/** A procedure failed in the serial replay: the fault is the workload's, since nothing ran beside it. */
export class ReplayError extends Error {
  override readonly name = 'ReplayError';
}

/** Steps that are already over. One object serves every access: `yield*` takes its value before the next. */
class Finished<T> implements Iterable<undefined, T, undefined>, Iterator<undefined, T, undefined> {
  readonly result: { readonly done: true; value: T };

  constructor(value: T) {
    this.result = { done: true, value };
  }

  [Symbol.iterator](): this {
    return this;
  }

  next(): IteratorReturnResult<T> {
    return this.result;
  }
}

/** The view of a transaction that runs alone. `execute` runs one; the state afterwards includes it. */
export class SerialView implements Transaction {
  readonly state: Float64Array;
  /** The digest of what the last transaction read. */
  digest = DIGEST_SEED;

  readonly #block: Block;
  readonly #read = new Finished<number>(0);
  readonly #written = new Finished<void>(undefined);
  readonly #logKeys: number[] = [];
  readonly #logValues: number[] = [];
  #logged = 0;

  constructor(block: Block) {
    this.#block = block;
    this.state = Float64Array.from(block.initial);
  }

  /** Runs transaction t to its end. `tx` is what its procedure sees, if not this view itself. */
  execute(t: number, tx: Transaction = this): Outcome {
    this.digest = DIGEST_SEED;
    this.#logged = 0;
    const { procedures, procedure, args, argsFrom } = this.#block;
    let outcome: Outcome;
    try {
      outcome = drain(procedures[procedure[t]](tx, args, argsFrom[t]));
      if (outcome !== COMMITTED && outcome !== REVERTED) {
        throw new Error(`its outcome is ${outcome}, neither COMMITTED nor REVERTED`);
      }
    } catch (cause) {
      if (cause === TRAP) {
        this.#undo();
        return REVERTED;
      }
      const message = cause instanceof Error ? cause.message : String(cause);
      throw new ReplayError(`transaction ${t} failed in the serial replay: ${message}`, { cause });
    }
    if (outcome === REVERTED) this.#undo();
    return outcome;
  }

  read(key: number): Steps<number> {
    const { state } = this;
    if (key >>> 0 !== key || key >= state.length) throw this.#outside('read', key);
    const value = state[key];
    this.digest = mix(this.digest, value);
    this.#read.result.value = value;
    return this.#read;
  }

  write(key: number, value: number): Steps<void> {
    const { state } = this;
    if (key >>> 0 !== key || key >= state.length) throw this.#outside('write', key);
    this.#logKeys[this.#logged] = key;
    this.#logValues[this.#logged++] = state[key];
    state[key] = value;
    return this.#written;
  }

  work(_units: number): void {}

  #undo(): void {
    // From the end: the oldest entry of a key that was written twice is the one to stay.
    while (this.#logged > 0) {
      this.#logged--;
      this.state[this.#logKeys[this.#logged]] = this.#logValues[this.#logged];
    }
  }

  #outside(access: string, key: number): Error {
    return new Error(`it would ${access} key ${key}, and keys are 0 … ${this.state.length - 1}`);
  }
}

/** Executes the block serially in the given order. */
export function replay(block: Block, order: ArrayLike<number>): Replay {
  const view = new SerialView(block);
  const outcomes = new Int32Array(block.transactions).fill(-1);
  const digests = new Int32Array(block.transactions);
  for (let position = 0; position < order.length; position++) {
    const t = order[position];
    outcomes[t] = view.execute(t);
    digests[t] = view.digest;
  }
  return { outcomes, digests, state: view.state };
}

/** The accesses of one transaction, in the order it made them, when the block is replayed in this order. */
export function accessesOf(block: Block, order: ArrayLike<number>, transaction: number): Access[] {
  const view = new SerialView(block);
  for (let position = 0; position < order.length && order[position] !== transaction; position++) {
    view.execute(order[position]);
  }
  const accesses: Access[] = [];
  view.execute(transaction, {
    read(key) {
      const steps = view.read(key);
      accesses.push({ kind: 'read', key, value: view.state[key] });
      return steps;
    },
    write(key, value) {
      accesses.push({ kind: 'write', key, value });
      return view.write(key, value);
    },
    work() {},
  });
  return accesses;
}

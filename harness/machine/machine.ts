/**
 * What an algorithm sees of a machine: shared words and values, memory to allocate them from, and cores.
 *
 * Everything here is written once as coroutines. On the simulated machine a call returns its steps and
 * `yield*` runs them; on the threads machine the coroutines are erased, so the same call is plain code
 * and returns its result (DESIGN.md, rule 1). `Erased` is that step, for the type checker.
 */
/** A computation that returns T and may pause before each shared access. Run it with `yield*`, always. */
export type Steps<T> = Iterable<undefined, T, undefined>;

/** The interface T as it is after erasure: a method that returned Steps<R> returns R. */
export type Erased<T> = {
  [K in keyof T]: T[K] extends (...args: infer A) => Steps<infer R> ? (...args: A) => R : T[K];
};

/** Bytes of a cache line: what padding means, on both machines. */
export const LINE_BYTES = 64;

/**
 * Shared 32-bit integers. Each access is atomic and sequentially consistent, and is one scheduling point,
 * which lies before it.
 */
export interface Words {
  readonly name: string;
  readonly length: number;
  load(index: number): Steps<number>;
  store(index: number, value: number): Steps<void>;
  /** Adds `delta`; returns the value before. */
  add(index: number, delta: number): Steps<number>;
  /** Returns the value before. */
  exchange(index: number, value: number): Steps<number>;
  /** Stores `replacement` if the word is `expected`; returns the value before. */
  compareExchange(index: number, expected: number, replacement: number): Steps<number>;
  /**
   * Blocks the core while the word is `value`. Whoever changes the word must `wake` it afterwards: a core
   * that is parked looks at the word again only then. True once the word differs; false if `timeout_ns`
   * passed first.
   */
  waitWhile(index: number, value: number, timeout_ns?: number): Steps<boolean>;
  /** Lets every core that waits on the word look at it again. Cheap when nobody waits. */
  wake(index: number): Steps<void>;
  /** The word without a step and without a cost. Only before and after a run. */
  peek(index: number): number;
  /** Sets the word without a step and without a cost. Only before and after a run. */
  poke(index: number, value: number): void;
}

/**
 * Shared float64 values. An access does not tear, but carries no ordering of its own: publish a value by a
 * word that is stored after it and loaded before it.
 */
export interface Values {
  readonly name: string;
  readonly length: number;
  load(index: number): Steps<number>;
  store(index: number, value: number): Steps<void>;
  /** As `Words.peek`. */
  peek(index: number): number;
  /** As `Words.poke`. */
  poke(index: number, value: number): void;
}

/** How elements lie on cache lines: side by side, or each on lines of its own. */
export type Layout = 'packed' | 'padded';

/** The fields of a record: a word, a value, or so many words in a row. */
export type Fields = Readonly<Record<string, 'word' | 'value' | readonly ['words', number]>>;

/** One view a field; `views.field.load(i)` is that field of record i. */
export type Views<F extends Fields> = {
  readonly [K in keyof F]: F[K] extends 'word' ? Words : F[K] extends 'value' ? Values : Words[];
};

/**
 * Allocates named shared regions. The same calls in the same order allocate the first time and attach to
 * the same memory in every worker after that. All regions start as zeros, each on a line of its own.
 */
export interface Memory {
  words(name: string, length: number, layout?: Layout): Words;
  values(name: string, length: number, layout?: Layout): Values;
  /** Records whose fields lie together, so that a record's first access fetches the others. */
  records<F extends Fields>(name: string, length: number, fields: F, layout?: Layout): Views<F>;
}

/** What `execute` returns besides a transaction's own outcome: the view threw ABORT. */
export const ABORTED = -1;
/** A transaction's outcomes: it took effect, or it reverted, a normal end that leaves no writes. */
export const COMMITTED = 0;
export const REVERTED = 1;
export type Outcome = typeof COMMITTED | typeof REVERTED;

/** Thrown by a view to give up the current attempt. One object for all, so that throwing allocates nothing. */
export const ABORT: { readonly abort: true } = Object.freeze({ abort: true });

/**
 * Thrown by a procedure whose state makes no sense to it, as a contract traps: the transaction reverts. A
 * doomed attempt may trap on an inconsistent state; like any attempt that reverts, it must be validated.
 */
export const TRAP: { readonly trap: true } = Object.freeze({ trap: true });

/** How a transaction reaches its keys under an algorithm, which implements it. May throw ABORT. */
export interface View {
  read(key: number): Steps<number>;
  write(key: number, value: number): Steps<void>;
}

/** What a procedure sees: the view, and the virtual machine's own computing. */
export interface Transaction extends View {
  /** Computes for so many units; a unit is about a nanosecond on a current server core. */
  work(units: number): void;
}

/**
 * One contract's code. Deterministic: what it does follows from its arguments and what it reads.
 * Its arguments are `args[at]`, `args[at + 1]`, …
 */
export type Procedure = (tx: Transaction, args: Float64Array, at: number) => Steps<Outcome>;

/**
 * What a core does. A trace shows it: an attempt executes until its procedure has ended and commits from there; what is
 * outside of attempts is the engine's own. An algorithm may declare a finer division.
 */
export type Phase = 'execute' | 'commit' | 'validate' | 'back-off' | 'engine';

/** One core of a machine, as an algorithm's code on it sees it. */
export interface Core {
  readonly id: number;
  /** How many cores run the block. */
  readonly count: number;
  /** A uniform integer in [0, bound), from this core's own seeded stream. */
  random(bound: number): number;
  /** Nanoseconds since the block started, on this core. */
  now(): number;
  /** Computes for so many units, as `Transaction.work`. */
  work(units: number): void;
  /** Tells the machine that the core spins. */
  pause(): Steps<void>;

  /** An attempt at the transaction starts here. */
  begin(transaction: number): void;
  /** Runs the transaction's procedure over the view. ABORTED if the view threw ABORT; a TRAP reverts. */
  execute(transaction: number, view: View): Steps<Outcome | typeof ABORTED>;
  /** The attempt is complete, though what it did may still be undone (Block-STM's EXECUTED). */
  finish(transaction: number): void;
  /**
   * An attempt is undone, for one of the causes that the algorithm declares: the one that is open on this core, or if
   * none is, a complete one of the transaction's.
   */
  abort(cause: string, transaction?: number): void;
  /** The last attempt stands. `point` is its serialization number where the witness is points. */
  commit(transaction: number, point?: number): void;
  /** Counts one event of a kind that the algorithm declares. */
  tally(counter: string): void;
  /**
   * For traces: from here on the core does this, for the transaction if none is open; until it says otherwise, or an
   * attempt begins or ends.
   */
  phase(phase: Phase, transaction?: number): void;

  /** Witness by versions, before commit: the transaction that commits next read this version of the key. */
  witnessRead(key: number, version: number): void;
  /** Witness by versions, before commit: it wrote `version` of the key, over `overwritten`. */
  witnessWrite(key: number, version: number, overwritten: number): void;
}

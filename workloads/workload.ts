/**
 * The contract between a workload and the harness. A workload turns parameters and a seed into blocks, says
 * which keys each transaction may touch, and can tell by itself whether a final state is possible.
 */
import type { z } from 'zod';
import type { Procedure } from '../harness/machine/machine.ts';

export { z } from 'zod';
export type { Outcome, Procedure, Steps, Transaction } from '../harness/machine/machine.ts';
export { COMMITTED, REVERTED, TRAP } from '../harness/machine/machine.ts';

/** Which keys each transaction may touch: transaction t's are `keys[from[t]] … keys[from[t + 1] - 1]`. */
export interface KeySets {
  readonly from: Int32Array;
  readonly keys: Int32Array;
}

/** What transactions declare before they run: supersets of what they will read and of what they will write. */
export interface AccessSets {
  readonly reads: KeySets;
  readonly writes: KeySets;
}

/** A block without its code: plain data, which a worker can be sent. Typed arrays may lie in shared memory. */
export interface BlockData {
  /** How many transactions; their order is their index. */
  readonly transactions: number;
  /** How many keys; a key is an integer in [0, keys). */
  readonly keys: number;
  /** The value of each key before the block. */
  readonly initial: Float64Array;
  /** Which procedure each transaction calls, as an index into the workload's `procedures`. */
  readonly procedure: Uint8Array;
  /** Transaction t's arguments are `args[argsFrom[t]] … args[argsFrom[t + 1] - 1]`. */
  readonly args: Float64Array;
  readonly argsFrom: Int32Array;
  /** No transaction reads, or writes, more distinct keys than this. At least 1. */
  readonly maxReads: number;
  readonly maxWrites: number;
  /** Only where the algorithm asks for them. */
  readonly accessSets?: AccessSets;
}

/** A block: n transactions in a preset order, an initial state, and the procedures they call. */
export interface Block extends BlockData {
  readonly procedures: readonly Procedure[];
}

/** A source of randomness: one seeded stream. */
export interface Random {
  /** A uniform integer in [0, bound); bound is at most 2^32. */
  integer(bound: number): number;
  /** A uniform float in [0, 1) with 53 bits. */
  unit(): number;
}

/** A workload's declaration. */
export interface Workload<S extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  /** What it does in a line, for `contend list`. */
  readonly summary: string;
  /** Where it comes from. */
  readonly source: string;
  /** The parameters with their defaults and a description each. */
  readonly parameters: S;
  readonly procedures: readonly Procedure[];
  /** Makes a block of so many transactions. All its randomness is `random`. */
  generate(parameters: z.output<S>, transactions: number, random: Random): BlockData;
  /** The declared access sets of a block that `generate` made; keys in any order, repeated or not. */
  accessSets(block: BlockData): AccessSets;
  /**
   * The workload's own invariant on the state after the block, given each transaction's outcome: what is
   * broken, in a sentence, or nothing. Holds after every serial execution in any order.
   */
  check(block: BlockData, state: Float64Array, outcomes: ArrayLike<number>): string | undefined;
}

/** Declares a workload: the identity, for its types. */
export function defineWorkload<S extends z.ZodObject>(workload: Workload<S>): Workload<S> {
  return workload;
}

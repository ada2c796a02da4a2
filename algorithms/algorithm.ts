/**
 * The contract between an algorithm and the harness. An algorithm is a file that exports a declaration as
 * its default; the declaration holds all that the harness must know of it, and the harness knows no name.
 */
import type { z } from 'zod';
import type { Core, Memory, Steps } from '../harness/machine/machine.ts';
import type { Block } from '../workloads/workload.ts';

export { z } from 'zod';
export type {
  Core,
  Fields,
  Memory,
  Outcome,
  Steps,
  Transaction,
  Values,
  View,
  Views,
  Words,
} from '../harness/machine/machine.ts';
export { ABORT, ABORTED, COMMITTED, REVERTED, TRAP } from '../harness/machine/machine.ts';
export type { AccessSets, Block } from '../workloads/workload.ts';

/**
 * What a run is promised to be equivalent to: the block executed in its preset order; in some serial order;
 * or less than that. The last two are for controls, which verification must reject where an anomaly occurs.
 */
export type Guarantee = 'block-order' | 'serializable' | 'snapshot-isolation' | 'none';

/**
 * How an algorithm tells the serial order of its run: it is the block's order; each transaction commits with
 * a serialization number (`core.commit(t, point)`); or it reports the versions it read and overwrote
 * (`core.witnessRead`, `core.witnessWrite`) and the order is found from them.
 */
export type WitnessForm = 'preset' | 'points' | 'versions';

/**
 * Which access sets an algorithm wants to find in `block.accessSets`: none; what the transactions declare,
 * supersets of what they do; or exactly what they do in the block's order, as an oracle knows it.
 */
export type AccessSetNeed = 'none' | 'declared' | 'exact';

/** What an algorithm is made from, in the main thread and again in each worker. */
export interface Context<O> {
  readonly memory: Memory;
  readonly block: Block;
  /** How many cores will run it. */
  readonly cores: number;
  readonly options: O;
}

/** An algorithm made ready for one run of one block. */
export interface Instance {
  /** Brings the shared memory, all zeros, to its state at the start of the block. By one core, untimed. */
  load(): void;
  /** What each core does until the block is done. */
  run(core: Core): Steps<void>;
  /** The value of a key after the run. */
  state(key: number): number;
}

/** An algorithm's declaration. */
export interface Algorithm<S extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  /** Its idea in a line, for `contend list`. */
  readonly summary: string;
  /** Where it comes from: authors, title, venue, year. */
  readonly source: string;
  readonly guarantee: Guarantee | ((options: z.output<S>) => Guarantee);
  readonly witness: WitnessForm | ((options: z.output<S>) => WitnessForm);
  /** The options with their defaults and a description each: `z.object({ policy: z.enum(…).default(…) })`. */
  readonly options: S;
  /** The causes for which `core.abort` is called. */
  readonly aborts: readonly string[];
  /** What `core.tally` counts. */
  readonly counters?: readonly string[];
  readonly accessSets?: AccessSetNeed | ((options: z.output<S>) => AccessSetNeed);
  /**
   * Whether no attempt, whatever becomes of it, sees a state that no serial order gives (Guerraoui, Kapalka: On the
   * Correctness of Transactional Memory. PPoPP 2008). If not, which is what is assumed, procedures may have to
   * end in states that they were not written for.
   */
  readonly opaque?: boolean;
  create(context: Context<z.output<S>>): Instance;
}

/** Declares an algorithm: the identity, for its types. */
export function defineAlgorithm<S extends z.ZodObject>(algorithm: Algorithm<S>): Algorithm<S> {
  return algorithm;
}

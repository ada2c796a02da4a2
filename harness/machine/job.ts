/** A job: one block to be executed by one algorithm on so many cores of some machine. */
import type { Algorithm } from '../../algorithms/algorithm.ts';
import type { BlockData, Workload } from '../../workloads/workload.ts';

/** A declaration and where it was loaded from: a name in the registry, or a module's URL. */
export interface Loaded<D> {
  readonly reference: string;
  readonly declaration: D;
}

export interface Job {
  readonly algorithm: Loaded<Algorithm>;
  /** Complete: every default filled in. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly workload: Loaded<Workload>;
  readonly block: BlockData;
  readonly cores: number;
  /** Seeds the cores' random streams and the machine's own choices. */
  readonly seed: number;
  /** Keep digests and witness. Off only to measure what the audit costs; such a run cannot be verified. */
  readonly audit: boolean;
}

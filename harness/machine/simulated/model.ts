/** A machine model: what the simulated machine's accesses cost, as data. Times in nanoseconds. */

/** A group of so many neighbouring cores within which a line moves from one cache to another in this time. */
export interface Domain {
  /** A power of two. */
  readonly cores: number;
  readonly transfer_ns: number;
}

export interface MachineModel {
  readonly name: string;
  readonly summary: string;
  /** How many cores it has. */
  readonly cores: number;
  /** From the smallest to the whole machine, each a multiple of the one before. */
  readonly domains: readonly Domain[];
  /** A load or store that hits the core's own cache. */
  readonly hit_ns: number;
  /** What an atomic read-modify-write, or a store to a word, costs on top once the line is there; it holds it. */
  readonly atomic_ns: number;
  /** A line that no cache has. */
  readonly memory_ns: number;
  /** `core.pause()`. */
  readonly pause_ns: number;
  /** One unit of `work`. */
  readonly work_ns: number;
  /** Where each figure comes from; a figure without a source is named a guess. */
  readonly sources: Readonly<Record<string, string>>;
}

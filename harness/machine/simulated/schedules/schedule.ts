/** What decides which core takes the next step. The simulated machine runs under any of them. */
export interface Schedule {
  /** The core may step, at `time` by its own clock. For a core that waits already: at this time instead. */
  add(core: number, time: number): void;
  /** Takes out the core that steps next, or -1 if none may. */
  next(): number;
  /**
   * The time before which the core just taken may go on without asking again, because it would be taken
   * again anyway. -Infinity where every step is a choice.
   */
  horizon(): number;
}

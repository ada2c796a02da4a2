/** What there is to do: configurations, and which of their repetitions. */
import type { Configuration } from './configuration.ts';

export interface Work {
  readonly configuration: Configuration;
  /** From 1; a simulated run repeats itself, so of that there is one. */
  readonly repetitions: readonly number[];
  /** Throughputs of the valid ones that are done already, in transactions a second. */
  readonly earlier?: readonly number[];
}

/** Each configuration whole: on real threads so many repetitions, simulated one. */
export function workOf(configurations: readonly Configuration[], repetitions: number): Work[] {
  return configurations.map((configuration) => ({
    configuration,
    repetitions: Array.from({ length: trialsOf(configuration, repetitions) }, (_, at) => at + 1),
  }));
}

/** How many trials measuring a configuration takes. */
export function trialsOf({ model }: Configuration, repetitions: number): number {
  return model === undefined ? repetitions : 1;
}

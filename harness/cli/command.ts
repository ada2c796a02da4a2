/** The contract between a command and the command line. */
import type { Options, PositionalOptions } from 'yargs';
import type { Terminal } from './terminal.ts';

/** What the user typed, by option and positional; nothing is converted but flags. */
export type Args = Readonly<Record<string, unknown>>;

/** Exit statuses: all well; a verdict or a claim failed; wrong usage. */
export const [OK, FAILED, USAGE] = [0, 1, 2];

export interface Command {
  /** The command's name and positionals, as yargs has them: `run [algorithm]`. */
  readonly usage: string;
  readonly summary: string;
  readonly positionals?: Readonly<Record<string, PositionalOptions>>;
  readonly options: Readonly<Record<string, Options>>;
  /** Command lines without the leading `contend`, and what each does. */
  readonly examples: readonly (readonly [command: string, meaning: string])[];
  /** What else a user should know. */
  readonly notes?: string;
  /** Does it; returns the exit status. */
  run(args: Args, terminal: Terminal): Promise<number>;
}

export function nameOf(command: Command): string {
  return command.usage.split(' ')[0];
}

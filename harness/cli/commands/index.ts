/** The registry of commands, in the order in which help lists them. A command line loads the one that it names. */
import { installResolver } from '../../machine/threads/hooks.ts';
import type { Command } from '../command.ts';

// A user's file imports the contracts by the package's name, wherever it lies.
installResolver();

export const commands: Readonly<Record<string, () => Promise<Command>>> = {
  list: async () => (await import('./list.ts')).list,
  run: async () => (await import('./run.ts')).run,
  compare: async () => (await import('./compare.ts')).compare,
  sweep: async () => (await import('./sweep.ts')).sweep,
  chart: async () => (await import('./chart.ts')).chart,
  report: async () => (await import('./report.ts')).report,
  reproduce: async () => (await import('./reproduce.ts')).reproduce,
  merge: async () => (await import('./merge.ts')).mergeCommand,
  columns: async () => (await import('./columns.ts')).columns,
  calibrate: async () => (await import('./calibrate.ts')).calibrate,
  schema: async () => (await import('./schema.ts')).schema,
  check: async () => (await import('./check.ts')).check,
  replay: async () => (await import('./replay.ts')).replay,
  trace: async () => (await import('./trace.ts')).trace,
  new: async () => (await import('./new.ts')).newCommand,
};

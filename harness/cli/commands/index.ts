/** The commands, in the order in which help lists them. */
import { installResolver } from '../../machine/threads/hooks.ts';
import type { Command } from '../command.ts';
import { calibrate } from './calibrate.ts';
import { chart } from './chart.ts';
import { check } from './check.ts';
import { columns } from './columns.ts';
import { compare } from './compare.ts';
import { list } from './list.ts';
import { mergeCommand } from './merge.ts';
import { newCommand } from './new.ts';
import { replay } from './replay.ts';
import { report } from './report.ts';
import { reproduce } from './reproduce.ts';
import { run } from './run.ts';
import { schema } from './schema.ts';
import { sweep } from './sweep.ts';
import { trace } from './trace.ts';

// A user's file imports the contracts by the package's name, wherever it lies.
installResolver();

export const commands: readonly Command[] = [
  list,
  run,
  compare,
  sweep,
  chart,
  report,
  reproduce,
  mergeCommand,
  columns,
  calibrate,
  schema,
  check,
  replay,
  trace,
  newCommand,
];

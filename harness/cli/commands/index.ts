/** The commands, in the order in which help lists them. */
import type { Command } from '../command.ts';
import { compare } from './compare.ts';
import { list } from './list.ts';
import { run } from './run.ts';

export const commands: readonly Command[] = [list, run, compare];

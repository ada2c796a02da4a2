/** `contend report`: a results folder as one page. */
import { UserError } from '../../experiment/user-error.ts';
import { text } from '../arguments.ts';
import { type Args, type Command, OK } from '../command.ts';
import type { Terminal } from '../terminal.ts';

export const report: Command = {
  usage: 'report [folder]',
  summary: 'Writes a results folder as one page that opens from disk without a network: report.html.',
  positionals: { folder: { type: 'string', description: 'a results folder' } },
  options: {
    out: {
      type: 'string',
      requiresArg: true,
      description: 'the file to write',
      defaultDescription: 'report.html, in the folder',
    },
  },
  examples: [
    ['report results/quickstart', 'charts, tables, verdicts and the commands that run each row again'],
  ],
  notes: 'Exit status: 0 written; 2 wrong usage, or no results folder.',

  async run(args: Args, terminal: Terminal): Promise<number> {
    const folder = text(args, 'folder');
    if (folder === undefined) throw new UserError('a report of what? give a results folder');
    // The charts' packages take a while to load, and no other command needs them.
    const { writeReport } = await import('../../report/html/report.ts');
    terminal.out(` report in ${await writeReport(folder, { out: text(args, 'out') })}\n`);
    return OK;
  },
};

/** `contend columns`: what the columns of the results files mean. */
import { columns as all, type Column } from '../../experiment/columns.ts';
import { unknown } from '../../experiment/configuration.ts';
import { columnTable } from '../../report/catalogue.ts';
import { text } from '../arguments.ts';
import { type Args, type Command, OK } from '../command.ts';
import type { Terminal } from '../terminal.ts';

const FILES: readonly Column['files'][number][] = ['runs', 'rejected', 'summary'];

export const columns: Command = {
  usage: 'columns [file]',
  summary: 'Explains every column of runs.csv, rejected.csv and summary.csv.',
  positionals: { file: { type: 'string', description: 'runs, rejected or summary; all by default' } },
  options: { json: { type: 'boolean', description: 'print JSON instead' } },
  examples: [
    ['columns', 'every column, in the order in which they stand in the files'],
    ['columns summary --json', 'those of summary.csv, for a program'],
  ],
  notes: 'A blank cell says that there is nothing to say: no such option, not measured, not known.',

  async run(args: Args, terminal: Terminal): Promise<number> {
    const file = text(args, 'file')?.replace(/\.csv$/, '');
    const known: readonly string[] = FILES;
    if (file !== undefined && !known.includes(file)) throw unknown('results file', file, known);
    const shown = all.filter(
      ({ files }) => file === undefined || (files as readonly string[]).includes(file),
    );
    terminal.out(args.json ? `${JSON.stringify(shown, null, 2)}\n` : `${columnTable(shown, terminal)}\n`);
    return OK;
  },
};

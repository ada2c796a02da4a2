/** `contend merge`: the shards of a sweep, joined. */
import { merge } from '../../experiment/merge.ts';
import { UserError } from '../../experiment/user-error.ts';
import { counted } from '../../report/units.ts';
import { labelOf, machineOf, workloadLabelOf } from '../../report/words.ts';
import { text } from '../arguments.ts';
import { type Args, type Command, FAILED, OK } from '../command.ts';
import { present, REPORT_FLAG } from '../presenting.ts';
import type { Terminal } from '../terminal.ts';

/** So many missing trials are named; of the others it is said how many. */
const MOST_NAMED = 20;

export const mergeCommand: Command = {
  usage: 'merge [folders..]',
  summary:
    'Joins the results folders of one experiment, as the shards of a sweep leave them, and names what is missing.',
  positionals: { folders: { type: 'string', array: true, description: 'results folders of contend sweep' } },
  options: {
    out: { type: 'string', requiresArg: true, description: 'the folder for the whole' },
    mixed: { type: 'boolean', description: 'join rows of differing environments, and record all of these' },
    overwrite: { type: 'boolean', description: 'start afresh, whatever the folder holds' },
    report: { type: 'boolean', description: REPORT_FLAG },
  },
  examples: [['merge results/parts/* --out results/contention', 'the shards in results/parts']],
  notes:
    'Merging again, or merging a shard that has more rows by now, adds what is new and changes nothing else.\n' +
    'Once no trial is missing the folder has what a sweep leaves, charts and report.html included.\n' +
    'Exit status: 0 complete; 1 trials are missing; 2 wrong usage, or folders that do not belong together.',

  async run(args: Args, terminal: Terminal): Promise<number> {
    const folders = ((args.folders ?? []) as unknown[]).map(String);
    if (folders.length === 0) throw new UserError('which folders? contend merge DIR… --out DIR');
    const out = text(args, 'out');
    if (out === undefined) throw new UserError('into which folder? contend merge DIR… --out DIR');
    const { added, missing, summaries } = await merge(folders, {
      out,
      mixed: args.mixed === true,
      overwrite: args.overwrite === true,
    });
    const rows = summaries.reduce((sum, { n, rejected }) => sum + n + rejected.length, 0);
    terminal.out(`${counted(rows, 'row')} in ${out}, ${added} of them new\n`);
    if (missing.length === 0) {
      if (args.report !== false) await present(out, terminal);
      return OK;
    }
    const named = missing.slice(0, MOST_NAMED).map(({ configuration: c, repetition }) => {
      return `  ${labelOf(c)} on ${workloadLabelOf(c)}; ${machineOf(c)}; seed ${c.seed}, repetition ${repetition}\n`;
    });
    const more = missing.length > MOST_NAMED ? `  and ${missing.length - MOST_NAMED} more\n` : '';
    terminal.err(`contend: ${counted(missing.length, 'trial')} missing:\n${named.join('')}${more}`);
    return FAILED;
  },
};

/** `contend sweep`: an experiment file, run into a results folder. */
import { join } from 'node:path';
import { readExperiment } from '../../experiment/file/experiment.ts';
import { runExperiment } from '../../experiment/sweep.ts';
import { UserError } from '../../experiment/user-error.ts';
import { isExpected } from '../../report/comparison.ts';
import { text } from '../arguments.ts';
import { type Args, type Command, FAILED, OK } from '../command.ts';
import { Progress } from '../progress.ts';
import type { Terminal } from '../terminal.ts';

export const sweep: Command = {
  usage: 'sweep [file]',
  summary: 'Runs an experiment, a grid of trials that a YAML file describes, into a results folder.',
  positionals: { file: { type: 'string', description: 'the experiment file' } },
  options: {
    out: {
      type: 'string',
      requiresArg: true,
      description: 'the results folder',
      defaultDescription: 'results/<name>',
    },
  },
  examples: [['sweep contention.yaml', 'every trial of the grid, to results/contention']],
  notes: 'Exit status: 0 all well; 1 a trial failed or was rejected; 2 wrong usage.',

  async run(args: Args, terminal: Terminal): Promise<number> {
    const file = text(args, 'file');
    if (file === undefined) throw new UserError('which experiment file? contend sweep FILE.yaml');
    const experiment = await readExperiment(file);
    const out = text(args, 'out') ?? join('results', experiment.name);
    const progress = new Progress(terminal, experiment.configurations, experiment.repetitions);
    const { summaries } = await runExperiment(experiment, {
      out,
      onProgress: (message) => progress.doing(message),
      onTrial: ({ configuration }) => progress.ended(configuration),
    });
    progress.clear();
    terminal.out(`results in ${out}\n`);
    return summaries.every((summary) => summary.rejected.length === 0 || isExpected(summary)) ? OK : FAILED;
  },
};

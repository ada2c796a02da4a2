/** `contend run`: one configuration, in full. */
import { join } from 'node:path';
import { algorithms } from '../../../algorithms/index.ts';
import { ResultsFolder } from '../../experiment/record.ts';
import { counterexampleOf } from '../../experiment/row.ts';
import { summarize } from '../../experiment/summary.ts';
import { UserError } from '../../experiment/user-error.ts';
import { workOf } from '../../experiment/work.ts';
import { commandFor } from '../../report/command.ts';
import { runReport } from '../../report/run-report.ts';
import { settings, text } from '../arguments.ts';
import { type Args, type Command, FAILED, OK } from '../command.ts';
import { anAlgorithm, aWorkload } from '../examples.ts';
import { jsonOf, measured } from '../measuring.ts';
import { Progress } from '../progress.ts';
import type { Terminal } from '../terminal.ts';
import { configurationOf, repetitionsOf, trialOptions } from '../trials.ts';

export const run: Command = {
  usage: 'run [algorithm]',
  summary: 'Runs one algorithm on one workload and machine, verifies it, and says where the time went.',
  positionals: {
    algorithm: { type: 'string', description: 'a name of `contend list algorithms`, or a .ts file' },
  },
  options: trialOptions,
  examples: [
    [`run ${anAlgorithm} --set accounts=10 --cores 8`, "simulated, on 8 of server-32's cores"],
    [`run ${anAlgorithm} --workload ${aWorkload} --machine threads`, "measured, on all of this host's cores"],
    ['run ./mine.ts --out results/mine', 'an algorithm of your own, with its rows kept'],
  ],
  notes: 'Exit status: 0 valid; 1 a verdict was not valid, also of a control; 2 wrong usage.',

  async run(args: Args, terminal: Terminal): Promise<number> {
    const repetitions = repetitionsOf(args);
    const out = text(args, 'out');
    const configuration = await configurationOf(args, {
      algorithm: wanted(args),
      options: settings(args, 'option'),
    });
    const configurations = [configuration];
    const folder =
      out === undefined
        ? undefined
        : new ResultsFolder(out, { experiment: 'run', configurations, repetitions });
    const progress = new Progress(terminal, workOf(configurations, repetitions));
    const trials = await measured(configurations, { repetitions, progress, folder, terminal });
    folder?.close();
    const [summary] = summarize(trials);
    const [rejected] = summary.rejected;
    if (args.json) {
      terminal.out(`${JSON.stringify(jsonOf(summary, trials, repetitions), null, 2)}\n`);
    } else {
      const evidence = out !== undefined && rejected ? join(out, counterexampleOf(rejected)) : undefined;
      const command = commandFor(configuration, { repetitions });
      terminal.out(`${runReport(summary, command, terminal, evidence)}\n`);
      if (out !== undefined) terminal.out(`  results in ${out}\n`);
    }
    return rejected === undefined ? OK : FAILED;
  },
};

function wanted(args: Args): string {
  if (args.algorithm !== undefined && args.algorithm !== '') return String(args.algorithm);
  throw new UserError(`which algorithm? known: ${Object.keys(algorithms).join(', ')}; or a .ts file`);
}

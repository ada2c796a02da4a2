/** `contend trace`: what each core did when, as a file for a viewer or as a picture. */
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { dirname, extname } from 'node:path';
import { algorithms } from '../../../algorithms/index.ts';
import { type Configuration, unknown } from '../../experiment/configuration.ts';
import { contendVersion } from '../../experiment/environment.ts';
import { requestOf } from '../../experiment/identity.ts';
import { makeFolder } from '../../experiment/record.ts';
import { summarize } from '../../experiment/summary.ts';
import type { Trial } from '../../experiment/trial.ts';
import { UserError } from '../../experiment/user-error.ts';
import { workOf } from '../../experiment/work.ts';
import type { Trace } from '../../machine/trace.ts';
import { traceCommandFor } from '../../report/command.ts';
import { runReport } from '../../report/run-report.ts';
import { timelineSvg } from '../../report/timeline/timeline.ts';
import { traceFile } from '../../report/timeline/trace-events.ts';
import { counted } from '../../report/units.ts';
import { anomalyName, labelOf, machineOf, reasonOf, workloadLabelOf } from '../../report/words.ts';
import { settings, text } from '../arguments.ts';
import { type Args, type Command, FAILED, OK } from '../command.ts';
import { anAlgorithm, aWorkload } from '../examples.ts';
import { jsonOf, measured } from '../measuring.ts';
import { Progress } from '../progress.ts';
import type { Terminal } from '../terminal.ts';
import { configurationOf, trialOptions } from '../trials.ts';

const FORMATS = ['json', 'svg', 'png'] as const;
type Format = (typeof FORMATS)[number];

const { repetitions: _repetitions, out: _out, ...options } = trialOptions;

export const trace: Command = {
  usage: 'trace [algorithm]',
  summary: 'Runs one algorithm once, verifies it, and writes a timeline: what each core did when.',
  positionals: {
    algorithm: { type: 'string', description: 'a name of `contend list algorithms`, or a .ts file' },
  },
  options: {
    ...options,
    format: {
      type: 'string',
      requiresArg: true,
      description: 'json: trace events, for ui.perfetto.dev; svg or png: a picture, best of a small block',
      defaultDescription: "as the file's name ends, or json",
    },
    out: {
      type: 'string',
      requiresArg: true,
      description: 'the file to write',
      defaultDescription: 'a name of its own under results/trace',
    },
  },
  examples: [
    [`trace ${anAlgorithm} --set accounts=10 --cores 8`, 'open the file that it writes at ui.perfetto.dev'],
    [`trace ${anAlgorithm} --transactions 60 --cores 4 --out timeline.svg`, 'a small block as a picture'],
    [`trace ${anAlgorithm} --workload ${aWorkload} --machine threads`, 'measured, on real threads'],
  ],
  notes:
    'Simulated times are exact. On real threads the recorder reads the clock at each event, which slows short ' +
    'transactions down. Exit status: 0 valid; 1 the verdict is not valid (the file is written all the same); 2 wrong usage.',

  async run(args: Args, terminal: Terminal): Promise<number> {
    const out = text(args, 'out');
    const format = formatOf(text(args, 'format'), out);
    const configuration = await configurationOf(args, {
      algorithm: wanted(args),
      options: settings(args, 'option'),
    });
    const file = out ?? defaultFile(configuration, format);
    refuseUnwritable(file);
    const progress = new Progress(terminal, workOf([configuration], 1));
    const measuring = { repetitions: 1, progress, folder: undefined, terminal, trace: true };
    const trials = await measured([configuration], measuring);
    const [{ trace: recorded, verdict }] = trials;
    if (recorded === undefined) throw new Error(`there was no run to trace: ${reasonOf(verdict)}`);
    writeFileSync(file, await contentOf(trials[0], recorded, format));
    const [summary] = summarize(trials);
    if (args.json) {
      const json = jsonOf(summary, trials, 1) as object;
      terminal.out(`${JSON.stringify({ ...json, file, format }, null, 2)}\n`);
    } else {
      const command = traceCommandFor(configuration);
      const hint =
        format === 'json' ? ': open it at https://ui.perfetto.dev, which keeps it on this host' : '';
      terminal.out(`${runReport(summary, command, terminal)}\n  timeline in ${file}${hint}\n`);
    }
    return summary.rejected.length === 0 ? OK : FAILED;
  },
};

function wanted(args: Args): string {
  if (args.algorithm !== undefined && args.algorithm !== '') return String(args.algorithm);
  throw new UserError(`which algorithm? known: ${Object.keys(algorithms).join(', ')}; or a .ts file`);
}

function formatOf(given: string | undefined, out: string | undefined): Format {
  const ending = out === undefined ? '' : extname(out).slice(1).toLowerCase();
  const format = given ?? (ending === '' ? 'json' : ending);
  if ((FORMATS as readonly string[]).includes(format)) return format as Format;
  throw unknown(given === undefined ? "ending of the timeline's file" : 'format', format, FORMATS);
}

function defaultFile(configuration: Configuration, format: Format): string {
  const { algorithm, cores, machine, workload } = configuration;
  const words = [algorithm.declaration.name, workload.declaration.name, machine, `${cores}`];
  return `results/trace/${words.join('-').replaceAll(/[^\w.-]+/g, '-')}.${format}`;
}

async function contentOf(
  { configuration, guarantee, metrics, verdict }: Trial,
  recorded: Trace,
  format: Format,
): Promise<string | Buffer> {
  const title = `${labelOf(configuration)} on ${workloadLabelOf(configuration)}`;
  const judged = verdict.verdict === 'invalid' ? `invalid: ${anomalyName(verdict.anomaly)}` : verdict.verdict;
  const subtitle = `${machineOf(configuration)}; ${counted(configuration.transactions, 'transaction')}; ${judged}`;
  if (format !== 'json') {
    const svg = timelineSvg(recorded, { title, subtitle });
    if (format === 'svg') return svg;
    // Only now: it brings the whole of the charts along.
    const { renderPng } = await import('../../report/charts/render.ts');
    return renderPng(svg);
  }
  return traceFile(recorded, `${title}; ${subtitle}`, {
    contend: contendVersion(),
    time: configuration.model === undefined ? 'measured' : 'simulated',
    configuration: requestOf(configuration),
    guarantee,
    verdict: judged,
    makespan_ns: metrics.makespan_ns,
    command: traceCommandFor(configuration),
  });
}

/** Throws a UserError where the file cannot be written, before anything is run. */
function refuseUnwritable(file: string): void {
  try {
    makeFolder(dirname(file));
    closeSync(openSync(file, 'a'));
  } catch (error) {
    throw new UserError(`cannot write ${file}: ${(error as Error).message}`);
  }
}

/** `contend reproduce`: a paper's experiment, and what becomes of its claims. */
import { existsSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type Agreement, agreement } from '../../claims/agreement.ts';
import { check, type Finding } from '../../claims/claim.ts';
import type { Configuration } from '../../experiment/configuration.ts';
import { type Experiment, readExperiment } from '../../experiment/file/experiment.ts';
import { trialId } from '../../experiment/identity.ts';
import { knownPapers, type PaperFolder, paperFolder } from '../../experiment/paper-folder.ts';
import { readResults } from '../../experiment/results.ts';
import type { Row } from '../../experiment/row.ts';
import { runExperiment } from '../../experiment/sweep.ts';
import { UserError } from '../../experiment/user-error.ts';
import { workOf } from '../../experiment/work.ts';
import { besidePaper } from '../../report/beside.ts';
import { claimsJson, claimsMarkdown, claimsTable, tally } from '../../report/claims-table.ts';
import { commandFor } from '../../report/command.ts';
import { counted } from '../../report/units.ts';
import { wrapped } from '../../report/words.ts';
import { text } from '../arguments.ts';
import { type Args, type Command, FAILED, OK } from '../command.ts';
import { clockTime, Progress } from '../progress.ts';
import type { Terminal } from '../terminal.ts';

const [aPaper] = knownPapers();

export const reproduce: Command = {
  usage: 'reproduce [paper]',
  summary: "Runs a paper's experiment, checks each of its claims, and says which hold.",
  positionals: {
    paper: { type: 'string', description: `${knownPapers().join(', ')}, or a folder of your own` },
  },
  options: {
    quick: { type: 'boolean', description: 'some cells of the grid only: under two minutes' },
    out: {
      type: 'string',
      requiresArg: true,
      description: 'the results folder',
      defaultDescription: 'results/reproduced/<paper>',
    },
    resume: { type: 'boolean', description: 'go on where it was interrupted' },
    trial: {
      type: 'string',
      requiresArg: true,
      description: 'print the command that runs this trial again, and run nothing',
    },
    json: { type: 'boolean', description: 'print JSON instead' },
  },
  examples: [
    [`reproduce ${aPaper} --quick`, 'a first look at every claim that a few cells can show'],
    [`reproduce ${aPaper}`, 'the whole evaluation, its claims and its figures'],
    [`reproduce ${aPaper} --trial 0123456789ab`, 'how to run one row of its results again'],
    ['reproduce ./papers/mine', 'an experiment.yaml and a claims.ts of your own'],
  ],
  notes:
    'Reference results are committed under results/; a claim that holds there must hold again. What is committed ' +
    'is what --out results/PAPER wrote.\n' +
    'Exit status: 0 all claims that held hold; 1 one of them does not, or a verdict failed; 2 wrong usage.',

  async run(args: Args, terminal: Terminal): Promise<number> {
    const given = text(args, 'paper');
    if (given === undefined) throw new UserError(`which paper? known: ${knownPapers().join(', ')}`);
    const paper = await paperFolder(given);
    const experiment = await readExperiment(
      join(paper.directory, args.quick ? 'quick.yaml' : 'experiment.yaml'),
    );
    const trial = text(args, 'trial');
    if (trial !== undefined) {
      terminal.out(`${commandFor(cellOf(experiment, trial))}\n`);
      return OK;
    }
    const out = text(args, 'out') ?? join('results', 'reproduced', paper.name);
    return reproduced(
      { paper, experiment, out, given, json: args.json === true, resume: args.resume === true },
      terminal,
    );
  },
};

interface Reproduction {
  readonly paper: PaperFolder;
  readonly experiment: Experiment;
  readonly out: string;
  /** The paper as it was typed. */
  readonly given: string;
  readonly json: boolean;
  readonly resume: boolean;
}

async function reproduced(reproduction: Reproduction, terminal: Terminal): Promise<number> {
  const { paper, experiment, out, json, resume } = reproduction;
  // Read before anything is written: the reference may be written anew.
  const reference = existsSync(paper.reference) ? readResults(paper.reference).runs : [];
  const progress = new Progress(terminal, workOf(experiment.configurations, experiment.repetitions));
  await runExperiment(experiment, {
    out,
    // A reproduction proves what the code does now, so it keeps nothing of an earlier one unless told to.
    overwrite: !resume,
    onProgress: (message) => progress.doing(message),
    onTrial: ({ configuration }) => progress.ended(configuration),
  });
  progress.clear();
  const { runs, rejected } = readResults(out);
  const findings = check(paper.claims, runs);
  const agreed = agreement(paper.claims, runs, reference);
  write(join(out, 'claims.json'), `${JSON.stringify(claimsJson(paper.claims, findings), null, 2)}\n`);
  write(join(out, 'claims.md'), claimsMarkdown(paper.claims, findings));
  const charts = await draw(paper, runs, join(out, 'charts'));
  const ended = { runs, rejected, findings, agreed, charts, elapsed_ms: progress.elapsed_ms() };
  terminal.out(json ? asJson(reproduction, ended) : asText(reproduction, ended, terminal));
  return agreed.regressions.length === 0 && rejected.length === 0 ? OK : FAILED;
}

interface Ended {
  readonly runs: readonly Row[];
  readonly rejected: readonly Row[];
  readonly findings: readonly Finding[];
  readonly agreed: Agreement;
  /** The names of the charts. */
  readonly charts: readonly string[];
  readonly elapsed_ms: number;
}

/** The paper's figures, and how far the claims hang on guesses. Vega takes a while to load. */
async function draw(
  { claims, name }: PaperFolder,
  runs: readonly Row[],
  directory: string,
): Promise<string[]> {
  const { paperFigures } = await import('../../report/paper-figures.ts');
  const { writeCharts } = await import('../../report/charts/files.ts');
  const charts = paperFigures(claims, runs);
  await writeCharts(charts, directory, { formats: ['svg', 'png'], title: name });
  return charts.map((chart) => chart.name);
}

function write(path: string, content: string): void {
  writeFileSync(path, content);
}

/** Throws a UserError where the experiment has no such trial. */
function cellOf({ configurations, name }: Experiment, trial: string): Configuration {
  const found = configurations.find((configuration) => trialId(configuration, 1) === trial);
  if (found !== undefined) return found;
  throw new UserError(`no trial ${trial} in ${name}: the column trial of its runs.csv has them`);
}

function asText(
  { paper, experiment, out, given }: Reproduction,
  { runs, rejected, findings, agreed, charts, elapsed_ms }: Ended,
  terminal: Terminal,
): string {
  const { paint, width } = terminal;
  const lost = agreed.regressions.map(
    ({ claim, setting, verdict }) => ` ${claim} held in the reference and now ${verdict} (${setting})`,
  );
  return `${[
    paint('bold', ` ${paper.claims.paper}`),
    ...(experiment.question === undefined ? [] : [` ${experiment.question}`]),
    '',
    claimsTable(paper.claims, findings, { paint, width }),
    '',
    ...[besidePaper(paper.claims, runs, terminal)].flatMap((beside) => (beside === '' ? [] : [beside, ''])),
    paint('bold', ` ${tally(paper.claims, findings)}`),
    ...lost.map((line) => paint('red', line)),
    ...(rejected.length > 0
      ? [paint('red', ` ${counted(rejected.length, 'trial')} without a valid verdict`)]
      : []),
    ` ${rowsBeside(agreed, paper)}`,
    ` any row again: npx contend reproduce ${given} --trial ${runs[0]?.trial ?? 'TRIAL'}`,
    ...(charts.length > 0 ? [` ${wrapped(`charts: ${charts.join(', ')}`, width - 1, '   ')}`] : []),
    ` results in ${out}; took ${clockTime(elapsed_ms)}`,
  ].join('\n')}\n`;
}

/** How the rows compare with those that are committed. */
function rowsBeside({ same, different, added }: Agreement, paper: PaperFolder): string {
  const where = relative(process.cwd(), paper.reference);
  if (same.length + different.length === 0) return `no reference rows of these trials in ${where}`;
  const [first] = different;
  const total = same.length + different.length + added.length;
  const apart = first === undefined ? '' : `; ${first.trial} differs in ${first.columns.join(', ')}`;
  return `${same.length} of ${counted(total, 'row')} the same as in ${where}, digit for digit${apart}`;
}

function asJson({ paper, out }: Reproduction, { findings, agreed, elapsed_ms, rejected }: Ended): string {
  const { same, different, added, regressions } = agreed;
  const rows = { same: same.length, different, added: added.length, rejected: rejected.length };
  const all = { ...(claimsJson(paper.claims, findings) as object), regressions, rows, out, elapsed_ms };
  return `${JSON.stringify(all, null, 2)}\n`;
}

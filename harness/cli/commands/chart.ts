/** `contend chart`: pictures of results. */
import { existsSync, statSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { unknown } from '../../experiment/configuration.ts';
import { readRows } from '../../experiment/results.ts';
import type { Row } from '../../experiment/row.ts';
import { UserError } from '../../experiment/user-error.ts';
import type { Chart, ChartRequest } from '../../report/charts/chart.ts';
import type { Format } from '../../report/charts/files.ts';
import { counted } from '../../report/units.ts';
import { wrapped } from '../../report/words.ts';
import { settings, text, texts } from '../arguments.ts';
import { type Args, type Command, OK } from '../command.ts';
import type { Terminal } from '../terminal.ts';

const FORMATS = ['svg', 'png', 'html', 'vega'] as const satisfies readonly Format[];
const KINDS = ['lines', 'bars'] as const;
/** What asks for one chart instead of the obvious ones. */
const CHOOSING = ['x', 'y', 'by', 'facet', 'kind', 'title', 'name'];

export const chart: Command = {
  usage: 'chart [path]',
  summary: 'Draws the charts that a results folder suggests, or one of any columns.',
  positionals: {
    path: { type: 'string', description: 'a results folder, or a runs.csv' },
  },
  options: {
    x: option(
      'the column along the x axis; `accounts` will do for `workload.accounts`',
      'cores, or what varies',
    ),
    y: option('the column to draw', 'throughput_tps'),
    by: option('a line or bar for each value of this column', 'the algorithm and its options'),
    facet: option('a panel for each value of this column; repeat it, or separate by commas'),
    filter: option(
      'only rows with this value, as column=value or column=[value, value], or column="" for blanks; repeat it for more',
    ),
    kind: option('lines or bars', 'lines where x is a number'),
    title: option('of the one chart', 'what is drawn'),
    name: option("of the one chart's files", 'what is drawn'),
    format: option(`${FORMATS.join(', ')} (the specification alone); several with commas`, 'svg,png'),
    out: option('the folder to write to', 'charts, in the results folder'),
  },
  examples: [
    ['chart results/quickstart', 'throughput, speed-up, aborts, latency, time, efficiency'],
    [
      'chart results/quickstart --format html',
      'one page that opens without a network and answers to the pointer',
    ],
    [
      'chart results/mine --x accounts --y efficiency --filter machine=server-32 --filter cores=32',
      'one chart of any columns',
    ],
  ],
  notes:
    'Columns are those of runs.csv, and aborts_per_commit, attempts_per_commit, baseline_tps, bound_tps, bound_speedup, ' +
    'useful, wasted, blocked, idle, engine. The Vega-Lite specification is kept beside each picture.\n' +
    'Exit status: 0 drawn; 2 wrong usage, or rows that cannot share a chart.',

  async run(args: Args, terminal: Terminal): Promise<number> {
    const { runs, rejected, folder } = read(text(args, 'path'));
    const formats = formatsOf(args);
    const charts = await chartsOf(args, runs, rejected);
    const out = text(args, 'out') ?? join(folder, 'charts');
    // Vega takes a while to load, and no other command needs it.
    const { writeCharts } = await import('../../report/charts/files.ts');
    const title = runs[0]?.experiment ?? basename(folder);
    const files = await writeCharts(charts, out, { formats, title });
    const told = new Set<string>();
    for (const { name, caption, notes } of charts) {
      const repeated = notes.filter((note) => note !== '' && told.has(note));
      const fresh = repeated.reduce((text, note) => text.replace(` ${note}.`, ''), caption);
      for (const note of notes) told.add(note);
      terminal.out(` ${terminal.paint('bold', name)}\n   ${wrapped(fresh, terminal.width - 3, '   ')}\n`);
    }
    terminal.out(` ${counted(charts.length, 'chart')}, ${counted(files.length, 'file')} in ${out}\n`);
    return OK;
  },
};

function option(description: string, shownDefault?: string) {
  return {
    type: 'string' as const,
    requiresArg: true,
    description,
    ...(shownDefault === undefined ? {} : { defaultDescription: shownDefault }),
  };
}

interface Read {
  readonly runs: readonly Row[];
  readonly rejected: readonly Row[];
  readonly folder: string;
}

/** The rows of a folder, or of one of its files. */
function read(path: string | undefined): Read {
  if (path === undefined) throw new UserError('charts of what? give a results folder, or a runs.csv');
  if (!existsSync(path)) throw new UserError(`${path} is not there`);
  if (statSync(path).isDirectory()) {
    if (!existsSync(join(path, 'runs.csv'))) {
      throw new UserError(`${path} is no results folder: it has no runs.csv`);
    }
    return { ...rowsOf(join(path, 'runs.csv')), folder: path };
  }
  if (extname(path) !== '.csv') throw new UserError(`${path} is no CSV file and no results folder`);
  return { ...rowsOf(path), folder: dirname(path) };
}

function rowsOf(path: string): Omit<Read, 'folder'> {
  const runs = readRows(path);
  if (runs.length > 0 && runs[0].trial === undefined) {
    throw new UserError(
      `${path} has no row a trial, from which medians and intervals are taken: give runs.csv`,
    );
  }
  const beside = join(dirname(path), 'rejected.csv');
  return { runs, rejected: existsSync(beside) ? readRows(beside) : [] };
}

async function chartsOf(args: Args, runs: readonly Row[], rejected: readonly Row[]): Promise<Chart[]> {
  const filter = Object.fromEntries(
    Object.entries(settings(args, 'filter')).map(([column, value]) => [
      column,
      typeof value === 'string' ? value.split(',') : value,
    ]),
  );
  if (CHOOSING.every((name) => args[name] === undefined)) {
    const { obviousCharts } = await import('../../report/charts/obvious.ts');
    return obviousCharts(runs, rejected, filter);
  }
  const { chart: draw } = await import('../../report/charts/chart.ts');
  const { usualAxis } = await import('../../report/charts/obvious.ts');
  const chosen = (name: 'by' | 'title' | 'name'): Partial<ChartRequest> => {
    const value = text(args, name);
    return value === undefined ? {} : { [name]: value };
  };
  const request: ChartRequest = {
    x: text(args, 'x') ?? usualAxis(runs, filter),
    y: text(args, 'y') ?? 'throughput_tps',
    facet: listed(args, 'facet'),
    filter,
    rejected,
    ...kindOf(args),
    ...chosen('by'),
    ...chosen('title'),
    ...chosen('name'),
  };
  return [draw(runs, request)];
}

function kindOf(args: Args): Pick<ChartRequest, 'kind'> {
  const kind = text(args, 'kind');
  if (kind === undefined) return {};
  const known = KINDS.find((one) => one === kind);
  if (known === undefined) throw unknown('kind', kind, KINDS);
  return { kind: known };
}

function formatsOf(args: Args): Format[] {
  const given = listed(args, 'format');
  if (given.length === 0) return ['svg', 'png'];
  return given.map((format) => {
    const known = FORMATS.find((one) => one === format);
    if (known === undefined) throw unknown('format', format, FORMATS);
    return known;
  });
}

/** All that was given for an option, repeated or with commas between. */
function listed(args: Args, name: string): string[] {
  return texts(args, name).flatMap((given) => given.split(',').map((part) => part.trim()));
}

/** An experiment: a grid of configurations, as data. Read from YAML, and written out with every default. */
import { readFileSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument, stringify } from 'yaml';
import { type Configuration, unknown } from '../configuration.ts';
import { refuseNamesakes } from '../identity.ts';
import { inPlainWords } from '../plain-words.ts';
import { UserError } from '../user-error.ts';
import { expand, type Grid, type Path, type Problem } from './grid.ts';
import { ExperimentFile } from './schema.ts';

export interface Experiment {
  readonly name: string;
  readonly question: string | undefined;
  /** The grid's cells, each once, in the order in which their rows stand. */
  readonly configurations: readonly Configuration[];
  /** Of each configuration on real threads. */
  readonly repetitions: number;
  /** Go on repeating until the interval is this narrow. */
  readonly until: { readonly percent: number; readonly most: number } | undefined;
  readonly file: ExperimentFile;
  /** The file's own grid, then its inclusions, with settings complete. */
  readonly grids: readonly Grid[];
}

/** Throws a UserError that names each fault of the file with its line and column. */
export async function readExperiment(path: string): Promise<Experiment> {
  const text = readText(path);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const fail = (problems: readonly Problem[]): UserError => {
    const placed = problems.map((problem) => ({ ...problem, offset: offsetOf(document, problem.path) }));
    placed.sort((a, b) => a.offset - b.offset);
    const located = placed.map(({ path: where, message, offset }) => {
      const { line, col } = lines.linePos(offset);
      return `${path}:${line}:${col}: ${where.length > 0 ? `${where.join('.')}: ` : ''}${message}`;
    });
    return new UserError([...new Set(located)].join('\n'));
  };
  if (document.errors.length > 0) {
    const [{ message, pos }] = document.errors;
    const { line, col } = lines.linePos(pos[0]);
    throw new UserError(`${path}:${line}:${col}: ${message.split(/ at line |\n/)[0]}`);
  }
  const parsed = ExperimentFile.safeParse(document.toJS() ?? {}, { error: inPlainWords });
  if (!parsed.success) throw fail(parsed.error.issues.flatMap(problemsOf));
  const file = parsed.data;
  const { configurations, grids, problems } = await expand(file, dirname(resolve(path)));
  if (problems.length > 0) throw fail(problems);
  refuseNamesakes(configurations);
  const { name, question, repetitions, until } = file;
  return { name, question, configurations, repetitions, until, file, grids };
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UserError(`cannot read the experiment ${path}: ${(error as Error).message}`);
  }
}

type Issue = NonNullable<ReturnType<typeof ExperimentFile.safeParse>['error']>['issues'][number];

function problemsOf(issue: Issue): Problem[] {
  const path = issue.path as Path;
  if (issue.code === 'unrecognized_keys') {
    const known = path.length === 0 ? Object.keys(ExperimentFile.shape) : knownBelow(path);
    return issue.keys.map((key) => ({ path: [...path, key], message: unknown('field', key, known).message }));
  }
  return [{ path, message: issue.message }];
}

function knownBelow([field]: Path): string[] {
  const { include, until } = ExperimentFile.shape;
  const shape = field === 'include' ? include.unwrap().element.shape : until.unwrap().shape;
  return Object.keys(shape);
}

/** Where the value at the path stands; a key that is wrong itself is found, too. */
function offsetOf(document: Document, path: Path): number {
  for (let length = path.length; length > 0; length--) {
    const parent = document.getIn(path.slice(0, length - 1), true);
    const key = path[length - 1];
    if (isMap(parent)) {
      const pair = parent.items.find(({ key: node }) => isScalar(node) && String(node.value) === String(key));
      if (isNode(pair?.key) && pair.key.range) return pair.key.range[0];
    }
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}

/** The experiment as YAML with every default written out, for a file in the folder `folder`. It reads back as the same grid. */
export function resolved({ file, grids }: Experiment, folder: string): string {
  const [own, ...included] = grids.map((grid) => plainGrid(grid, folder));
  const { name, question, repetitions, until, exclude } = file;
  const content = {
    name,
    ...(question === undefined ? {} : { question }),
    ...own,
    repetitions,
    ...(until === undefined ? {} : { until }),
    ...(included.length > 0 ? { include: included } : {}),
    ...(exclude.length > 0 ? { exclude } : {}),
  };
  return stringify(content, { aliasDuplicateObjects: false });
}

function plainGrid(grid: Grid, folder: string): object {
  const name = (reference: string): string =>
    reference.startsWith('file:') ? pathFrom(folder, reference) : reference;
  const entry = (what: string, settings: Readonly<Record<string, unknown>>): unknown => {
    const given = Object.entries(settings).filter(([, value]) => value !== undefined);
    // A value that is a list itself is a list of one, since a list multiplies.
    const single = given.map(([key, value]) => [key, Array.isArray(value) ? [value] : value]);
    return single.length === 0 ? what : { [what]: Object.fromEntries(single) };
  };
  const { cores, transactions, seeds } = grid;
  return {
    algorithms: grid.algorithms.map((c) => entry(name(c.algorithm.reference), c.options)),
    workloads: grid.workloads.map((c) => entry(name(c.workload.reference), c.parameters)),
    machines: grid.machines.map((c) => entry(name(c.machine), c.figures)),
    ...{ cores, transactions, seeds },
  };
}

function pathFrom(folder: string, url: string): string {
  const path = relative(resolve(folder), fileURLToPath(url)).split(sep).join('/');
  return path.startsWith('.') ? path : `./${path}`;
}

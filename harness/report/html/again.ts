/** From a row back to what it is a row of: its configuration, and the command that runs it again. */
import { type Configuration, configure, machineName, type Request } from '../../experiment/configuration.ts';
import { machineRequest } from '../../experiment/machine-file.ts';
import type { Row } from '../../experiment/row.ts';
import { loadAlgorithm, loadWorkload } from '../../machine/load.ts';
import { Figures } from '../../machine/simulated/model.ts';
import { isSetting } from '../charts/columns.ts';
import { commandFor, quoted } from '../command.ts';

/** What a row names by a name of its own may lie in a file: from where it was taken. */
export type References = ReadonlyMap<string, string>;

/** By what each names itself: `algorithm mine` is at `file:///…/mine.ts`. */
export function referencesOf(configurations: readonly Configuration[]): References {
  return new Map(
    configurations.flatMap((configuration) => [
      [`algorithm ${configuration.algorithm.declaration.name}`, configuration.algorithm.reference],
      [`workload ${configuration.workload.declaration.name}`, configuration.workload.reference],
      [`machine ${machineName(configuration)}`, configuration.machine],
    ]),
  );
}

export class Again {
  readonly #configurations: ReadonlyMap<string, Configuration>;
  readonly #repetitions: ReadonlyMap<string, number>;

  /** @param rows of runs.csv and rejected.csv: all whose commands may be asked for, or those of their configurations */
  static async of(rows: readonly Row[], references: References): Promise<Again> {
    const configurations = new Map<string, Configuration>();
    const repetitions = new Map<string, number>();
    for (const row of rows) {
      const key = keyOf(row);
      repetitions.set(key, Math.max(repetitions.get(key) ?? 1, Number(row.repetition ?? 1)));
      if (configurations.has(key)) continue;
      const configuration = await configurationOf(row, references);
      if (configuration !== undefined) configurations.set(key, configuration);
    }
    return new Again(configurations, repetitions);
  }

  private constructor(
    configurations: ReadonlyMap<string, Configuration>,
    repetitions: ReadonlyMap<string, number>,
  ) {
    this.#configurations = configurations;
    this.#repetitions = repetitions;
  }

  /** Nothing where this version, or this place, does not know what the row names. */
  configuration(row: Row): Configuration | undefined {
    return this.#configurations.get(keyOf(row));
  }

  command(row: Row): string {
    const configuration = this.configuration(row);
    if (configuration === undefined) return literalCommand(row);
    return commandFor(configuration, { repetitions: this.#repetitions.get(keyOf(row)) ?? 1 });
  }
}

function keyOf(row: Row): string {
  return JSON.stringify(Object.entries(row).filter(([column]) => isSetting(column) || column === 'seed'));
}

async function configurationOf(row: Row, references: References): Promise<Configuration | undefined> {
  const named = (what: string): string => references.get(`${what} ${row[what]}`) ?? row[what];
  try {
    const { declaration: algorithm } = await loadAlgorithm(named('algorithm'));
    const { declaration: workload } = await loadWorkload(named('workload'));
    const request: Request = {
      algorithm: named('algorithm'),
      options: valuesOf(row, 'algorithm', algorithm.options.shape),
      workload: named('workload'),
      parameters: valuesOf(row, 'workload', workload.parameters.shape),
      ...machineRequest(named('machine')),
      model: valuesOf(row, 'machine', Figures.shape),
      cores: Number(row.cores),
      transactions: Number(row.transactions),
      seed: Number(row.seed),
    };
    return await configure(request);
  } catch {
    // A file that has moved or an algorithm that is gone: the row still says what it was.
    return undefined;
  }
}

type Shape = Readonly<Record<string, { safeParse(value: unknown): { success: boolean } }>>;

/** The row's cells of these columns as values: what a cell is, its schema decides. */
function valuesOf(row: Row, prefix: string, shape: Shape): Record<string, unknown> {
  return Object.fromEntries(
    cellsOf(row, prefix).map(([name, cell]) => {
      const value = json(cell);
      // A text stands in the file as it is, not as JSON.
      return [name, typeof value !== 'string' && shape[name]?.safeParse(value).success ? value : cell];
    }),
  );
}

function cellsOf(row: Row, prefix: string): [name: string, cell: string][] {
  return Object.entries(row)
    .filter(([column, cell]) => column.startsWith(`${prefix}.`) && cell !== '')
    .map(([column, cell]) => [column.slice(prefix.length + 1), cell]);
}

function json(cell: string): unknown {
  try {
    return JSON.parse(cell);
  } catch {
    return cell;
  }
}

/** As the row has it, with every setting written out. */
function literalCommand(row: Row): string {
  const settings = (flag: string, prefix: string): string[] =>
    cellsOf(row, prefix).flatMap(([name, cell]) => [flag, `${name}=${cell}`]);
  const words = [
    row.algorithm,
    ...settings('--option', 'algorithm'),
    ...['--workload', row.workload],
    ...settings('--set', 'workload'),
    ...['--machine', row.machine],
    ...settings('--model', 'machine'),
    ...['--cores', row.cores, '--transactions', row.transactions, '--seed', row.seed],
  ];
  return `npx contend run ${words.map((word) => quoted(word ?? '')).join(' ')}`;
}

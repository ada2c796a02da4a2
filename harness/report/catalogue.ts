/** What there is to run, as tables. */
import { type Algorithm, z } from '../../algorithms/algorithm.ts';
import type { Workload } from '../../workloads/workload.ts';
import type { Column as ResultsColumn } from '../experiment/columns.ts';
import { resolve } from '../machine/declared.ts';
import { type Domain, FIGURES, type MachineModel, meaningOf, sourceOf } from '../machine/simulated/model.ts';
import { scalar } from './command.ts';
import type { Look } from './paint.ts';
import { table, textWidth } from './table.ts';
import { counted } from './units.ts';

/** An option or parameter, as the schema tells it. */
interface Setting {
  readonly name: string;
  /** Absent where it must be given. */
  readonly default?: unknown;
  readonly description: string;
  /** The values it may have, in short. */
  readonly values: string;
}

export interface ListedAlgorithm {
  readonly name: string;
  readonly guarantee: string;
  readonly witness: string;
  readonly summary: string;
  readonly source: string;
  readonly options: readonly Setting[];
}

export interface ListedWorkload {
  readonly name: string;
  readonly summary: string;
  readonly source: string;
  readonly parameters: readonly Setting[];
}

export interface ListedMachine {
  readonly name: string;
  readonly cores: number;
  readonly time: 'measured' | 'virtual';
  readonly summary: string;
  /** Of a model. */
  readonly figures?: readonly ListedFigure[];
}

interface ListedFigure {
  readonly name: string;
  readonly value: unknown;
  readonly description: string;
  readonly source: string;
}

export function listedAlgorithm(algorithm: Algorithm): ListedAlgorithm {
  const { name, options, source, summary } = algorithm;
  // What it declares may depend on its options; without defaults for all there is nothing to ask it with.
  const defaults = options.safeParse({});
  const declared = defaults.success
    ? resolve(algorithm, defaults.data)
    : { guarantee: 'by options', witness: 'by options' };
  return { name, ...declared, summary, source, options: settingsOf(options) };
}

export function listedWorkload({ name, parameters, source, summary }: Workload): ListedWorkload {
  return { name, summary, source, parameters: settingsOf(parameters) };
}

export function listedMachine(model: MachineModel): ListedMachine {
  const { cores, name, summary } = model;
  const figures = FIGURES.map((figure) => ({
    name: figure,
    value: model[figure],
    description: meaningOf(figure),
    source: sourceOf(model, figure),
  }));
  return { name, cores, time: 'virtual', summary, figures };
}

interface Property {
  readonly default?: unknown;
  readonly description?: string;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
}

function settingsOf(schema: z.ZodObject): Setting[] {
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as {
    readonly properties?: Readonly<Record<string, Property>>;
  };
  return Object.entries(properties).map(([name, property]) => ({
    name,
    ...(property.default === undefined ? {} : { default: property.default }),
    description: property.description ?? '',
    values: valuesOf(property),
  }));
}

function valuesOf({ enum: choices, maximum, minimum, type }: Property): string {
  if (choices !== undefined) return choices.map((choice) => scalar(choice)).join(' | ');
  const [least, most] = [minimum, maximum].map((bound) =>
    bound === undefined || Math.abs(bound) >= Number.MAX_SAFE_INTEGER ? undefined : bound,
  );
  if (least !== undefined && most !== undefined) return `${least} to ${most}`;
  if (least !== undefined) return `at least ${least}`;
  return most !== undefined ? `at most ${most}` : (type ?? '');
}

export function algorithmTable(algorithms: readonly ListedAlgorithm[], look: Look): string {
  const rows = algorithms.map(({ name, guarantee, options, summary, witness }) => [
    look.paint('bold', name),
    guarantee,
    witness,
    options.map((option) => `${option.name}=${shownDefault(option)}`).join('\n') || '–',
    summary,
  ]);
  return lastWrapped(['algorithm', 'guarantee', 'witness', 'options', 'summary'], rows, look);
}

export function optionTable(algorithms: readonly ListedAlgorithm[], look: Look): string {
  const rows = algorithms.flatMap(({ name, options }) =>
    options.map((option, at) => [at === 0 ? look.paint('bold', name) : '', ...settingCells(option)]),
  );
  return lastWrapped(['algorithm', 'option', 'default', 'values', 'what it does'], rows, look);
}

export function workloadTable(workloads: readonly ListedWorkload[], look: Look): string {
  const blocks = workloads.map(({ name, parameters, summary }) => {
    const rows = parameters.map((parameter) => ['', ...settingCells(parameter)]);
    const titles = ['', 'parameter', 'default', 'values', 'what it is'];
    return `  ${look.paint('bold', name)}: ${summary}\n${lastWrapped(titles, rows, look)}`;
  });
  return blocks.join('\n\n');
}

export function machineTable(machines: readonly ListedMachine[], look: Look): string {
  const rows = machines.map(({ cores, name, summary, time }) => [
    look.paint('bold', name),
    String(cores),
    time,
    summary,
  ]);
  return lastWrapped(['machine', 'cores', 'time', 'summary'], rows, look);
}

/** What each model's accesses cost, and who says so. */
export function figureTable(machines: readonly ListedMachine[], look: Look): string {
  const rows = machines.flatMap(({ name, figures = [] }) =>
    figures.map((figure, at) => [
      at === 0 ? look.paint('bold', name) : '',
      figure.name,
      figureText(figure.value),
      figure.source,
    ]),
  );
  return lastWrapped(['machine', 'figure', 'value', 'source'], rows, look);
}

/** "4 cores 24, 32 cores 94", or a number. */
function figureText(value: unknown): string {
  if (!Array.isArray(value)) return String(value);
  return (value as readonly Domain[])
    .map(({ cores, transfer_ns }) => `${counted(cores, 'core')} ${transfer_ns}`)
    .join(', ');
}

function settingCells(setting: Setting): string[] {
  return [setting.name, shownDefault(setting), setting.values, setting.description];
}

function shownDefault(setting: Setting): string {
  return setting.default === undefined ? '(required)' : scalar(setting.default);
}

/** A table whose last column takes what the others leave of the width. */
function lastWrapped(
  titles: readonly string[],
  rows: readonly (readonly string[])[],
  { paint, width }: Look,
): string {
  const widths = titles.map((_, at) => Math.max(...[titles, ...rows].map((row) => textWidth(row[at]))));
  const used = widths.slice(0, -1).reduce((sum, column) => sum + 2 + column, 2);
  const columns = titles.map((title, at) =>
    at === titles.length - 1 ? { title, width: Math.max(30, width - used) } : { title },
  );
  return table(columns, rows, (title) => paint('dim', title));
}

/** The columns of the results files. */
export function columnTable(columns: readonly ResultsColumn[], look: Look): string {
  const rows = columns.map(({ files, meaning, name, type }) => [name, type, files.join(' '), meaning]);
  const fixed = [0, 1, 2].map((at) => Math.max(...rows.map((row) => textWidth(row[at]))));
  const meaning = Math.max(30, look.width - fixed.reduce((sum, width) => sum + width + 2, 2));
  return table(
    [{ title: 'column' }, { title: 'type' }, { title: 'in' }, { title: 'meaning', width: meaning }],
    rows,
    (title) => look.paint('dim', title),
  );
}

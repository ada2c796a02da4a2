/** The command line that repeats a trial. */

import { stringify, parse as yaml } from 'yaml';
import type { z } from 'zod';
import { type Configuration, THREADS } from '../experiment/configuration.ts';
import { typed } from '../experiment/reference.ts';

/**
 * The exact command that repeats a trial of this configuration. Options and parameters that have their default
 * value are left out. Real threads never interleave twice alike: there the command repeats the experiment, so
 * many times.
 */
export function commandFor(configuration: Configuration, { repetitions = 1 } = {}): string {
  const often = configuration.machine === THREADS ? ` --repetitions ${repetitions}` : '';
  return `npx contend run ${wordsFor(configuration)}${often}`;
}

/** The command line that draws a run of this configuration core by core. */
export function traceCommandFor(configuration: Configuration): string {
  return `npx contend trace ${wordsFor(configuration)}`;
}

function wordsFor(configuration: Configuration): string {
  const { algorithm, options, workload, parameters, machine, figures } = configuration;
  const { cores, transactions, seed } = configuration;
  const words = [
    typed(algorithm.reference),
    ...settings('--option', algorithm.declaration.options, options),
    '--workload',
    typed(workload.reference),
    ...settings('--set', workload.declaration.parameters, parameters),
    ...['--machine', typed(machine)],
    ...Object.entries(figures).flatMap(([name, value]) => ['--model', `${name}=${scalar(value)}`]),
    ...['--cores', `${cores}`],
    ...['--transactions', `${transactions}`, '--seed', `${seed}`],
  ];
  return words.map(quoted).join(' ');
}

/** The values that differ from the schema's defaults, by name. */
export function changed(
  schema: z.ZodObject,
  values: Readonly<Record<string, unknown>>,
): [name: string, value: unknown][] {
  const { data: defaults } = schema.safeParse({});
  return Object.entries(values).filter(
    ([name, value]) => value !== undefined && (defaults === undefined || !sameValue(value, defaults[name])),
  );
}

function settings(flag: string, schema: z.ZodObject, values: Readonly<Record<string, unknown>>): string[] {
  return changed(schema, values).flatMap(([name, value]) => [flag, `${name}=${scalar(value)}`]);
}

function sameValue(value: unknown, other: unknown): boolean {
  return typeof value === 'object'
    ? JSON.stringify(value) === JSON.stringify(other)
    : Object.is(value, other);
}

/** The value as YAML on one line, which reads back as the same value. */
export function scalar(value: unknown): string {
  if (typeof value === 'number') return Number.isFinite(value) ? literal(value) : stringify(value).trim();
  if (typeof value === 'string' && readsBack(value)) return value;
  return JSON.stringify(value);
}

function literal(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

function readsBack(text: string): boolean {
  if (/[^\x20-\x7e]/.test(text)) return false;
  try {
    return yaml(text, { logLevel: 'error' }) === text;
  } catch {
    return false;
  }
}

/** A word as a POSIX shell takes it for one. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

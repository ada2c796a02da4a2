/** From words on the command line to values. What cannot be one is refused in a sentence. */
import { parse } from 'yaml';
import { UserError } from '../experiment/user-error.ts';
import type { Args } from './command.ts';

/** The option's text, or nothing. */
export function text(args: Args, name: string): string | undefined {
  const value = args[name];
  if (Array.isArray(value)) throw new UserError(`--${name} is given more than once`);
  if (value === '') throw new UserError(`--${name} has no value`);
  return value as string | undefined;
}

/** All that was given for an option that may be repeated. */
export function texts(args: Args, name: string): string[] {
  const value = args[name];
  if (value === undefined) return [];
  return Array.isArray(value) ? value.map(String) : [String(value)];
}

/** The option as a number. What is none is passed on as it was typed, for the check that names the bounds. */
export function number(args: Args, name: string): number | undefined {
  const typed = text(args, name);
  if (typed === undefined) return undefined;
  const value = Number(typed);
  return Number.isNaN(value) ? (typed as unknown as number) : value;
}

/** `name=value`, each a setting; a value is what it is in YAML. */
export function settings(args: Args, option: string): Record<string, unknown> {
  const pairs = texts(args, option).map((given) => setting(option, given));
  const names = pairs.map(([name]) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new UserError(`--${option} ${twice} is given more than once`);
  return Object.fromEntries(pairs);
}

function setting(option: string, given: string): [string, unknown] {
  const at = given.indexOf('=');
  const [name, value] = [given.slice(0, Math.max(0, at)), given.slice(at + 1)];
  if (name.trim() === '' || value.trim() === '') {
    throw new UserError(`--${option} takes name=value, not "${given}"`);
  }
  try {
    return [name, parse(value, { logLevel: 'error' })];
  } catch (error) {
    const [reason] = (error as Error).message.split('\n');
    throw new UserError(`--${option} ${name}: ${value} is no value: ${reason.replace(/:$/, '')}`);
  }
}

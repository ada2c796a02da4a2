/** Names stay names; paths become the URLs of their files. */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { UserError } from './user-error.ts';

/** Paths are taken from the folder `from`. Throws a UserError where there is no such file. */
export function reference(what: string, given: string, from: string = process.cwd()): string {
  if (given.startsWith('file:')) return given;
  if (!/[/\\]/.test(given) && !/\.[cm]?[jt]s$/.test(given)) return given;
  const path = resolve(from, given);
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw new UserError(`no such ${what} file: ${given}`);
  if (!found.isFile()) throw new UserError(`${given} is not a file, so it holds no ${what}`);
  return pathToFileURL(path).href;
}

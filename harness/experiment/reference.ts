/** Names stay names; paths become the URLs of their files. Modules, and machines in JSON or YAML. */
import { statSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { UserError } from './user-error.ts';

/** Paths are taken from the folder `from`. Throws a UserError where there is no such file. */
export function reference(what: string, given: string, from: string = process.cwd()): string {
  if (given.startsWith('file:')) return given;
  if (!/[/\\]/.test(given) && !/\.([cm]?[jt]s|json|ya?ml)$/.test(given)) return given;
  const path = resolve(from, given);
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw new UserError(`no such ${what} file: ${given}`);
  if (!found.isFile()) throw new UserError(`${given} is not a file, so it holds no ${what}`);
  return pathToFileURL(path).href;
}

/** A reference as a user types it: a name, or the path of a file from the working directory. */
export function typed(reference: string): string {
  if (!reference.startsWith('file:')) return reference;
  const path = fileURLToPath(reference);
  const below = relative(process.cwd(), path);
  return below.startsWith('..') || isAbsolute(below) ? path : `./${below.split(sep).join('/')}`;
}

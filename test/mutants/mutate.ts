/**
 * Makes a mutant: the algorithm's files with one text replaced, in a folder of their own. Only the changed file and
 * those on the way from the algorithm to it are copied; all else they import stays the file it was, by its full path,
 * so that what the harness compares by identity is the same.
 */
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Mutant } from './mutant.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const IMPORT = /(\bfrom\s+|\bimport\s+)'(\.{1,2}\/[^']+)'/g;

/** The URL of the mutant's module. Its text must occur exactly once. */
export function mutate({ file, find, of, replace }: Mutant): string {
  const changed = resolve(ROOT, file);
  const text = readFileSync(changed, 'utf8');
  const occurrences = text.split(find).length - 1;
  if (occurrences !== 1)
    throw new Error(`${file} has the text to replace ${occurrences} times, not once:\n${find}`);
  if (find === replace) throw new Error(`${file}: the replacement changes nothing:\n${find}`);
  const entry = entryOf(of);
  // A function, since a text would have its $ read as patterns.
  const copier = new Copier(
    changed,
    text.replace(find, () => replace),
  );
  if (!copier.reaches(entry)) throw new Error(`${of} does not import ${file}`);
  return pathToFileURL(copier.copy(entry)).href;
}

/** An algorithm is a file, or the file of its name in a folder of its name. */
function entryOf(name: string): string {
  const paths = [join(ROOT, 'algorithms', `${name}.ts`), join(ROOT, 'algorithms', name, `${name}.ts`)];
  const found = paths.find((path) => existsSync(path));
  if (found === undefined) throw new Error(`no algorithm ${name}: neither of ${paths.join(' and ')} exists`);
  return found;
}

class Copier {
  readonly #changed: string;
  readonly #text: string;
  readonly #folder = mkdtempSync(join(tmpdir(), 'mutant-'));
  readonly #reaches = new Map<string, boolean>();
  readonly #copies = new Map<string, string>();

  constructor(changed: string, text: string) {
    this.#changed = changed;
    this.#text = text;
  }

  /** Whether the file is the changed one, or imports it by any number of others. */
  reaches(file: string): boolean {
    const known = this.#reaches.get(file);
    if (known !== undefined) return known;
    this.#reaches.set(file, file === this.#changed); // ends circles
    const found = file === this.#changed || importsOf(file).some((path) => this.reaches(path));
    this.#reaches.set(file, found);
    return found;
  }

  copy(file: string): string {
    const done = this.#copies.get(file);
    if (done !== undefined) return done;
    const target = join(this.#folder, `${this.#copies.size}-${basename(file)}`);
    this.#copies.set(file, target);
    const text = file === this.#changed ? this.#text : readFileSync(file, 'utf8');
    const rewritten = text.replace(IMPORT, (_, keyword: string, specifier: string) => {
      const path = resolve(dirname(file), specifier);
      return `${keyword}'${this.reaches(path) ? this.copy(path) : path}'`;
    });
    writeFileSync(target, rewritten);
    return target;
  }
}

function importsOf(file: string): string[] {
  const specifiers = Array.from(readFileSync(file, 'utf8').matchAll(IMPORT), ([, , specifier]) => specifier);
  return specifiers.map((specifier) => resolve(dirname(file), specifier));
}

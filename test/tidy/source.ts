/** The tree's own source files, parsed: what the rules of style look at. */
import { readdirSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { type Comment, type Program, parse } from 'acorn';

export const ROOT = join(import.meta.dirname, '../..');
/** Where source lies; some may not be there yet. */
const FOLDERS = ['algorithms', 'workloads', 'harness', 'notebooks', 'test'];

export interface Source {
  /** From the root, with slashes. */
  readonly path: string;
  readonly text: string;
  /** The text with its types blanked: lines and columns are the same. */
  readonly stripped: string;
  readonly program: Program;
  readonly comments: readonly Comment[];
  /** The comment that the file starts with, line by line without its frame. */
  readonly header: readonly string[];
}

const SKIPPED = new Set(['node_modules', '.git', 'dist']);

/** Every file below the root, but for what is installed or built. */
export function tree(): string[] {
  return below('').sort();
}

function below(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true })
    .filter(({ name }) => !SKIPPED.has(name))
    .flatMap((entry) => {
      const path = `${folder}${entry.name}`;
      return entry.isDirectory() ? below(`${path}/`) : [path];
    });
}

export function sources(): Source[] {
  return tree()
    .filter((path) => FOLDERS.includes(path.split('/')[0]) && /\.m?[jt]s$/.test(path))
    .map((path) => parseSource(path, readFileSync(join(ROOT, path), 'utf8')));
}

export function parseSource(path: string, text: string): Source {
  const stripped = strip(path, text);
  const comments: Comment[] = [];
  const program = parse(stripped, {
    ecmaVersion: 'latest',
    sourceType: 'module',
    allowHashBang: true,
    locations: true,
    onComment: comments,
  });
  return { path, text, stripped, program, comments, header: headerOf(program, comments) };
}

function headerOf(program: Program, comments: readonly Comment[]): string[] {
  const first = comments.find(({ type, value }) => type === 'Block' && value.startsWith('*'));
  if (first === undefined || first.start > (program.body[0]?.start ?? first.start)) return [];
  return first.value.split('\n').map((line) => line.replace(/^\s*\*? ?/, ''));
}

function strip(path: string, text: string): string {
  try {
    return stripTypeScriptTypes(text, { mode: 'strip' });
  } catch (error) {
    throw new SyntaxError(`${path}: ${(error as Error).message}`, { cause: error });
  }
}

/** `contend new`: a commented skeleton of an algorithm or a workload, which runs as it is. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { algorithms } from '../../../algorithms/index.ts';
import { workloads } from '../../../workloads/index.ts';
import { unknown } from '../../experiment/configuration.ts';
import { typed } from '../../experiment/reference.ts';
import { UserError } from '../../experiment/user-error.ts';
import { text } from '../arguments.ts';
import { type Args, type Command, OK } from '../command.ts';
import { anAlgorithm } from '../examples.ts';
import type { Terminal } from '../terminal.ts';

interface Kind {
  readonly skeleton: URL;
  readonly taken: object;
  /** What to do with the file next. */
  readonly next: (path: string) => readonly string[];
}

const KINDS: Readonly<Record<string, Kind>> = {
  algorithm: {
    skeleton: new URL('../skeletons/algorithm.ts', import.meta.url),
    taken: algorithms,
    next: (path) => [`npx contend check ${path}`, `npx contend run ${path} --machine threads`],
  },
  workload: {
    skeleton: new URL('../skeletons/workload.ts', import.meta.url),
    taken: workloads,
    next: (path) => [
      `npx contend run ${anAlgorithm} --workload ${path}`,
      `npx contend compare --workload ${path}`,
    ],
  },
};
const NAME = /^[a-z][a-z0-9-]*$/;

/** `new` is a word of the language. */
export const newCommand: Command = {
  usage: 'new [kind] [name]',
  summary: 'Writes a commented skeleton of an algorithm or a workload, which runs as it is.',
  positionals: {
    kind: { type: 'string', description: 'algorithm or workload' },
    name: { type: 'string', description: 'its name: small letters, digits, hyphens' },
  },
  options: {
    dir: {
      type: 'string',
      requiresArg: true,
      description: 'the folder to write NAME.ts to',
      defaultDescription: '.',
    },
  },
  examples: [
    ['new algorithm mine', 'mine.ts: one global lock, to be replaced by your protocol'],
    ['new workload shop --dir experiments', 'experiments/shop.ts: a few counters'],
  ],

  async run(args: Args, terminal: Terminal): Promise<number> {
    const kind = kindOf(args.kind as string | undefined);
    const name = nameOf(args, kind);
    const folder = text(args, 'dir') ?? '.';
    const path = join(folder, `${name}.ts`);
    write(folder, path, readFileSync(KINDS[kind].skeleton, 'utf8').replaceAll('NAME', name));
    const shown = typed(pathToFileURL(path).href);
    terminal.out(`wrote ${shown}; now:\n`);
    for (const command of KINDS[kind].next(shown)) terminal.out(`  ${command}\n`);
    return OK;
  },
};

function kindOf(kind: string | undefined): string {
  const known = Object.keys(KINDS);
  if (kind === undefined) throw new UserError(`new what? known: ${known.join(', ')}`);
  if (!Object.hasOwn(KINDS, kind)) throw unknown('kind', kind, known);
  return kind;
}

function nameOf(args: Args, kind: string): string {
  const name = args.name as string | undefined;
  if (name === undefined) throw new UserError(`which name shall the ${kind} have? contend new ${kind} NAME`);
  if (!NAME.test(name)) {
    const folder = /[\\/]/.test(name) ? '; the folder goes to --dir' : '';
    throw new UserError(
      `a name is small letters, digits and hyphens, and starts with a letter, not "${name}"${folder}`,
    );
  }
  if (Object.hasOwn(KINDS[kind].taken, name)) {
    throw new UserError(
      `the name ${name} is taken by the registry; known: ${Object.keys(KINDS[kind].taken).join(', ')}`,
    );
  }
  return name;
}

function write(folder: string, path: string, content: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new UserError(`cannot write ${path}: ${(error as Error).message}`);
  }
  try {
    writeFileSync(path, content, { flag: 'wx' });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UserError(
      code === 'EEXIST' ? `${path} exists already; it is left as it is` : `cannot write ${path}: ${message}`,
    );
  }
}

/** Builds notebooks, each to one page that opens from disk: npm run notebooks [PAPER…] */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { observable } from '@observablehq/notebook-kit/vite';
import { build } from 'vite';
import { viteSingleFile } from 'vite-plugin-singlefile';
import { offline } from './offline.ts';

const ROOT = import.meta.dirname;
const NOTEBOOK = 'notebook.html';
/** Notebook Kit's own style sheets; its configuration names them by aliases that Vite is about to drop. */
const STYLES = dirname(fileURLToPath(import.meta.resolve('@observablehq/notebook-kit/index.css')));

/** The papers that have a notebook. */
export function papers(): string[] {
  return readdirSync(ROOT).filter((paper) => existsSync(join(ROOT, paper, NOTEBOOK)));
}

/** The page of a paper's notebook, complete in itself. */
export async function pageOf(paper: string): Promise<string> {
  const built = await build({
    configFile: false,
    root: ROOT,
    logLevel: 'warn',
    resolve: {
      alias: { 'observable:styles': STYLES, 'observable:runtime': '@observablehq/notebook-kit/runtime' },
    },
    plugins: [offline(), observable({ template: join(ROOT, 'page', 'template.html') }), viteSingleFile()],
    // Classic: from a page on the disk, which has no origin, browsers start no module as a worker.
    worker: { format: 'iife', rolldownOptions: { output: { codeSplitting: false } } },
    build: {
      write: false,
      rolldownOptions: { input: join(ROOT, paper, NOTEBOOK), checks: { pluginTimings: false } },
    },
  });
  if (Array.isArray(built) || !('output' in built)) throw new Error('the build has no single output');
  const names = built.output.map(({ fileName }) => fileName);
  if (names.length !== 1) throw new Error(`not one page in itself, but ${names.join(', ')}`);
  const page = built.output.find((file) => file.type === 'asset')!;
  return typeof page.source === 'string' ? page.source : new TextDecoder().decode(page.source);
}

if (import.meta.main) {
  const wanted = process.argv.slice(2);
  mkdirSync(join(ROOT, 'dist'), { recursive: true });
  for (const paper of wanted.length > 0 ? wanted : papers()) {
    const path = join(ROOT, 'dist', `${paper}.html`);
    writeFileSync(path, await pageOf(paper));
    process.stdout.write(`${path}\n`);
  }
}

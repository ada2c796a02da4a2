/**
 * Module hooks. The resolver lets a file anywhere on the disk import this package's contracts; the loader,
 * for workers only, erases the coroutines of all TypeScript that a run is made of.
 */
import { readdirSync, readFileSync } from 'node:fs';
import {
  type LoadFnOutput,
  type LoadHookSync,
  type ResolveHookSync,
  registerHooks,
  stripTypeScriptTypes,
} from 'node:module';
import { fileURLToPath } from 'node:url';
import { eraseCoroutines } from './erase.ts';

const PACKAGE = new URL('../../../package.json', import.meta.url).href;
/** What resolves from this package wherever the importing file lies. */
const OURS = /^(contend|zod)(\/|$)/;
/** What a worker has loaded before its hooks are there. */
const OWN = ['worker.ts', 'hooks.ts', 'erase.ts'].map((name) => new URL(name, import.meta.url).href);
const DEPENDENCY = /\/node_modules\//;
/** Those that declarations import zod from. */
const CONTRACTS = ['algorithms/algorithm.ts', 'workloads/workload.ts'].map(
  (file) => new URL(file, PACKAGE).href,
);
const SCHEMAS = new URL('schemas.ts', import.meta.url).href;

/** Sources with their types and coroutines gone, by the URL of their module. */
export type Sources = ReadonlyMap<string, string>;

/** For the main thread: `import … from 'contend/algorithm'` works in any file. Nothing is erased. */
export function installResolver(): void {
  registerHooks({ resolve });
}

/**
 * For workers, before anything that runs in a trial is imported.
 * @param known modules that entry.js serves
 * @returns the others by URL, as they are to be served: filled as they are imported
 */
export function installHooks(known: Sources): Map<string, string> {
  const fresh = new Map<string, string>();
  for (const url of OWN) if (!known.has(url)) fresh.set(url, stripped(fileURLToPath(url)));
  const load: LoadHookSync = (url, context, nextLoad) => {
    if (!isSource(url) || known.has(url)) return nextLoad(url, context);
    const file = fileURLToPath(url);
    const source = eraseCoroutines(stripped(file), file);
    fresh.set(url, source);
    return { format: 'module', source, shortCircuit: true } satisfies LoadFnOutput;
  };
  const resolveForRun: ResolveHookSync = (specifier, context, nextResolve) =>
    specifier === 'zod' && CONTRACTS.includes(context.parentURL ?? '')
      ? { url: SCHEMAS, format: 'module-typescript', shortCircuit: true }
      : resolve(specifier, context, nextResolve);
  registerHooks({ resolve: resolveForRun, load });
  return fresh;
}

const resolve: ResolveHookSync = (specifier, context, nextResolve) => {
  const ours = OURS.test(specifier) && !DEPENDENCY.test(context.parentURL ?? '');
  let resolved: ReturnType<typeof nextResolve>;
  try {
    resolved = nextResolve(specifier, ours ? { ...context, parentURL: PACKAGE } : context);
  } catch (error) {
    // Node would name this package's own files as those at fault.
    if (!ours || !specifier.startsWith('contend')) throw error;
    throw new Error(`there is no ${specifier} to import (known: ${exported().join(', ')})`);
  }
  // A file in a folder without a package.json would otherwise be tried as CommonJS first, with a warning.
  return isSource(resolved.url) ? { ...resolved, format: 'module-typescript' } : resolved;
};

/** What a file can import of this package. */
function exported(): string[] {
  const { exports } = JSON.parse(readFileSync(new URL(PACKAGE), 'utf8')) as { exports: object };
  return Object.entries(exports as Record<string, string>)
    .filter(([, file]) => file.endsWith('.ts'))
    .flatMap(([name, file]) => {
      const own = name.replace('.', 'contend');
      if (!own.endsWith('*')) return [own];
      const folder = new URL(file.replace('*.ts', ''), PACKAGE);
      const modules = readdirSync(folder).filter((entry) => entry.endsWith('.ts'));
      return modules.map((entry) => own.replace('*', entry.slice(0, -'.ts'.length)));
    });
}

function isSource(url: string): boolean {
  return url.startsWith('file:') && /\.m?ts$/.test(url.replace(/[?#].*$/, '')) && !DEPENDENCY.test(url);
}

/** The file with its types blanked; lines and columns stay. */
function stripped(file: string): string {
  try {
    return stripTypeScriptTypes(readFileSync(file, 'utf8'), { mode: 'strip' });
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // Node writes the line at the head of the stack, and nowhere else.
    const line = /^:(\d+)/.exec(error.stack ?? '')?.[1];
    throw new SyntaxError(`${file}${line === undefined ? '' : `:${line}`}: ${error.message}`);
  }
}

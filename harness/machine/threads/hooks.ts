/**
 * Module hooks. The resolver lets a file anywhere on the disk import this package's contracts; the loader,
 * for workers only, erases the coroutines of all TypeScript that a run is made of.
 */
import { readFileSync } from 'node:fs';
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
const DEPENDENCY = /\/node_modules\//;

/** For the main thread: `import … from 'contend/algorithm'` works in any file. Nothing is erased. */
export function installResolver(): void {
  registerHooks({ resolve });
}

/** For workers, before anything that runs in a trial is imported. */
export function installHooks(): void {
  registerHooks({ resolve, load });
}

const resolve: ResolveHookSync = (specifier, context, nextResolve) => {
  const ours = OURS.test(specifier) && !DEPENDENCY.test(context.parentURL ?? '');
  const resolved = nextResolve(specifier, ours ? { ...context, parentURL: PACKAGE } : context);
  // A file in a folder without a package.json would otherwise be tried as CommonJS first, with a warning.
  return isSource(resolved.url) ? { ...resolved, format: 'module-typescript' } : resolved;
};

const load: LoadHookSync = (url, context, nextLoad) => {
  if (!isSource(url)) return nextLoad(url, context);
  const file = fileURLToPath(url);
  const source = eraseCoroutines(strip(readFileSync(file, 'utf8'), file), file);
  return { format: 'module', source, shortCircuit: true } satisfies LoadFnOutput;
};

function isSource(url: string): boolean {
  return url.startsWith('file:') && /\.m?ts$/.test(url.replace(/[?#].*$/, '')) && !DEPENDENCY.test(url);
}

/** Blanks the types; keeps lines and columns. */
function strip(source: string, file: string): string {
  try {
    return stripTypeScriptTypes(source, { mode: 'strip' });
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // Node writes the line at the head of the stack, and nowhere else.
    const line = /^:(\d+)/.exec(error.stack ?? '')?.[1];
    throw new SyntaxError(`${file}${line === undefined ? '' : `:${line}`}: ${error.message}`);
  }
}

/** Which module an import means: a file anywhere on the disk can import this package's contracts. */
import { readdirSync, readFileSync } from 'node:fs';
import { type ResolveHookSync, registerHooks } from 'node:module';
import { isSource } from './asking.js';

const PACKAGE = new URL('../../../package.json', import.meta.url).href;
/** What resolves from this package wherever the importing file lies. */
const OURS = /^(contend|zod)(\/|$)/;
const DEPENDENCY = /\/node_modules\//;
/** Those that declarations import zod from. */
const CONTRACTS = ['algorithms/algorithm.ts', 'workloads/workload.ts'].map(
  (file) => new URL(file, PACKAGE).href,
);
const SCHEMAS = new URL('schemas.ts', import.meta.url).href;

/** For the main thread, and for workers that simulate. */
export function installResolver(): void {
  registerHooks({ resolve });
}

/** For workers that are cores: there declarations build no schemas. */
export function installResolverForCores(): void {
  registerHooks({
    resolve: (specifier, context, nextResolve) =>
      specifier === 'zod' && CONTRACTS.includes(context.parentURL ?? '')
        ? { url: SCHEMAS, format: 'module-typescript', shortCircuit: true }
        : resolve(specifier, context, nextResolve),
  });
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

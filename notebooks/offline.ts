/**
 * Makes a notebook's page need no network. Notebook Kit offers a notebook many libraries and sample data, and loads
 * them from a content delivery network when the page is viewed; here it offers those of libraries.ts, which
 * are built into the page. What else it would load on demand says that it is not there. A module of Node's ends the
 * build: what a page runs must run in a browser.
 */
import { join } from 'node:path';
import type { Plugin } from 'vite';

const OFFERED = join(import.meta.dirname, 'page', 'libraries.ts');
const EMPTY = '\0empty';
const ABSENT = '\0absent:';

export function offline(): Plugin {
  return {
    name: 'offline',
    enforce: 'pre',
    resolveId(id, importer) {
      if (id.startsWith('node:')) throw new Error(`${importer} imports ${id}, which no browser has`);
      if (/^https?:/.test(id)) return `${ABSENT}${id}`;
      const isKit = importer?.includes('/notebook-kit/') ?? false;
      if (isKit && id === './recommendedLibraries.js') return OFFERED;
      return isKit && id === './sampleDatasets.js' ? EMPTY : null;
    },
    load(id) {
      if (id === EMPTY) return 'export {};';
      if (!id.startsWith(ABSENT)) return null;
      const what = new URL(id.slice(ABSENT.length)).pathname;
      return `throw new Error(${JSON.stringify(`not in this page: ${what}`)}); export default undefined;`;
    },
  };
}

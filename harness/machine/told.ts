/** What is said of an error that an algorithm or a workload threw. */

/** Its message, and where in whose code it was thrown. */
export function told(error: unknown): string {
  return error instanceof Error ? `${error.message}${location(error)}` : String(error);
}

/** In a page's worker, where all modules are one, there is no such place, and no stack worth reading. */
const HARNESS = URL.parse('../', import.meta.url)?.href;

/** The first place of an error's stack in code that is neither the harness's own nor a package's, or nothing. */
export function location({ message, stack = '' }: Pick<Error, 'message' | 'stack'>): string {
  if (HARNESS === undefined) return '';
  const harness = pathOf(HARNESS);
  for (const [, file, at] of stack.matchAll(/(?<=[\s(])((?:file:\/\/)?\/[^\s()]+?)(:\d+:\d+)/g)) {
    const path = pathOf(file);
    if (path.startsWith(harness) || path.includes('/node_modules/')) continue;
    return message.includes(path) ? '' : ` (${path}${at})`;
  }
  return '';
}

function pathOf(file: string): string {
  return decodeURI(file.replace(/^file:\/\//, ''));
}

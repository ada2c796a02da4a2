// Where a worker starts: all TypeScript that it imports from here on comes from the main thread, without types and
// coroutines.
import { registerHooks } from 'node:module';
import { isSource, sourceOf } from './asking.js';

registerHooks({
  load(url, context, nextLoad) {
    if (!isSource(url)) return nextLoad(url, context);
    return { format: 'module', source: sourceOf(url), shortCircuit: true };
  },
});

export default (await import('./worker.ts')).default;

/**
 * Where a worker starts. What an earlier worker of the process has loaded is handed to it, types and coroutines
 * gone; where that is all of its code, it need not start the type stripper. Hence plain JavaScript.
 */
import { registerHooks } from 'node:module';
import { workerData } from 'node:worker_threads';

registerHooks({
  load(url, context, nextLoad) {
    const source = workerData.sources.get(url);
    return source === undefined ? nextLoad(url, context) : { format: 'module', source, shortCircuit: true };
  },
});

export default (await import('./worker.ts')).default;

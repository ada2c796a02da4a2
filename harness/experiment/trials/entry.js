// Where a worker starts: what it loads comes without its types, and compiled, from Node's cache, which each thread has
// to ask for.
import { enableCompileCache } from 'node:module';

enableCompileCache();
export default (await import('./worker.ts')).default;

/**
 * Ends the process where code of the user's loops without any access: then the simulated machine never gets
 * control back, and nothing that runs in the same thread can help.
 */
import { Worker } from 'node:worker_threads';
import type { Configuration } from '../experiment/configuration.ts';
import { needsWatching, patience_ms } from '../experiment/patience.ts';
import { beatIn, sharedPulse } from '../machine/simulated/pulse.ts';
import type { Terminal } from './terminal.ts';

export interface Watch {
  readonly pulse: Int32Array;
  /** The algorithm's. */
  readonly name: string;
  readonly patience_ms: number;
  /** Takes away what stands on the line. */
  readonly lineStart: string;
}

/** Does what simulates in this thread. Only files of the user's are watched: it takes a thread. */
export async function guarded<T>(
  configuration: Pick<Configuration, 'algorithm' | 'workload'>,
  terminal: Terminal,
  action: () => Promise<T>,
): Promise<T> {
  if (!needsWatching(configuration)) return action();
  const pulse = sharedPulse();
  beatIn(pulse);
  const watch: Watch = {
    pulse,
    name: configuration.algorithm.declaration.name,
    patience_ms: patience_ms(),
    lineStart: terminal.rewritable ? '\r\x1b[K' : '',
  };
  const worker = new Worker(new URL('./watchdog-worker.ts', import.meta.url), {
    workerData: watch,
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  worker.unref();
  try {
    return await action();
  } finally {
    await worker.terminate();
  }
}

/** Lets a command end in order when it is asked to: by Ctrl-C, or by a batch system whose time is up. */
import { constants } from 'node:os';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

export interface Interrupt {
  readonly signal: AbortSignal;
  /** The exit status that says which signal it was, once there was one: 128 and its number. */
  status(): number | undefined;
  /** Signals have their default effect again. */
  release(): void;
}

/** From now on the first signal aborts; a second one ends the process as ever. */
export function listenForInterrupt(): Interrupt {
  const controller = new AbortController();
  let status: number | undefined;
  const release = (): void => {
    for (const name of SIGNALS) process.off(name, abort);
  };
  const abort = (name: (typeof SIGNALS)[number]): void => {
    status = 128 + constants.signals[name];
    release();
    controller.abort();
  };
  for (const name of SIGNALS) process.on(name, abort);
  return { signal: controller.signal, status: () => status, release };
}

/** How long a user's file may compute without a sign of life before it is taken for a loop without end. */
import type { Configuration } from './configuration.ts';
import { UserError } from './user-error.ts';

const VARIABLE = 'CONTEND_PATIENCE';
const DEFAULT_S = 20;

/** In processor time, as a busy host may give little of it. */
export function patience_ms(): number {
  const given = process.env[VARIABLE];
  if (given === undefined) return DEFAULT_S * 1000;
  const seconds = Number(given);
  if (seconds > 0) return seconds * 1000;
  throw new UserError(`${VARIABLE} is a number of seconds, not "${given}"`);
}

/** The processor time that this process has taken. */
export function processorTime_ms(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Whether code that is not the laboratory's own takes part. */
export function needsWatching({
  algorithm,
  workload,
}: Pick<Configuration, 'algorithm' | 'workload'>): boolean {
  return [algorithm, workload].some(({ reference }) => reference.startsWith('file:'));
}

/** What is said of one that has gone silent. */
export function silenceOf(name: string, most_ms: number, place = ''): string {
  return (
    `${name} has computed for ${most_ms / 1000} s without an access to shared memory${place}: ` +
    `a loop that never ends? (${VARIABLE}=SECONDS waits longer)`
  );
}

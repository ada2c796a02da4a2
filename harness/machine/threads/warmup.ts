/** Runs a session untimed until its runs take equally long, so that compilation is not what is measured. */
import { median } from 'simple-statistics';
import type { ThreadsSession } from './threads.ts';

const WINDOW = 3;
const TOLERANCE = 0.05;
/**
 * Runs take equally long on the way, too: silo on ycsb (1,000 transactions of 16 operations) takes 2.8 ms from its sixth
 * run on, 1.8 from its twentieth and 1.45 from its fortieth, when the last of its code is optimized. So blocks are
 * executed for so long in any case.
 */
const LEAST_NS = 1e8;
const MAX_MS = 1500;

export interface WarmUp {
  readonly runs: number;
  /** The last three runs' median is within 5 % of that of the three before. */
  readonly stable: boolean;
}

/** @param now a clock in milliseconds: a warm-up ends by it in any case */
export async function warmUp(
  session: Pick<ThreadsSession, 'run'>,
  now: () => number = () => performance.now(),
): Promise<WarmUp> {
  const makespans: number[] = [];
  const end_ms = now() + MAX_MS;
  let executed_ns = 0;
  let stable = false;
  do {
    const { makespan_ns } = await session.run(makespans.length);
    makespans.push(makespan_ns);
    executed_ns += makespan_ns;
    stable = isStable(makespans);
  } while (!(stable && executed_ns >= LEAST_NS) && now() < end_ms);
  return { runs: makespans.length, stable };
}

function isStable(makespans: readonly number[]): boolean {
  if (makespans.length < 2 * WINDOW) return false;
  const last = median(makespans.slice(-WINDOW));
  const before = median(makespans.slice(-2 * WINDOW, -WINDOW));
  return Math.abs(last - before) <= TOLERANCE * before;
}

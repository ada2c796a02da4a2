/** Runs a session untimed until its runs take equally long, so that compilation is not what is measured. */
import { median } from 'simple-statistics';
import type { ThreadsSession } from './threads.ts';

const WINDOW = 3;
const TOLERANCE = 0.05;
const MAX_RUNS = 20;
const MAX_MS = 1500;

export interface WarmUp {
  readonly runs: number;
  /** The last three runs' median is within 5 % of that of the three before. */
  readonly stable: boolean;
}

export async function warmUp(session: Pick<ThreadsSession, 'run'>): Promise<WarmUp> {
  const makespans: number[] = [];
  const end_ms = performance.now() + MAX_MS;
  let stable = false;
  do {
    const { makespan_ns } = await session.run(makespans.length);
    makespans.push(makespan_ns);
    stable = isStable(makespans);
  } while (!stable && makespans.length < MAX_RUNS && performance.now() < end_ms);
  return { runs: makespans.length, stable };
}

function isStable(makespans: readonly number[]): boolean {
  if (makespans.length < 2 * WINDOW) return false;
  const last = median(makespans.slice(-WINDOW));
  const before = median(makespans.slice(-2 * WINDOW, -WINDOW));
  return Math.abs(last - before) <= TOLERANCE * before;
}

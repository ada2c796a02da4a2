/**
 * Rehearses a session until its runs take equally long, so that compilation is not what is measured.
 *
 * V8 compiles a function up to three times, beside the program and whenever it sees fit, so times fall in steps with
 * level stretches between: a window of a few runs takes the first such stretch for the end. What is compared here
 * grows with what has been run, and a stretch must be as long as all that came before it.
 */
import { quantile } from 'simple-statistics';
import type { ThreadsSession } from './threads.ts';

const TOLERANCE = 0.05;
const MIN_RUNS = 40;
/** Compiling takes its time however short the runs are. */
const MIN_MS = 300;
const MAX_MS = 1500;
/** Of a stretch's runs the fastest quarter counts: others of the host's processes make some runs slower, none faster. */
const FAST = 0.25;

export interface WarmUp {
  readonly runs: number;
  /** The second half of the runs took as long as the quarter before it, within 5 %. */
  readonly stable: boolean;
}

/** @param now a clock in ms */
export async function warmUp(
  session: Pick<ThreadsSession, 'rehearse'>,
  now: () => number = () => performance.now(),
): Promise<WarmUp> {
  const makespans: number[] = [];
  const start_ms = now();
  for (;;) {
    makespans.push(await session.rehearse(makespans.length));
    const runs = makespans.length;
    const elapsed_ms = now() - start_ms;
    const isDue = runs >= MIN_RUNS && runs % 4 === 0 && elapsed_ms >= MIN_MS;
    if (isDue && isStable(makespans)) return { runs, stable: true };
    if (elapsed_ms >= MAX_MS) return { runs, stable: runs >= 4 && isStable(makespans) };
  }
}

function isStable(makespans: readonly number[]): boolean {
  const half = Math.floor(makespans.length / 2);
  const last = quantile(makespans.slice(half), FAST);
  const before = quantile(makespans.slice(Math.floor(half / 2), half), FAST);
  return Math.abs(last - before) <= TOLERANCE * before;
}

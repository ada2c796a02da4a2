import { describe, expect, it } from 'vitest';
import type { Run } from '../../../harness/machine/run.ts';
import { warmUp } from '../../../harness/machine/threads/warmup.ts';

/** A session whose runs take these times, the last one again and again. */
function session(makespans: number[]): { run(repetition: number): Promise<Run> } {
  return {
    run: async (repetition) =>
      ({ makespan_ns: makespans[Math.min(repetition, makespans.length - 1)] }) as Run,
  };
}

describe('warm-up', () => {
  it('ends when three runs take as long as the three before, by their medians', async () => {
    expect(await warmUp(session([100]))).toEqual({ runs: 6, stable: true });
    expect(await warmUp(session([900, 500, 100]))).toEqual({ runs: 7, stable: true });
    expect(await warmUp(session([100, 100, 700, 104, 104, 700]))).toEqual({ runs: 6, stable: true });
  });

  it('tolerates five per cent, not more', async () => {
    expect(await warmUp(session([100, 100, 100, 105]))).toEqual({ runs: 6, stable: true });
    expect((await warmUp(session([100, 100, 100, 106]))).runs).toBeGreaterThan(6);
  });

  it('gives up after twenty runs', async () => {
    const slower = Array.from({ length: 40 }, (_, i) => 1.1 ** i);
    expect(await warmUp(session(slower))).toEqual({ runs: 20, stable: false });
  });
});

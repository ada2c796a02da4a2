import { describe, expect, it } from 'vitest';
import type { Run } from '../../../harness/machine/run.ts';
import { type WarmUp, warmUp } from '../../../harness/machine/threads/warmup.ts';

/** Warms up a session whose runs take these times in ms, the last one again and again, and nothing else takes any. */
function warmed(makespans_ms: number[]): Promise<WarmUp> {
  let now_ms = 0;
  const session = {
    run: async (repetition: number) => {
      const makespan_ms = makespans_ms[Math.min(repetition, makespans_ms.length - 1)];
      now_ms += makespan_ms;
      return { makespan_ns: makespan_ms * 1e6 } as Run;
    },
  };
  return warmUp(session, () => now_ms);
}

describe('warm-up', () => {
  it('ends when three runs take as long as the three before, by their medians', async () => {
    expect(await warmed([100])).toEqual({ runs: 6, stable: true });
    expect(await warmed([200, 150, 100])).toEqual({ runs: 7, stable: true });
    expect(await warmed([100, 100, 200, 104, 104, 200])).toEqual({ runs: 6, stable: true });
  });

  it('tolerates five per cent, not more', async () => {
    expect(await warmed([100, 100, 100, 105])).toEqual({ runs: 6, stable: true });
    expect((await warmed([100, 100, 100, 106])).runs).toBeGreaterThan(6);
  });

  it('goes on through a plateau until blocks were executed for a tenth of a second', async () => {
    expect(await warmed([2])).toEqual({ runs: 50, stable: true });
    // Compilation is late: the plateau of the first forty runs is not the last one.
    const late = [...Array.from({ length: 40 }, () => 2.4), 1.2];
    expect((await warmed(late)).runs).toBeGreaterThan(43);
  });

  it('gives up after one and a half seconds', async () => {
    const slower = Array.from({ length: 40 }, (_, i) => 10 * 1.1 ** i);
    expect(await warmed(slower)).toEqual({ runs: 30, stable: false });
  });
});

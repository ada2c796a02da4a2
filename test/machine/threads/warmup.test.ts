/** Warm-up on made-up series of times: when it ends, and what it takes for steady. */
import { describe, expect, it } from 'vitest';
import { warmUp } from '../../../harness/machine/threads/warmup.ts';

/** What becomes of a session whose runs take these times, in ms. */
function warmed(makespan_ms: (run: number) => number) {
  let now = 0;
  const rehearse = async (repetition: number): Promise<number> => {
    now += makespan_ms(repetition);
    return makespan_ms(repetition) * 1e6;
  };
  return warmUp({ rehearse }, () => now);
}

describe('warm-up', () => {
  it('ends after forty runs of one length, but not before 300 ms', async () => {
    expect(await warmed(() => 10)).toEqual({ runs: 40, stable: true });
    expect(await warmed(() => 1)).toEqual({ runs: 300, stable: true });
  });

  it('goes on over a level stretch, for as long as all before it', async () => {
    // Interpreted, then two compilers, as V8 has them; each stretch is long enough for a window of three or of ten.
    const steps = (run: number): number => (run < 12 ? 40 : run < 24 ? 20 : 10);
    const { runs, stable } = await warmed(steps);
    expect(stable).toBe(true);
    expect(runs).toBeGreaterThanOrEqual(48);
  });

  it('goes on while times fall slowly, by less from one run to the next than chance makes', async () => {
    const { runs, stable } = await warmed((run) => 3 + 6 * Math.exp(-run / 20));
    expect(stable).toBe(true);
    // From there on they take within 5 % of what they will.
    expect(6 * Math.exp(-runs / 20)).toBeLessThan(0.15);
  });

  it('is not kept by runs that something else slowed down', async () => {
    expect(await warmed((run) => (run % 3 === 1 ? 45 : 10))).toEqual({ runs: 40, stable: true });
  });

  it('tolerates five per cent, not more', async () => {
    expect(await warmed((run) => (run < 20 ? 10 : 10.5))).toEqual({ runs: 40, stable: true });
    expect((await warmed((run) => (run < 20 ? 10 : 10.6))).runs).toBeGreaterThan(40);
    expect((await warmed((run) => (run < 20 ? 10 : 9.4))).runs).toBeGreaterThan(40);
    // Also where it ends for want of time.
    expect(await warmed((run) => (run < 8 ? 100 : 105))).toMatchObject({ stable: true });
    expect(await warmed((run) => (run < 8 ? 100 : 106))).toMatchObject({ stable: false });
    expect(await warmed((run) => (run < 8 ? 100 : 94))).toMatchObject({ stable: false });
  });

  it('gives up after a second and a half, and says so', async () => {
    expect(await warmed((run) => 20 * 1.03 ** run)).toEqual({ runs: 40, stable: false });
    // Long runs are judged by the few there are; of fewer than four nothing can be said.
    expect(await warmed(() => 300)).toEqual({ runs: 5, stable: true });
    expect(await warmed(() => 700)).toEqual({ runs: 3, stable: false });
  });
});

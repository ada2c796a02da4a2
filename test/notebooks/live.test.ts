/** What the page simulates, run here: the same trials as on the command line. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { configure } from '../../harness/experiment/configuration.ts';
import { simulatedTrial } from '../../harness/experiment/trials/simulated.ts';
import { type Point, type Settings, SHARES } from '../../notebooks/live/protocol.ts';
import { catalogue, sweep } from '../../notebooks/live/simulation.ts';

const settings: Settings = {
  choices: [
    { algorithm: 'block-stm', options: {} },
    { algorithm: 'silo', options: {} },
  ],
  workload: 'transfers',
  parameters: { accounts: 10 },
  machine: 'server-32',
  cores: [1, 4],
  transactions: 40,
  seed: 1,
};

const collected = (wanted: Settings): Promise<Point[]> => Array.fromAsync(sweep(wanted));

describe('a sweep', () => {
  test('has a valid trial for each choice and number of cores, in their order, within its bound', async () => {
    const arbitrary = fc.record({
      accounts: fc.integer({ min: 2, max: 50 }),
      transactions: fc.integer({ min: 1, max: 60 }),
      cores: fc.uniqueArray(fc.integer({ min: 1, max: 32 }), { minLength: 1, maxLength: 3 }),
      block_ns: fc.constantFrom(0, 10_000),
    });
    await fc.assert(
      fc.asyncProperty(arbitrary, async ({ accounts, transactions, cores, block_ns }) => {
        const wanted = { ...settings, parameters: { accounts }, transactions, cores, model: { block_ns } };
        const points = await collected(wanted);
        expect(points.map((point) => [point.cores, point.choice])).toEqual(
          cores.flatMap((count) => [
            [count, 0],
            [count, 1],
          ]),
        );
        for (const point of points) {
          expect(point.verdict).toBe('valid');
          expect(point.speedup).toBeLessThanOrEqual(point.bound * (1 + 1e-9));
          expect(SHARES.reduce((sum, share) => sum + point.shares[share], 0)).toBeCloseTo(1, 6);
        }
      }),
      { seed: 20261125, numRuns: 10 },
    );
  });

  test('is what the command line measures', async () => {
    const { choices, cores, ...place } = settings;
    const request = { ...place, ...choices[1], cores: cores[1] };
    const { metrics } = simulatedTrial(await configure(request));
    const [, , , point] = await collected(settings);
    expect(point).toMatchObject({ choice: 1, makespan_ns: metrics.makespan_ns, speedup: metrics.speedup });
  });

  test('says why a run is refused', async () => {
    const uncontrolled = { algorithm: 'uncontrolled', options: {} };
    const wanted = { ...settings, choices: [uncontrolled], cores: [8], parameters: { accounts: 2 } };
    const [point] = await collected(wanted);
    expect(point.verdict).toBe('invalid');
    expect(point.explanation).toMatch(/^G/);
    expect(point.bound).toBeNaN();
  });

  test('refuses what there is not', async () => {
    await expect(collected({ ...settings, parameters: { acounts: 2 } })).rejects.toThrow(/acounts/);
  });
});

test('the catalogue has every option that is a choice among a few, with its default', async () => {
  const entries = await catalogue();
  const blockStm = entries.find(({ name }) => name === 'block-stm');
  expect(blockStm?.guarantee).toBe('block-order');
  expect(blockStm?.options).toContainEqual(
    expect.objectContaining({ name: 'dependency', values: ['restart', 'suspend'], value: 'restart' }),
  );
  for (const { options } of entries) for (const { values, value } of options) expect(values).toContain(value);
});

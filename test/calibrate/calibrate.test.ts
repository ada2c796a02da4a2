/** Calibration, tried on machines whose figures are known: simulated ones. And its loops, on real threads. */
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Calibration, calibrate } from '../../harness/calibrate/calibrate.ts';
import { hostModel } from '../../harness/calibrate/host-model.ts';
import { leastSquares } from '../../harness/calibrate/least-squares.ts';
import { engineProbes, figureProbes } from '../../harness/calibrate/probes.ts';
import { simulatedMachine, threadsMachine } from '../../harness/calibrate/readings.ts';
import { type MachineModel, ModelFile } from '../../harness/machine/simulated/model.ts';
import { models } from '../../harness/machine/simulated/models/index.ts';

/** More lines than one run of the loop reads, so that a simulated cache never has the next. */
const MEMORY_BYTES = 2 ** 25;
const options = { cores: 2, memory_bytes: MEMORY_BYTES };
const hidden: MachineModel = {
  ...models['server-32'],
  cores: 2,
  domains: [{ cores: 2, transfer_ns: 70 }],
  hit_ns: 1.25,
  atomic_ns: 8.5,
  memory_ns: 130,
  shared_ns: 25,
  shared_bytes: 2 ** 24,
  pause_ns: 21,
  work_ns: 1.5,
  operation_ns: 6,
  attempt_ns: 40,
  version_ns: 7,
  wake_ns: 9,
  spin_ns: 2700,
  sleep_ns: 6000,
  sibling: 0.4,
};

let calibration: Calibration;
beforeAll(async () => {
  calibration = await calibrate(simulatedMachine(hidden), options);
}, 60_000);

test("finds a simulated machine's own figures", () => {
  const { engines, figures } = calibration;
  const found = Object.fromEntries(figures.map(({ figure, value_ns }) => [figure, value_ns]));
  const alone = [
    'hit_ns',
    'atomic_ns',
    'memory_ns',
    'shared_ns',
    'pause_ns',
    'spin_ns',
    'wake_ns',
    'work_ns',
  ] as const;
  for (const figure of alone) expect.soft(found[figure], figure).toBeCloseTo(hidden[figure], 6);
  // Of two cores, the solver does not know yet how they slow each other down.
  expect(found.transfer_ns).toBeCloseTo(70, -1);
  expect(found.sleep_ns / hidden.sleep_ns).toBeCloseTo(1, 2);
  expect(found.sibling).toBeCloseTo(hidden.sibling, 1);
  expect(found.version_ns).toBeCloseTo(hidden.version_ns, 0);
  // The engines' samples vary with what their transactions draw.
  expect(found.operation_ns).toBeCloseTo(hidden.operation_ns, -0.5);
  expect(found.attempt_ns).toBeCloseTo(hidden.attempt_ns, -1);
  for (const { how, measured_ns, predicted_ns } of engines) {
    expect.soft(predicted_ns / measured_ns, how).toBeCloseTo(1, 1);
  }
});

test('what an access costs an engine more than a loop is found too', async () => {
  const { figures } = await calibrate(simulatedMachine({ ...hidden, hit_ns: 0.5, access_ns: 3 }), options);
  const found = Object.fromEntries(figures.map(({ figure, value_ns }) => [figure, value_ns]));
  // A loop's accesses are charged alike: how much of an access is the cache's, only their sum tells.
  expect(found.hit_ns + found.access_ns).toBeCloseTo(3.5, 1);
});

test('a machine that computes something else is refused', async () => {
  const machine = simulatedMachine(hidden);
  await expect(
    calibrate(async (probe) => ({ ...(await machine(probe)), result: 41 }), options),
  ).rejects.toThrow(/work_ns: measured was 41, simulated 1020000/);
});

test('without a second core there is no transfer to measure, and the model says that it is a guess', () => {
  expect(figureProbes(1, MEMORY_BYTES).map(({ figure }) => figure)).not.toContain('transfer_ns');
  const alone = {
    ...calibration,
    figures: calibration.figures.filter(({ figure }) => figure !== 'transfer_ns'),
  };
  const model = hostModel(alone, { name: 'alone', cpu: 'a cpu', cores: 1, date: '2026-01-01' });
  expect(model.sources.domains).toMatch(/^guess/);
  expect(ModelFile.parse(model)).toEqual(model);
});

test.each([2, 3, 6, 64])(
  'the model of a host with %i cores is a model file, each figure with its source',
  (cores) => {
    const model = hostModel(calibration, { name: 'host', cpu: 'a cpu', cores, date: '2026-01-01' });
    expect(ModelFile.parse(model)).toEqual(model);
    expect(model.domains).toHaveLength(1);
    expect(model.domains[0].cores).toBeGreaterThanOrEqual(cores);
    for (const figure of ['hit_ns', 'domains', 'operation_ns']) {
      expect(model.sources[figure]).toMatch(/^measured by contend calibrate, a cpu, 2026-01-01: /);
    }
  },
);

describe('on real threads', () => {
  // One of each code: the loops but the plainest, and an engine of each kind.
  const loops = figureProbes(2, 2 ** 16).filter(({ figure }) => /hit|atomic|transfer/.test(figure));
  const probes = [...loops, ...engineProbes().filter(({ how }) => how.includes('16'))];
  test.each(probes.map((probe) => [probe.how, probe] as const))(
    '%s: takes time, and ends as simulated',
    async (_, probe) => {
      const [real, simulated] = [await threadsMachine(0)(probe), await simulatedMachine(hidden)(probe)];
      expect(real.result).toBe(simulated.result);
      expect(real.fast_ns).toBeGreaterThan(0);
      expect(real.fast_ns).toBeLessThanOrEqual(real.median_ns);
      expect(real.samples).toBeGreaterThanOrEqual(100);
    },
  );
});

describe('least squares without negative unknowns', () => {
  const figure = fc.double({ min: 0, max: 100, noNaN: true });
  const coefficient = fc.double({ min: 0.1, max: 10, noNaN: true });

  test('exact where there is an exact solution', () => {
    const cases = fc.tuple(
      fc.tuple(figure, figure),
      fc.array(fc.tuple(coefficient, coefficient), { minLength: 3, maxLength: 8 }),
    );
    fc.assert(
      fc.property(cases, ([x, rows]) => {
        const targets = rows.map((row) => row[0] * x[0] + row[1] * x[1]);
        const found = leastSquares(rows, targets);
        for (const [at, row] of rows.entries()) {
          expect(row[0] * found[0] + row[1] * found[1]).toBeCloseTo(targets[at], 3);
        }
      }),
      { seed: 3, numRuns: 300 },
    );
  });

  test('what would be negative is nothing, and the others make the best of it', () => {
    expect(
      leastSquares(
        [
          [1, 0],
          [0, 1],
        ],
        [-5, 7],
      ),
    ).toEqual([0, 7]);
    expect(
      leastSquares(
        [
          [1, 1],
          [1, 2],
        ],
        [4, 2],
      ),
    ).toEqual([expect.any(Number), 0]);
    expect(leastSquares([[1], [1]], [2, 4])).toEqual([3]);
  });

  test('unknowns that nothing depends on are nothing', () => {
    expect(
      leastSquares(
        [
          [1, 0],
          [2, 0],
        ],
        [3, 6],
      ),
    ).toEqual([3, 0]);
  });
});

/** The judge, on real threads: it compares what is valid, and leaves out what is not. */
import { expect, test } from 'vitest';
import { judge, PLAIN_LOOP, WORKLOADS } from '../../harness/calibrate/judge.ts';
import { models } from '../../harness/machine/simulated/models/index.ts';

test('every algorithm and the plain loop, predicted and measured, on each number of cores', async () => {
  const options = {
    algorithms: ['sequential', 'silo'],
    workloads: [WORKLOADS[3]],
    cores: [1, 2],
    transactions: 200,
  };
  const judged = [];
  for await (const some of judge(models.host, { ...options, repetitions: 2 })) judged.push(...some);
  expect(judged.map(({ algorithm, cores }) => `${algorithm} ${cores}`)).toEqual([
    `${PLAIN_LOOP} 1`,
    'sequential 1',
    'silo 1',
    'sequential 2',
    'silo 2',
  ]);
  for (const { measured_tps, median_tps, predicted_tps, ratio } of judged) {
    expect(predicted_tps).toBeGreaterThan(0);
    expect(measured_tps).toBeGreaterThanOrEqual(median_tps);
    expect(ratio).toBeCloseTo(predicted_tps / measured_tps, 9);
  }
  // What one core does alone does not depend on how many there are, but for the instant in which the other one ends.
  expect(judged[1].predicted_tps / judged[3].predicted_tps).toBeCloseTo(1, 4);
});

test('what verification rejects has no ratio', async () => {
  const options = { algorithms: ['uncontrolled'], cores: [2], transactions: 300, repetitions: 1 };
  const hot = { label: 'a ring', workload: 'cycle', parameters: { keys: 3 } };
  const { value } = await judge(models.host, { ...options, workloads: [hot] }).next();
  expect(value?.at(-1)?.ratio).toBeNaN();
});

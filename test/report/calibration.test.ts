/** The tables of a calibration, and the command's complaints. */
import { expect, test } from 'vitest';
import { type Judgement, meanError, WORKLOADS } from '../../harness/calibrate/judge.ts';
import { calibrationReport, judgementReport } from '../../harness/report/calibration.ts';
import { plainPaint } from '../../harness/report/paint.ts';

const look = { paint: plainPaint, width: 130 };

function judgement(algorithm: string, cores: number, ratio: number): Judgement {
  const tps = { predicted_tps: ratio * 1e6, measured_tps: 1e6, median_tps: 0.8e6 };
  return { algorithm, cores, workload: WORKLOADS[0], ratio, ...tps };
}

test('the mean error takes too fast and too slow alike, and leaves out what was not valid', () => {
  expect(
    meanError([judgement('a', 1, 0.9), judgement('b', 1, 1.3), judgement('c', 1, Number.NaN)]),
  ).toBeCloseTo(0.2);
});

test('judgements: a row an algorithm, a column for each workload and number of cores, then the errors', () => {
  const all = [
    judgement('fast', 1, 0.9),
    judgement('slow', 1, 1.5),
    judgement('fast', 2, 1),
    judgement('slow', 2, Number.NaN),
  ];
  const lines = judgementReport(all, look)
    .split('\n')
    .map((line) => line.trim().split(/ {2,}/));
  expect(lines).toContainEqual(['fast', '0.90', '1.00']);
  expect(lines).toContainEqual(['slow', '1.50', '–']);
  expect(lines).toContainEqual(['mean error %', '30', '0']);
  expect(lines.flat().join(' ')).toContain('of 3 predictions: 20 %, the median one 10 %; from 0.90 to 1.50');
  expect(lines.flat().join(' ')).toContain('25 % above their median');
});

test('figures: the value with the samples that it rests on, or the programs where several tell it', () => {
  const reading = { fast_ns: 10.25, median_ns: 11, spread: 0.123, samples: 400, result: 0 };
  const report = calibrationReport(
    {
      figures: [
        { figure: 'atomic_ns', value_ns: 7.5, how: 'adds', reading },
        { figure: 'attempt_ns', value_ns: 40, how: 'engines' },
      ],
      engines: [{ how: 'direct', measured_ns: 200, predicted_ns: 190 }],
    },
    look,
  );
  expect(report).toMatch(/atomic_ns +7\.5 +10\.3 +11 +12 +400 +adds/);
  expect(report).toMatch(/attempt_ns +40 +– +– +– +– +engines/);
  expect(report).toMatch(/direct +200 +190 +0\.95/);
});

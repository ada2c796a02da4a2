/** Summaries against values found by hand, and a bootstrap that repeats itself. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bootstrapInterval, summarize } from '../../harness/experiment/summary.ts';
import { algorithm, configuration, LOST_UPDATE, trial } from './trials.ts';

fc.configureGlobal({ seed: 42 });

const alpha = configuration();
const beta = configuration({ algorithm: algorithm('beta') });
const rates = (...values: number[]) =>
  values.map((throughput_tps, at) =>
    trial({ configuration: alpha, repetition: at + 1, metrics: { throughput_tps, speedup: 10 - at } }),
  );

test('median, mean and spread of a sample worked out by hand', () => {
  const [summary] = summarize(rates(100, 104, 90, 110, 96));
  expect(summary.n).toBe(5);
  expect(summary.metrics.throughput_tps).toBe(100);
  expect(summary.throughput.mean).toBe(100);
  expect(summary.throughput.spread).toBeCloseTo(0.2, 12);
  expect(summary.metrics.speedup).toBe(8);
  expect(summary.warnings).toEqual(['spread-over-10-percent']);
});

test('an even number of trials has the mean of the two in the middle for a median', () => {
  expect(summarize(rates(100, 101, 104, 105))[0].metrics.throughput_tps).toBe(102.5);
});

test('a spread of 10 % is not yet worth a warning', () => {
  expect(summarize(rates(95, 100, 105))[0].warnings).toEqual([]);
});

test('one trial has no interval', () => {
  expect(summarize(rates(100))[0].throughput).toEqual({
    mean: 100,
    deviation: Number.NaN,
    interval: { low: Number.NaN, high: Number.NaN },
    spread: 0,
  });
});

test('configurations keep the order in which they first appear', () => {
  const trials = [beta, alpha, beta].map((c, at) => trial({ configuration: c, repetition: at + 1 }));
  const names = summarize(trials).map((summary) => summary.configuration.algorithm.declaration.name);
  expect(names).toEqual(['beta', 'alpha']);
});

test('rejected trials are counted and do not reach the numbers of the valid ones', () => {
  const [first, ...others] = rates(100, 102, 104);
  const [summary] = summarize([
    { ...first, verdict: LOST_UPDATE, metrics: { ...first.metrics, throughput_tps: 9e9 } },
    ...others,
  ]);
  expect([summary.n, summary.rejected.length]).toEqual([2, 1]);
  expect(summary.metrics.throughput_tps).toBe(103);
});

test('what was not measured in some trials is the median of the others', () => {
  const latencies = [Number.NaN, 10, 30].map((latency_p99_ns, at) =>
    trial({ repetition: at + 1, metrics: { latency_p99_ns, latency_p50_ns: Number.NaN } }),
  );
  const [{ metrics }] = summarize(latencies);
  expect([metrics.latency_p99_ns, metrics.latency_p50_ns]).toEqual([20, Number.NaN]);
});

test('counts by cause are medians too, and a cause that a trial lacks counts as none', () => {
  const causes: Record<string, number>[] = [{ read: 4 }, { read: 6, lock: 2 }, { read: 5, lock: 3 }];
  const trials = causes.map((abortsByCause, at) => trial({ repetition: at + 1, metrics: { abortsByCause } }));
  expect(summarize(trials)[0].metrics.abortsByCause).toEqual({ read: 5, lock: 2 });
});

test('the bootstrap interval lies in the sample, around its median, and narrows to a constant', () => {
  const sample = fc.array(fc.double({ min: 1, max: 1e9, noNaN: true }), { minLength: 2, maxLength: 8 });
  const law = fc.property(sample, fc.nat(), (values, seed) => {
    const { low, high } = bootstrapInterval(values, seed);
    expect(low).toBeGreaterThanOrEqual(Math.min(...values));
    expect(high).toBeLessThanOrEqual(Math.max(...values));
    expect(low).toBeLessThanOrEqual(high);
  });
  fc.assert(law, { numRuns: 25 });
  expect(bootstrapInterval([7, 7, 7], 1)).toEqual({ low: 7, high: 7 });
});

test('the bootstrap repeats itself for a seed, in any order of ending, and differs for another', () => {
  const sample = [3, 1, 4, 1.5, 9, 2.6, 5.3, 5.8, 9.7, 9.3];
  expect(bootstrapInterval(sample, 7)).toEqual(bootstrapInterval(sample, 7));
  const seeds = new Set(
    Array.from({ length: 20 }, (_, seed) => JSON.stringify(bootstrapInterval(sample, seed))),
  );
  expect(seeds.size).toBeGreaterThan(1);
  const trials = rates(...sample);
  for (let first = 1; first < trials.length; first++) {
    const turned = [...trials.slice(first), ...trials.slice(0, first)];
    expect(summarize(turned)[0].throughput).toEqual(summarize(trials)[0].throughput);
  }
});

test('the bootstrap interval of many normal values is the median plus or minus two standard errors', () => {
  // Percent points of a normal distribution, mean 100, deviation 10: the median's standard error is
  // 10 × sqrt(π / 2 / 99) = 1.26.
  const quantiles = Array.from({ length: 99 }, (_, at) => 100 + 10 * normalQuantile((at + 1) / 100));
  const { low, high } = bootstrapInterval(quantiles, 1);
  expect(low).toBeGreaterThan(100 - 3.5);
  expect(low).toBeLessThan(100 - 1.5);
  expect(high).toBeGreaterThan(100 + 1.5);
  expect(high).toBeLessThan(100 + 3.5);
});

/** By bisection of the error function's series. */
function normalQuantile(p: number): number {
  let [low, high] = [-6, 6];
  for (let step = 0; step < 50; step++) {
    const middle = (low + high) / 2;
    if (normalBelow(middle) < p) low = middle;
    else high = middle;
  }
  return low;
}

function normalBelow(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; n < 200; n++) {
    term *= (-x * x) / (2 * n);
    sum += term / (2 * n + 1);
  }
  return 0.5 + sum / Math.sqrt(2 * Math.PI);
}

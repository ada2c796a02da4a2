/** What `compare` and `run` print, at fixed numbers. */
import { expect, test } from 'vitest';
import { z } from '../../algorithms/algorithm.ts';
import { summarize } from '../../harness/experiment/summary.ts';
import type { Trial } from '../../harness/experiment/trial.ts';
import { comparison, fastestOf, findings, isExpected, legend } from '../../harness/report/comparison.ts';
import { plainPaint } from '../../harness/report/paint.ts';
import { runReport } from '../../harness/report/run-report.ts';
import { algorithm, configuration, LOST_UPDATE, METRICS, type Parts, trial } from '../experiment/trials.ts';

const look = { width: 130, paint: plainPaint };
const policy = z.strictObject({ policy: z.string().default('no-wait') });

function of(name: string, speedup: number, parts: Partial<Trial> = {}, place: Parts = {}): Trial {
  const declared = algorithm(name, { options: policy });
  return trial({
    configuration: configuration({ algorithm: declared, options: { policy: 'no-wait' }, ...place }),
    ...parts,
    metrics: { speedup, throughput_tps: 100_000 * speedup, makespan_ns: 1e6 / speedup, ...parts.metrics },
  });
}

const control = { guarantee: 'none', verdict: LOST_UPDATE } as const;

test('a table: the fastest first, controls last, bars in proportion', () => {
  const trials = [
    of('slow', 0.8),
    of('uncontrolled', 4, control),
    of('fast', 2, {}, { options: { policy: 'wait-die' } }),
  ];
  const text = comparison(summarize(trials), look);
  expect(text).toMatchInlineSnapshot(`
    " simulated server-32: 4 virtual cores, virtual time   plain sequential loop: 1.00 ms, 100 k tps
                                                  speed-                attempts  useful wasted blocked idle      p99
      algorithm             guarantee        tps      up         bound   /commit       %      %       %    %  latency  verdict
      fast policy=wait-die  serializable   200 k   2.00× ███     4.00×      1.25      50     25       5   10  12.3 µs  valid
      slow                  serializable  80.0 k   0.80× █▎      4.00×      1.25      20     10       2    4  12.3 µs  valid
      uncontrolled          none           400 k   4.00× ██████  4.00×      1.25     100     50      10   20  12.3 µs  rejected (G-single)
      uncontrolled: rejected (G-single, lost update or read skew), as a control that guarantees nothing should be"
  `);
  const length = (name: string) =>
    (text.split('\n').find((line) => line.includes(` ${name}`)) ?? '').split('█').length - 1;
  expect(length('fast')).toBe(Math.floor(length('uncontrolled') / 2));
});

test('real threads and simulated cores stand in sections of their own, each with its own scale', () => {
  const real = [1, 2, 3].map((repetition) =>
    of('alpha', 1 + repetition / 10, { repetition }, { machine: 'threads' }),
  );
  const text = comparison(summarize([of('alpha', 3), ...real]), look);
  expect(text).toContain('simulated server-32: 4 virtual cores, virtual time');
  expect(text).toContain('threads: 4 real threads, measured time, median of 3');
  const bars = text.match(/█+/g) ?? [];
  expect(bars).toHaveLength(2);
  expect(bars[0]).toBe(bars[1]);
});

test('a rejection that nobody expects is told in full', () => {
  const [summary] = summarize([of('wrong', 2, { verdict: LOST_UPDATE })]);
  expect(isExpected(summary)).toBe(false);
  const text = comparison([summary], look);
  expect(text).toContain('rejected (G-single)');
  expect(text.replaceAll(/\s+/g, ' ')).toContain(LOST_UPDATE.explanation);
});

test('only an invalid verdict is expected of a control, and only of one that guarantees less', () => {
  const expected = (parts: Partial<Trial>) => isExpected(summarize([of('x', 1, parts)])[0]);
  const unknown = { verdict: 'unknown', reason: 'no points' } as const;
  expect(expected({ guarantee: 'none', verdict: LOST_UPDATE })).toBe(true);
  expect(expected({ guarantee: 'snapshot-isolation', verdict: LOST_UPDATE })).toBe(true);
  expect(expected({ guarantee: 'none', verdict: unknown })).toBe(false);
  expect(expected({ guarantee: 'block-order', verdict: LOST_UPDATE })).toBe(false);
  expect(expected({ guarantee: 'serializable', verdict: LOST_UPDATE })).toBe(false);
});

test('some of the repetitions rejected: how many, and the numbers of the valid ones', () => {
  const trials = [1, 2, 3].map((repetition) =>
    of('flaky', repetition === 2 ? 9 : 2, {
      repetition,
      ...(repetition === 2 ? control : { guarantee: 'none' }),
    }),
  );
  const text = comparison(summarize(trials), look);
  expect(text).toContain('rejected 1/3 (G-single)');
  expect(text).toContain('2.00×');
});

test('a line of the table is never wider than 130 columns', () => {
  const trials = [
    of('block-stm', 12.3),
    of('uncontrolled', 14.5, { ...control, repetition: 1 }),
    of('uncontrolled', 14, { guarantee: 'none', repetition: 2 }),
  ];
  const lines = [...comparison(summarize(trials), look).split('\n'), ...legend(look).split('\n')];
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(130);
});

test("the fastest has a valid verdict: a control's luck or a wrong run's speed do not count", () => {
  const summaries = summarize([
    of('slow', 1),
    of('fast', 2),
    of('wrong', 3, { verdict: LOST_UPDATE }),
    of('lucky', 4, { guarantee: 'none' }),
  ]);
  expect(fastestOf(summaries)?.configuration.algorithm.declaration.name).toBe('fast');
  expect(findings([{ title: 'ledger', summaries }], look)).toMatchInlineSnapshot(`
    "         machine              fastest  speed-up    tps   of the bound
     ledger  simulated server-32  fast        2.00×  200 k  50 % of 4.00×"
  `);
  expect(findings([{ title: 'ledger', summaries: summaries.slice(2) }], look)).toContain('none is valid');
});

test('more than the bound is explained on real threads, and only there', () => {
  const said = (efficiency: number, place: Parts): string => {
    const one = of('near', 2, { metrics: { ...METRICS, efficiency } }, place);
    return findings([{ title: 'ledger', summaries: summarize([one]) }], look);
  };
  const why = 'a little above 100 %: on real threads the bound is scaled to measured times';
  expect(said(1.03, { machine: 'threads' })).toContain(why);
  expect(said(0.99, { machine: 'threads' })).not.toContain(why);
  expect(said(1.03, {})).not.toContain(why);
});

test('one configuration as a block of lines', () => {
  const metrics = { ...METRICS, abortsByCause: { read: 5, validation: 20 }, counters: { validations: 130 } };
  const [summary] = summarize([of('alpha', 2, { metrics, warnings: ['short-run'] })]);
  expect(runReport(summary, 'npx contend run alpha', look)).toMatchInlineSnapshot(`
    "alpha on ledger accounts=10 note=""
    simulated server-32: 4 virtual cores, virtual time; 100 transactions, seed 1

      throughput    200 k tps   100 transactions in 500 µs
      speed-up      2.00×   over a plain sequential loop (1.00 ms)
      bound         4.00×   the best that any schedule could reach on these conflicts; efficiency 50 %
      attempts      1.25 per commit   125 attempts, 25 aborts (read 5, validation 20), 2 reverted
      cores' time   ████████████████████▓▓▓▓▓▓▓▓▓▓▒▒░░░░····   █ useful 50 %  ▓ wasted 25 %  ▒ blocked 5 %  ░ idle 10 %  · engine 10 %
      latency       p50 5.00 µs   p95 9.00 µs   p99 12.3 µs
      counters      validations 130
      verdict       valid   equivalent to a serial execution: a replay agrees in every read and in the final state
      warning       a run took less than a millisecond: clock and start-up weigh in; take more transactions

      again:        npx contend run alpha"
  `);
});

test('a rejected run names the anomaly, explains it, and says where the evidence is', () => {
  const [summary] = summarize([
    of('wrong', 2, { verdict: LOST_UPDATE, metrics: { ...METRICS, bound_ns: Number.NaN } }),
  ]);
  const text = runReport(summary, 'npx contend run wrong', look, 'results/x/counterexamples/1.json');
  expect(text).toContain('invalid   G-single, lost update or read skew; guarantee: serializable');
  expect(text).toContain(LOST_UPDATE.explanation);
  expect(text).toContain('results/x/counterexamples/1.json');
  expect(text).not.toContain('NaN');
});

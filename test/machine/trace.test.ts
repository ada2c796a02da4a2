/**
 * A trace is a second set of books: where the time of every core went, slice by slice. It must agree with the run's own
 * accounts, which are kept by other code, and recording it must change nothing.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { metricsOf } from '../../harness/experiment/metrics.ts';
import { loadAlgorithm } from '../../harness/machine/load.ts';
import type { Run } from '../../harness/machine/run.ts';
import { simulate } from '../../harness/machine/simulated/simulate.ts';
import { NONE, type Trace } from '../../harness/machine/trace.ts';
import { cases, jobOf as jobOfCase, variants } from '../algorithms/cases.ts';
import { jobOf, model, type Program, plain, walk } from './simulated/program.ts';
import { onLentWorkers, setupFor } from './threads/fixtures/sessions.ts';

function traceOf(run: Run): Trace {
  if (run.trace === undefined) throw new Error('the run was not traced');
  return run.trace;
}

/** Time by what it was spent on, as the run's metrics divide it. */
function accounts({ attempts, slices }: Trace): Record<string, number> {
  const sums = { useful_ns: 0, wasted_ns: 0, blocked_ns: 0, idle_ns: 0, engine_ns: 0 };
  for (const { activity, attempt, from_ns, to_ns } of slices.flat()) {
    const fate =
      attempt === NONE
        ? 'engine_ns'
        : attempts[attempt].outcome === 'aborted'
          ? 'wasted_ns'
          : ('useful_ns' as const);
    const account = activity === 'blocked' ? 'blocked_ns' : activity === 'idle' ? 'idle_ns' : fate;
    sums[account] += to_ns - from_ns;
  }
  return sums;
}

function expectTiles({ makespan_ns, slices }: Trace): void {
  for (const own of slices) {
    let at_ns = 0;
    for (const { from_ns, to_ns } of own) {
      expect(from_ns).toBe(at_ns);
      expect(to_ns).toBeGreaterThan(from_ns);
      at_ns = to_ns;
    }
    expect(at_ns).toBe(makespan_ns);
  }
}

function expectAgreement(run: Run): void {
  const trace = traceOf(run);
  expectTiles(trace);
  const metrics = metricsOf(run, { baseline_ns: 1, bound_ns: 1 });
  const sums = accounts(trace);
  const slack = 1e-9 * run.makespan_ns * run.cores.length;
  for (const account of ['useful_ns', 'wasted_ns', 'blocked_ns', 'idle_ns'] as const) {
    expect(Math.abs(sums[account] - metrics[account]), account).toBeLessThanOrEqual(slack);
  }
  expect(trace.attempts.length).toBe(metrics.attempts);
  expect(trace.aborts.length).toBe(metrics.aborts);
  expect(trace.attempts.filter(({ outcome }) => outcome === 'aborted').length).toBe(metrics.aborts);
  expect(trace.attempts.filter(({ outcome }) => outcome === 'committed').length).toBe(metrics.committed);
  expect(trace.attempts.filter(({ outcome }) => outcome === 'reverted').length).toBe(metrics.reverted);
  for (const slice of trace.slices.flat().filter(({ attempt }) => attempt !== NONE)) {
    const { from_ns, to_ns, transaction } = trace.attempts[slice.attempt];
    expect(slice.from_ns).toBeGreaterThanOrEqual(from_ns);
    expect(slice.to_ns).toBeLessThanOrEqual(to_ns);
    expect(slice.transaction).toBe(transaction);
  }
}

describe.each(await variants())('$name $options', ({ name, options }) => {
  test("a trace agrees with the run's accounts, and recording it changes nothing", async () => {
    await fc.assert(
      fc.asyncProperty(cases, fc.boolean(), async (drawn, virtual) => {
        const job = await jobOfCase(drawn, name, options);
        const how = () => ({
          model,
          stepLimit: 3_000_000,
          ...(virtual ? {} : { schedule: walk(drawn.seed) }),
        });
        const { trace, cores, ...traced } = simulate(job, { ...how(), trace: true });
        const { cores: untracedCores, ...untraced } = simulate(job, how());
        expect(traced).toEqual(untraced);
        expect(cores.map(({ log: _, ...rest }) => rest)).toEqual(untracedCores);
        expectAgreement({ ...traced, cores, ...(trace && { trace }) });
        // Each abort is of an attempt whose cause it is.
        const causes = (all: readonly { cause: string | undefined }[]) =>
          all.map(({ cause }) => cause).sort();
        const { aborts, attempts } = trace as Trace;
        expect(causes(attempts.filter(({ outcome }) => outcome === 'aborted'))).toEqual(causes(aborts));
      }),
      { numRuns: 8, seed: 5 },
    );
  });
});

describe('what is recorded', () => {
  const once = (program: Program): Trace =>
    traceOf(
      simulate(
        jobOf(1, program, { transactions: 3, aborts: ['conflict', 'age'], counters: ['validations'] }),
        {
          model: plain,
          trace: true,
        },
      ),
    );
  const told = ({ slices }: Trace): unknown[] =>
    slices[0].map(({ activity, from_ns, to_ns, transaction }) => [activity, from_ns, to_ns, transaction]);

  test('an attempt executes, commits, and may say that it validates; outside of attempts is the engine', () => {
    const trace = once(
      () =>
        function* (core) {
          core.work(1);
          core.begin(2);
          core.work(10);
          yield* core.execute(2, { *read() {}, *write() {} } as never);
          core.work(100);
          core.phase('validate');
          core.work(1000);
          core.commit(2);
          core.work(10_000);
          core.phase('back-off');
          core.work(5);
          core.phase('validate', 1);
          core.work(7);
          core.phase('engine');
          core.work(3);
        },
    );
    expect(told(trace)).toEqual([
      ['engine', 0, 1, NONE],
      ['execute', 1, 11, 2],
      ['commit', 11, 111, 2],
      ['validate', 111, 1111, 2],
      ['engine', 1111, 11_111, NONE],
      ['back-off', 11_111, 11_116, NONE],
      ['validate', 11_116, 11_123, 1],
      ['engine', 11_123, 11_126, NONE],
    ]);
    expect(trace.attempts).toEqual([
      {
        transaction: 2,
        number: 1,
        core: 0,
        from_ns: 1,
        to_ns: 1111,
        outcome: 'committed',
        cause: undefined,
      },
    ]);
  });

  test('attempts are numbered; an abort names the open one, or later the transaction', () => {
    const { aborts, attempts } = once(
      () =>
        function* (core) {
          core.begin(0);
          core.work(1);
          core.abort('age');
          for (const t of [0, 1]) {
            core.begin(t);
            core.work(10);
            core.finish(t);
          }
          core.work(100);
          core.abort('conflict', 0);
          core.begin(0);
          core.work(1000);
          core.commit(0);
          core.commit(1);
        },
    );
    expect(attempts.map((a) => [a.transaction, a.number, a.outcome, a.cause])).toEqual([
      [0, 1, 'aborted', 'age'],
      [0, 2, 'aborted', 'conflict'],
      [1, 1, 'incomplete', undefined],
      [0, 3, 'incomplete', undefined],
    ]);
    expect(aborts).toEqual([
      { core: 0, at_ns: 1, transaction: 0, cause: 'age' },
      { core: 0, at_ns: 121, transaction: 0, cause: 'conflict' },
    ]);
  });

  test('a core that is parked is blocked inside an attempt and idle outside', () => {
    const program: Program = (memory) => {
      const flag = memory.words('flag', 1);
      return function* (core) {
        if (core.id === 0) {
          core.begin(0);
          yield* flag.waitWhile(0, 0, 50_000);
          core.commit(0);
          yield* flag.waitWhile(0, 0, 20_000);
        }
      };
    };
    const [slices] = traceOf(
      simulate(jobOf(2, program, { transactions: 1 }), { model: plain, trace: true }),
    ).slices;
    const sum = (wanted: string): number =>
      slices
        .filter(({ activity }) => activity === wanted)
        .reduce((total, { from_ns, to_ns }) => total + to_ns - from_ns, 0);
    expect([sum('blocked'), sum('idle')]).toEqual([50_000, 20_000]);
  });

  test('a log grows past the room that it was given', () => {
    const trace = once(
      () =>
        function* (core) {
          for (let i = 0; i < 5000; i++) {
            core.begin(0);
            core.work(1);
            core.abort('age');
          }
        },
    );
    expect(trace.attempts.map(({ number }) => number)).toEqual(Array.from({ length: 5000 }, (_, i) => i + 1));
    expectTiles(trace);
  });
});

test('on real threads too a trace agrees with the accounts, though only some were to be stamped', {
  timeout: 30_000,
}, async () => {
  const setup = { ...setupFor(await loadAlgorithm('block-stm'), {}, 2, 400), stampEvery: 8, trace: true };
  const runs = await onLentWorkers(setup, async (session) => [await session.run(0), await session.run(1)]);
  for (const run of runs) {
    expectAgreement(run);
    expect(traceOf(run).slices.length).toBe(2);
  }
});

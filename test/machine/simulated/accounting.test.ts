import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { metricsOf } from '../../../harness/experiment/metrics.ts';
import type { Core, View } from '../../../harness/machine/machine.ts';
import type { Run } from '../../../harness/machine/run.ts';
import { withFigures } from '../../../harness/machine/simulated/model.ts';
import { simulate } from '../../../harness/machine/simulated/simulate.ts';
import { cases, jobOf as jobOfCase, variants } from '../../algorithms/cases.ts';
import { type Declared, jobOf, model, type Program, plain, run, walk } from './program.ts';

const NO_KEYS: View = {
  *read() {
    return 0;
  },
  *write() {},
};

function declared(cores: number, program: Program, declaration: Declared): Run {
  return simulate(jobOf(cores, program, declaration), { model: plain });
}

describe('attempts', () => {
  test('are counted with their aborts by cause and the declared counters, core by core', () => {
    const { cores } = declared(
      2,
      () =>
        function* (core) {
          if (core.id === 1) return;
          for (const cause of ['conflict', 'conflict', 'age']) {
            core.begin(0);
            core.abort(cause);
          }
          core.begin(0);
          core.tally('validations');
          core.commit(0);
        },
      { transactions: 1, aborts: ['conflict', 'age', 'never'], counters: ['validations', 'none'] },
    );
    expect(cores[0]).toMatchObject({
      attempts: 4,
      aborts: { conflict: 2, age: 1, never: 0 },
      counters: { validations: 1, none: 0 },
    });
    expect(cores[1]).toMatchObject({ attempts: 0, aborts: { conflict: 0, age: 0, never: 0 } });
  });

  test('cost more while the core beside runs, but for work and lines that move', () => {
    const engine = withFigures(plain, { access_ns: 4, attempt_ns: 40, sibling: 0.5 });
    const program: Program = (memory) => {
      const words = memory.words('words', 1);
      return function* (core) {
        if (core.id !== 0) {
          if (core.id === 1) core.work(100_000); // runs beside core 0, and ends at once elsewhere
          yield* core.pause();
          return;
        }
        core.begin(0); // 40
        yield* words.load(0); // 4, then 10,000 from memory
        yield* words.load(0); // 4 and a hit, 1
        core.work(100);
        core.commit(0);
      };
    };
    const beside = simulate(jobOf(2, program, { transactions: 1 }), { model: engine }).cores[0].attempt_ns;
    const alone = simulate(jobOf(1, program, { transactions: 1 }), { model: engine }).cores[0].attempt_ns;
    expect(alone).toBe(40 + 10_004 + 5 + 100);
    expect(beside).toBe(alone + (40 + 4 + 4 + 1) / 2);
  });

  test("cost what the model says an engine's own code does: so much each, and so much an access", () => {
    const engine = withFigures(plain, { access_ns: 3, attempt_ns: 50 });
    const program: Program = (memory) => {
      const words = memory.words('words', 1);
      return function* (core) {
        for (let i = 0; i < 2; i++) {
          core.begin(0);
          yield* words.load(0);
          yield* words.add(0, 1);
          yield* core.pause();
          core.abort('conflict');
        }
      };
    };
    const declaration = { transactions: 1, aborts: ['conflict'] };
    const [free, charged] = [plain, engine].map((model) =>
      simulate(jobOf(1, program, declaration), { model }),
    );
    expect(charged.makespan_ns - free.makespan_ns).toBe(2 * (50 + 2 * 3));
    expect(charged.cores[0].attempt_ns - free.cores[0].attempt_ns).toBe(2 * (50 + 2 * 3));
  });

  test('take the time from begin to finish, commit or abort; the last one is the useful one', () => {
    const result = declared(
      1,
      () =>
        function* (core) {
          core.work(1);
          core.begin(0);
          core.work(10);
          core.abort('conflict');
          core.work(100);
          core.begin(0);
          core.work(1000);
          core.finish(0);
          core.work(10_000);
          core.commit(0);
          core.begin(1);
          core.work(100_000);
          core.commit(1);
        },
      { transactions: 3, aborts: ['conflict'] },
    );
    expect(result.makespan_ns).toBe(111_111);
    expect(result.cores[0].attempt_ns).toBe(10 + 1000 + 100_000);
    expect([...result.useful_ns]).toEqual([1000, 100_000, Number.NaN]);
    expect([...result.latency_ns]).toEqual([11_110, 100_000, Number.NaN]);
  });

  test('that are aborted after they have finished count as wasted, not as useful', () => {
    const result = declared(
      1,
      () =>
        function* (core) {
          for (const work of [10, 1000]) {
            core.begin(0);
            core.work(work);
            core.finish(0);
            if (work === 10) core.abort('invalid');
          }
          core.commit(0);
        },
      { transactions: 1, aborts: ['invalid'] },
    );
    expect(metricsOf(result, { baseline_ns: 1, bound_ns: 1 })).toMatchObject({
      attempts: 2,
      aborts: 1,
      useful_ns: 1000,
      wasted_ns: 10,
    });
  });

  test('leave the outcome and the digest of the transaction, or -1 where it never completed', () => {
    const { outcomes, digests } = declared(
      1,
      () =>
        function* (core) {
          core.begin(1);
          yield* core.execute(1, NO_KEYS);
          core.commit(1);
        },
      { transactions: 2 },
    );
    expect([...outcomes]).toEqual([-1, 0]);
    expect(digests[1]).not.toBe(-1);
  });
});

describe('a fault of the algorithm is an error', () => {
  const faults: [string, Program, string][] = [
    [
      'an abort for a cause that it does not declare',
      () =>
        function* (core) {
          core.begin(0);
          core.abort('colour');
        },
      'the algorithm aborts for "colour", which its declaration lacks: add it to `aborts`',
    ],
    [
      'a counter that it does not declare',
      () =>
        function* (core) {
          core.tally('sheep');
        },
      'the algorithm counts "sheep", which its declaration lacks: add it to `counters`',
    ],
    [
      'to finish what was not begun',
      () =>
        function* (core) {
          core.finish(0);
        },
      'finish(0) without begin(0)',
    ],
    [
      'to finish another transaction',
      () =>
        function* (core) {
          core.begin(1);
          core.finish(0);
        },
      'finish(0) without begin(0)',
    ],
    [
      'to finish what was aborted',
      () =>
        function* (core) {
          core.begin(0);
          core.abort('conflict');
          core.finish(0);
        },
      'finish(0) without begin(0)',
    ],
    [
      'to begin a second attempt while one is open',
      () =>
        function* (core) {
          core.begin(0);
          core.begin(1);
        },
      "begin(1) while 0's attempt is open",
    ],
    [
      'to begin again what is open already',
      () =>
        function* (core) {
          core.begin(0);
          core.begin(0);
        },
      "begin(0) while 0's attempt is open",
    ],
  ];
  test.each(faults)('%s', (_, program, message) => {
    expect(() => declared(1, program, { transactions: 2, aborts: ['conflict'] })).toThrow(message);
  });

  test.each<[string, (core: Core) => void]>([
    ['finish', (core) => core.finish(0)],
    ['abort', (core) => core.abort('conflict')],
    ['commit', (core) => core.commit(0)],
  ])('but after %s the next attempt may begin', (_, end) => {
    const program: Program = () =>
      function* (core) {
        core.begin(0);
        end(core);
        core.begin(1);
        core.commit(1);
      };
    expect(declared(1, program, { transactions: 2, aborts: ['conflict'] }).cores[0].attempts).toBe(2);
  });

  test('to throw, which ends the run', () => {
    const program: Program = (memory) => {
      const w = memory.words('w', 1);
      return function* (core) {
        yield* w.load(0);
        if (core.id === 1) throw new TypeError('out of sheep');
      };
    };
    expect(() => run(3, program)).toThrow(new TypeError('out of sheep'));
  });
});

describe.each(await variants())('$name $options', ({ name, options }) => {
  test('no core accounts for more time than there is, and no attempt is lost', async () => {
    await fc.assert(
      fc.asyncProperty(cases, fc.boolean(), async (drawn, virtual) => {
        const job = await jobOfCase(drawn, name, options);
        const stepLimit = 3_000_000;
        const result = simulate(
          job,
          virtual ? { model, stepLimit } : { model, stepLimit, schedule: walk(drawn.seed) },
        );
        for (const { attempt_ns, blocked_ns, idle_ns } of result.cores) {
          for (const part of [attempt_ns, blocked_ns, idle_ns]) expect(part).toBeGreaterThanOrEqual(0);
          expect(attempt_ns + blocked_ns + idle_ns).toBeLessThanOrEqual(result.makespan_ns * (1 + 1e-9));
        }
        const metrics = metricsOf(result, { baseline_ns: 1, bound_ns: 1 });
        const { useful_ns, wasted_ns, blocked_ns, idle_ns } = metrics;
        const accounted = useful_ns + wasted_ns + blocked_ns + idle_ns;
        expect(accounted).toBeLessThanOrEqual(job.cores * result.makespan_ns * (1 + 1e-9));
        expect(metrics.committed + metrics.reverted).toBe(drawn.transactions);
        expect(metrics.attempts).toBe(drawn.transactions + metrics.aborts);
      }),
      { numRuns: 30, seed: 4 },
    );
  });
});

describe('figures of a model that were given', () => {
  test('a block costs block_ns before its first transaction, on every core', () => {
    const program: Program = () =>
      function* (core) {
        core.work(100);
      };
    const job = jobOf(2, program);
    const without = simulate(job, { model: plain });
    const costly = simulate(job, { model: withFigures(plain, { block_ns: 5000 }) });
    expect(costly.makespan_ns).toBe(without.makespan_ns + 5000);
  });

  test('a transfer across the machine is that of the outermost domain; the sources say who gave it', () => {
    const far = withFigures(plain, { transfer_ns: 7, work_ns: 2 });
    expect(far.domains).toEqual([
      { cores: 4, transfer_ns: 100 },
      { cores: 128, transfer_ns: 7 },
    ]);
    expect(far.sources).toMatchObject({ domains: 'given by the user', work_ns: 'given by the user' });
    expect(far.sources.hit_ns).toBe(plain.sources.hit_ns);
    expect(withFigures(plain, {})).toEqual(plain);
  });

  test('domains given decide how many cores there are', () => {
    const one = withFigures(plain, { domains: [{ cores: 8, transfer_ns: 1 }] });
    expect(one.cores).toBe(8);
  });

  test('cores that compute at once slow one another down, and only those', () => {
    const domains = [{ cores: 4, transfer_ns: 1 }];
    const crowded = withFigures(plain, { crowding: 0.5, pause_ns: 1, domains });
    const program: Program = () =>
      function* (core) {
        for (let i = 0; i < core.id; i++) yield* core.pause();
        core.work(1000);
      };
    const makespan = (cores: number): number =>
      simulate(jobOf(cores, program), { model: crowded }).makespan_ns;
    expect(makespan(1)).toBe(1000);
    // Whoever begins last has three others beside it: the whole machine computes.
    expect(makespan(4)).toBe(3 + 1500);
  });
});

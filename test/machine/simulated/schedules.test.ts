import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { StepLimitError } from '../../../harness/machine/simulated/access.ts';
import { RandomWalk } from '../../../harness/machine/simulated/schedules/random-walk.ts';
import { Recording, Replay } from '../../../harness/machine/simulated/schedules/recorded.ts';
import { VirtualTime } from '../../../harness/machine/simulated/schedules/virtual-time.ts';
import { simulate } from '../../../harness/machine/simulated/simulate.ts';
import { jobOf, model, type Program, run, traced, walk } from './program.ts';

/** Three cores that add, wait for one another and wake one another. */
const relay: Program = (memory) => {
  const turn = memory.words('turn', 1);
  const count = memory.words('count', 1);
  return function* (core) {
    for (let i = core.id; i < 12; i += 3) {
      yield* count.add(0, i);
      for (let now = yield* turn.load(0); now !== i; now = yield* turn.load(0)) {
        yield* turn.waitWhile(0, now, 5000);
      }
      yield* turn.store(0, i + 1);
      yield* turn.wake(0);
    }
  };
};

describe('virtual time', () => {
  const CORES = 9;
  const command = fc.oneof(
    { weight: 2, arbitrary: fc.tuple(fc.nat(CORES - 1), fc.nat(12)) },
    { weight: 1, arbitrary: fc.constant('next' as const) },
  );

  test('is a sorted list by time, then by who came first; its horizon is the first time', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 120 }), (commands) => {
        const schedule = new VirtualTime(CORES);
        let list: { core: number; time: number }[] = [];
        const first = (): { core: number; time: number } | undefined =>
          list.reduce((best, entry) => (best && best.time <= entry.time ? best : entry), list[0]);
        for (const step of commands) {
          if (step === 'next') {
            const expected = first();
            expect(schedule.next()).toBe(expected?.core ?? -1);
            list = list.filter((entry) => entry !== expected);
          } else {
            const [core, time] = step;
            list = [...list.filter((entry) => entry.core !== core), { core, time }];
            schedule.add(core, time);
          }
          expect(schedule.horizon()).toBe(first()?.time ?? Number.POSITIVE_INFINITY);
        }
        for (let left = list.length; left > 0; left--) {
          const expected = first();
          expect(schedule.next()).toBe(expected?.core);
          list = list.filter((entry) => entry !== expected);
        }
        expect(schedule.next()).toBe(-1);
      }),
      { numRuns: 1000, seed: 1 },
    );
  });

  test('of two cores at the same time lets the one go first that came there first', () => {
    const order: number[] = [];
    run(3, (memory) => {
      const w = memory.words('w', 6, 'padded');
      return function* (core) {
        core.work(core.id === 0 ? 20 : 10);
        yield* w.load(core.id);
        order.push(core.id);
        core.work(core.id === 0 ? 0 : 10); // all at 10,020 now
        yield* w.load(3 + core.id);
        order.push(core.id);
      };
    });
    expect(order).toEqual([1, 2, 0, 1, 2, 0]);
  });
});

test('every run of a program in virtual time is the same, access by access', () => {
  const [first, second] = [traced(), traced()];
  const runs = [first, second].map(({ observer }) => run(3, relay, { observer }));
  expect(first.trace.length).toBeGreaterThan(100);
  expect(second.trace).toEqual(first.trace);
  expect(runs[1]).toEqual(runs[0]);
});

describe('a random walk', () => {
  test('takes each core that may step, none other, and each equally often', () => {
    const schedule = walk(3);
    expect(schedule.next()).toBe(-1);
    const taken = [0, 0, 0, 0];
    for (const core of [0, 1, 2, 3]) schedule.add(core);
    schedule.add(2); // once is enough
    for (let i = 0; i < 8000; i++) {
      const core = schedule.next();
      taken[core]++;
      schedule.add(core);
    }
    for (const count of taken) expect(Math.abs(count - 2000)).toBeLessThan(200);
    const rest = [0, 1, 2, 3].map(() => schedule.next());
    expect(rest.sort()).toEqual([0, 1, 2, 3]);
    expect(schedule.next()).toBe(-1);
  });

  test('makes every access a choice', () => {
    expect(new RandomWalk(() => 0).horizon()).toBe(Number.NEGATIVE_INFINITY);
    const recording = new Recording(walk(1));
    const { steps } = run(
      1,
      (memory) => {
        const w = memory.words('w', 1);
        return function* () {
          for (let i = 0; i < 10; i++) yield* w.add(0, 1);
        };
      },
      { schedule: recording },
    );
    expect(steps).toBe(10);
    expect(recording.choices).toHaveLength(11); // one more: from the start to the first access
  });
});

describe('a recorded schedule', () => {
  test('replays to the same accesses at the same times', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const recording = new Recording(walk(seed));
        const [first, second] = [traced(), traced()];
        run(3, relay, { schedule: recording, observer: first.observer });
        const again = new Recording(new Replay(recording.choices));
        run(3, relay, { schedule: again, observer: second.observer });
        expect(second.trace).toEqual(first.trace);
        expect(again.choices).toEqual(recording.choices);
      }),
      { numRuns: 50, seed: 1 },
    );
  });

  test('of virtual time has every step, and replays to the same accesses', () => {
    const recording = new Recording(new VirtualTime(3));
    const [first, second] = [traced(), traced()];
    const { steps } = run(3, relay, { schedule: recording, observer: first.observer });
    expect(recording.choices.length).toBeGreaterThan(steps);
    run(3, relay, { schedule: new Replay(recording.choices), observer: second.observer });
    expect(second.trace).toEqual(first.trace);
  });

  test('goes on with the lowest core that may step once its choices are used up', () => {
    const order: number[] = [];
    run(
      3,
      (memory) => {
        const w = memory.words('w', 1);
        return function* (core) {
          yield* w.add(0, 1);
          order.push(core.id);
        };
      },
      { schedule: new Replay([2, 1, 2]) },
    );
    expect(order).toEqual([2, 0, 1]);
  });

  test('that does not fit is an error that says where, and who could step', () => {
    const wait: Program = (memory) => {
      const flag = memory.words('flag', 1);
      return function* (core) {
        if (core.id === 0) yield* flag.waitWhile(0, 0);
        else {
          yield* flag.store(0, 1);
          yield* flag.wake(0);
        }
      };
    };
    expect(() => run(3, wait, { schedule: new Replay([0, 0, 0]) })).toThrow(
      "the schedule does not fit: step 2 is core 0's, which cannot step there (cores that can: 1, 2)",
    );
    expect(() => run(3, wait, { schedule: new Replay([7]) })).toThrow("step 0 is core 7's");
  });
});

test('a run may have exactly as many steps as the limit says', () => {
  const adds: Program = (memory) => {
    const w = memory.words('w', 1);
    return function* () {
      for (let i = 0; i < 50; i++) yield* w.add(0, 1);
    };
  };
  expect(run(2, adds, { stepLimit: 100 }).steps).toBe(100);
  expect(() => run(2, adds, { stepLimit: 99 })).toThrow(StepLimitError);
});

test('a loop without end is stopped by the step limit', () => {
  const spin: Program = (memory) => {
    const w = memory.words('w', 1);
    return function* () {
      while ((yield* w.load(0)) === 0);
    };
  };
  expect(() => run(2, spin, { stepLimit: 1234 })).toThrow(StepLimitError);
  expect(() => run(2, spin, { stepLimit: 1234 })).toThrow('no end after 1,234 steps');
  expect(() => run(2, spin, { stepLimit: 1234, schedule: walk(1) })).toThrow(StepLimitError);
  const pause: Program = () =>
    function* (core) {
      for (;;) yield* core.pause();
    };
  expect(() => run(1, pause, { stepLimit: 1234 })).toThrow(StepLimitError);
  const poll: Program = (memory) => {
    const w = memory.words('w', 1);
    return function* () {
      while (!(yield* w.waitWhile(0, 0, 10)));
    };
  };
  expect(() => run(1, poll, { stepLimit: 1234 })).toThrow(StepLimitError);
});

test('without a limit of its own, a run ends when nothing has committed for long', () => {
  const commits = 3;
  const rest: Program = () =>
    function* (core) {
      for (let t = 0; t < commits; t++) {
        for (let i = 0; i < 900_000; i++) yield* core.pause();
        core.begin(t);
        core.commit(t);
      }
    };
  const job = (program: Program) => jobOf(1, program, { transactions: commits });
  expect(simulate(job(rest), { model }).steps).toBe(2_700_000);
  const stall: Program = () =>
    function* (core) {
      for (;;) yield* core.pause();
    };
  expect(() => simulate(job(stall), { model })).toThrow(
    'no transaction has committed for 1,030,000 steps; often a loop that spins',
  );
});

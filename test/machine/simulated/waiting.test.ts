import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DeadlockError, simulate } from '../../../harness/machine/simulated/simulate.ts';
import { jobOf, type Program, plain, run, walk } from './program.ts';

test('a waiter goes on at the time of the wake, plus the transfer of the line', () => {
  let woken = 0;
  run(2, (memory) => {
    const flag = memory.words('flag', 1);
    return function* (core) {
      if (core.id === 0) {
        expect(yield* flag.waitWhile(0, 0)).toBe(true);
        woken = core.now();
      } else {
        core.work(50_000);
        yield* flag.store(0, 1); // the waiter owns the line: 100 ns, and 10 for the store
        expect(core.now()).toBe(50_110);
        core.work(890);
        yield* flag.wake(0);
        expect(core.now()).toBe(51_000);
      }
    };
  });
  expect(woken).toBe(51_100);
});

describe('where cores sleep', () => {
  const sleepy = { ...plain, wake_ns: 9, spin_ns: 3000, sleep_ns: 60_000 };

  /** When core 0 goes on that waits from 10,001 until core 1, after so much work, stores and wakes. */
  function goesOn(work: number): number {
    let woken = 0;
    const program: Program = (memory) => {
      const flag = memory.words('flag', 1);
      return function* (core) {
        if (core.id === 0) {
          yield* flag.waitWhile(0, 0);
          woken = core.now();
        } else {
          core.work(work);
          yield* flag.store(0, 1);
          yield* flag.wake(0);
        }
      };
    };
    simulate(jobOf(2, program), { model: sleepy });
    return woken;
  }

  test('a waiter that still spins goes on at once, and one that sleeps later by what waking takes', () => {
    expect(goesOn(12_000)).toBe(12_000 + 110 + 9 + 100);
    expect(goesOn(12_900)).toBe(12_900 + 110 + 60_009 + 100);
  });

  test('a wake costs the waker, whether anybody waits or not; a wait without length lasts as long as a core spins', () => {
    const { makespan_ns } = simulate(
      jobOf(1, (memory) => {
        const flag = memory.words('flag', 1);
        return function* (core) {
          yield* flag.wake(0);
          expect(core.now()).toBe(9);
          expect(yield* flag.waitWhile(0, 0, 0)).toBe(false);
        };
      }),
      { model: sleepy },
    );
    expect(makespan_ns).toBe(9 + 10_000 + 3000);
  });
});

test('a waiter whose word differs already does not park', () => {
  const { cores } = run(1, (memory) => {
    const flag = memory.words('flag', 1);
    return function* () {
      expect(yield* flag.waitWhile(0, 1)).toBe(true);
    };
  });
  expect(cores[0]).toMatchObject({ blocked_ns: 0, idle_ns: 0 });
});

test('all who wait on the word are woken, and nobody who waits on its neighbour', () => {
  const woken: number[] = [];
  const program: Program = (memory) => {
    const flags = memory.words('flags', 2);
    return function* (core) {
      if (core.id < 4) {
        yield* flags.waitWhile(core.id === 3 ? 1 : 0, 0);
        woken.push(core.id);
      } else {
        core.work(50_000);
        yield* flags.store(0, 1);
        yield* flags.store(1, 1);
        yield* flags.wake(0);
      }
    };
  };
  expect(() => run(5, program)).toThrow('nobody is left to wake them: core 3 waits while flags[1] is 0');
  expect(woken.sort()).toEqual([0, 1, 2]);
});

test('a wake without a waiter has no effect, on who waits later either', () => {
  const program: Program = (memory) => {
    const flag = memory.words('flag', 1);
    return function* (core) {
      if (core.id === 1) {
        const before = core.now();
        yield* flag.wake(0);
        expect(core.now()).toBe(before);
      } else {
        core.work(1000);
        yield* flag.waitWhile(0, 0);
      }
    };
  };
  expect(() => run(2, program)).toThrow(DeadlockError);
});

test('a wake that comes before the change lets the waiter look, and wait again', () => {
  const program: Program = (memory) => {
    const flag = memory.words('flag', 1);
    return function* (core) {
      if (core.id === 0) yield* flag.waitWhile(0, 0);
      else {
        core.work(50_000);
        yield* flag.wake(0);
        core.work(50_000);
        yield* flag.store(0, 1);
      }
    };
  };
  expect(() => run(2, program)).toThrow('core 0 waits while flag[0] is 0');
});

test('what the woken core does next comes before what its waker does later', () => {
  let seen = -1;
  run(2, (memory) => {
    const [flag, answer] = [memory.words('flag', 1), memory.words('answer', 1)];
    return function* (core) {
      if (core.id === 0) {
        yield* flag.waitWhile(0, 0);
        yield* answer.store(0, 42);
      } else {
        core.work(50_000);
        yield* flag.store(0, 1);
        yield* flag.wake(0);
        core.work(1000);
        seen = yield* answer.load(0);
      }
    };
  });
  expect(seen).toBe(42);
});

test('a core that has been woken, or no longer waits, is not woken again', () => {
  const { cores } = run(3, (memory) => {
    const flag = memory.words('flag', 1);
    return function* (core) {
      if (core.id === 0) yield* flag.waitWhile(0, 0, 100); // to 10,100
      if (core.id === 1) yield* flag.waitWhile(0, 0); // from 10,100, when the line has come, to 50,210
      if (core.id < 2) return;
      core.work(50_000);
      yield* flag.store(0, 1);
      yield* flag.wake(0); // at 50,110
      core.work(9890);
      yield* flag.wake(0);
    };
  });
  expect(cores.map(({ idle_ns }) => idle_ns)).toEqual([
    100 + (60_000 - 10_100),
    50_110 - 10_100 + (60_000 - 50_210),
    0,
  ]);
});

describe('a deadlock', () => {
  test('is told with each core, its region, index and value', () => {
    const program: Program = (memory) => {
      const a = memory.words('a', 3);
      const { state } = memory.records('rows', 2, { state: 'word', value: 'value' });
      return function* (core) {
        if (core.id === 0) yield* a.waitWhile(2, 0);
        if (core.id === 1) {
          yield* state.store(1, -7);
          yield* state.waitWhile(1, -7);
        }
      };
    };
    expect(() => run(3, program)).toThrow(
      new DeadlockError(
        'deadlock: nobody is left to wake them: ' +
          'core 0 waits while a[2] is 0; core 1 waits while rows.state[1] is -7',
      ),
    );
  });

  test('of many cores names the first eight', () => {
    const program: Program = (memory) => {
      const flag = memory.words('flag', 1);
      return function* () {
        yield* flag.waitWhile(0, 0);
      };
    };
    expect(() => run(11, program)).toThrow(/core 7 waits while flag\[0\] is 0; and 3 more$/);
  });
});

describe('a timeout', () => {
  test('returns false at the deadline, which counts from when the core has seen the word', () => {
    run(1, (memory) => {
      const flag = memory.words('flag', 1);
      return function* (core) {
        expect(yield* flag.waitWhile(0, 0, 500)).toBe(false);
        expect(core.now()).toBe(10_500);
        expect(yield* flag.waitWhile(0, 0, 0)).toBe(false);
        expect(core.now()).toBe(10_501);
        expect(yield* flag.waitWhile(0, 1, 500)).toBe(true);
        expect(core.now()).toBe(10_502);
      };
    });
  });

  test('comes before a wake that comes later, though the waker was on its way before', () => {
    run(3, (memory) => {
      const flag = memory.words('flag', 1);
      return function* (core) {
        // Both have the line from 10,100 on at the latest.
        if (core.id === 0) {
          expect(yield* flag.waitWhile(0, 0, 500)).toBe(false);
          expect(core.now()).toBe(10_500);
        } else if (core.id === 1) {
          expect(yield* flag.waitWhile(0, 0, 5000)).toBe(true);
        } else {
          core.work(10_450);
          yield* flag.store(0, 1); // to 10,560
          core.work(40);
          yield* flag.wake(0);
        }
      };
    });
  });

  test('does not set the clock back when it is negative', () => {
    run(1, (memory) => {
      const flag = memory.words('flag', 1);
      return function* (core) {
        expect(yield* flag.waitWhile(0, 0, -500)).toBe(false);
        expect(core.now()).toBe(10_000);
      };
    });
  });

  test('does not come when the core is woken before it', () => {
    const { makespan_ns } = run(2, (memory) => {
      const flag = memory.words('flag', 1);
      return function* (core) {
        if (core.id === 0) {
          expect(yield* flag.waitWhile(0, 0, 1_000_000)).toBe(true);
          expect(core.now()).toBe(20_210);
          // Nor later, in another wait.
          expect(yield* flag.waitWhile(0, 1, 5_000_000)).toBe(false);
          expect(core.now()).toBe(20_211 + 5_000_000);
        } else {
          core.work(20_000);
          yield* flag.store(0, 1);
          yield* flag.wake(0);
        }
      };
    });
    expect(makespan_ns).toBe(5_020_211);
  });

  test('does not move when the core is woken in vain', () => {
    run(2, (memory) => {
      const flag = memory.words('flag', 1);
      return function* (core) {
        if (core.id === 0) {
          expect(yield* flag.waitWhile(0, 0, 100_000)).toBe(false);
          expect(core.now()).toBe(110_000);
        } else {
          for (let i = 0; i < 10; i++) {
            core.work(8_000);
            yield* flag.store(0, 0);
            yield* flag.wake(0);
          }
        }
      };
    });
  });

  test('leaves nobody behind to be woken', () => {
    const { steps } = run(2, (memory) => {
      const [flag, other] = [memory.words('flag', 1), memory.words('other', 1)];
      return function* (core) {
        if (core.id === 0) {
          expect(yield* flag.waitWhile(0, 0, 100)).toBe(false);
          expect(yield* other.waitWhile(0, 0, 100_000)).toBe(false);
          expect(core.now()).toBe(120_100);
        } else {
          core.work(50_000);
          yield* core.pause();
          yield* flag.wake(0);
        }
      };
    });
    expect(steps).toBe(3); // two waits and a pause: nobody has looked again
  });

  test('never sets a clock back, whenever wakes come', () => {
    const timeouts = fc.array(fc.integer({ min: -5, max: 300 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(timeouts, fc.nat(), fc.boolean(), (waits, seed, virtual) => {
        const program: Program = (memory) => {
          const flag = memory.words('flag', 1);
          return function* (core) {
            let last = 0;
            for (const wait of waits) {
              const seen = yield* flag.load(0);
              core.work(core.random(200));
              if (core.id === 0) yield* flag.waitWhile(0, seen, wait);
              else {
                yield* flag.add(0, core.id - 1); // one core changes the word, the other only wakes
                yield* flag.wake(0);
              }
              expect(core.now()).toBeGreaterThanOrEqual(last);
              last = core.now();
            }
          };
        };
        const { cores } = run(3, program, virtual ? {} : { schedule: walk(seed) });
        for (const core of cores) expect(core.idle_ns).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 500, seed: 1 },
    );
  });
});

describe('time parked', () => {
  /** Waits for the flag, which the other core sets at 50 µs; `attempt` opens one before. */
  const report = (attempt: boolean): ReturnType<typeof run>['cores'][number] => {
    return run(2, (memory) => {
      const flag = memory.words('flag', 1);
      return function* (core) {
        if (core.id === 0) {
          if (attempt) core.begin(0);
          yield* flag.waitWhile(0, 0);
          if (attempt) core.commit(0);
        } else {
          core.work(50_000);
          yield* flag.store(0, 1);
          yield* flag.wake(0);
          core.work(1000);
        }
      };
    }).cores[0];
  };

  // The wait: 10 µs until the line is there, parked to 50.11 µs, 100 ns for the line; the end is at 51.11 µs.
  test('is idle outside an attempt', () => {
    expect(report(false)).toMatchObject({ blocked_ns: 0, idle_ns: 40_110 + 900, attempt_ns: 0 });
  });

  test('is blocked inside one, and no part of the attempt', () => {
    expect(report(true)).toMatchObject({ blocked_ns: 40_110, idle_ns: 900, attempt_ns: 10_100 });
  });
});

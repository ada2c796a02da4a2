/** Load of others on the host, from counters that the test turns. */
import { expect, test } from 'vitest';
import { busyTicks, HostLoad, isBusy, type Reading } from '../../harness/experiment/trials/host-load.ts';

function host() {
  const now: { -readonly [name in keyof Reading]: number } = { at_ms: 0, busy_ms: 0, own_ms: 0 };
  const load = new HostLoad(() => ({ ...now }));
  const pass = (ms: number, others: number, own: number): void => {
    now.at_ms += ms;
    now.own_ms += ms * own;
    now.busy_ms += ms * (own + others);
  };
  return { load, pass };
}

test("the own process's time is no load", () => {
  const { load, pass } = host();
  load.mark();
  pass(1000, 0, 2);
  expect(load.sinceMark()).toBe(0);
});

test('others count in cores, since the mark only', () => {
  const { load, pass } = host();
  pass(1000, 3, 1);
  load.mark();
  pass(1000, 0.5, 2);
  expect(load.sinceMark()).toBeCloseTo(0.5, 9);
});

test('a trial shorter than the counters can tell is judged with the time before it', () => {
  const { load, pass } = host();
  pass(600, 1, 0);
  load.mark();
  pass(5, 0, 1);
  expect(load.sinceMark()).toBeCloseTo(600 / 605, 9);
});

test('where nobody can tell there is no number, and no warning', () => {
  const load = new HostLoad(() => undefined).sinceMark();
  expect(load).toBeNaN();
  expect(isBusy(load, 2)).toBe(false);
  expect([isBusy(0.1, 2), isBusy(0.11, 2)]).toEqual([false, true]);
});

test('ticks of /proc/stat: all but idle and waiting, guests once', () => {
  expect(busyTicks('cpu  10 20 30 1000 500 1 2 3 4 5\ncpu0 1 1 1 1\n')).toBe(66);
  expect(() => busyTicks('intr 5\n')).toThrow();
});

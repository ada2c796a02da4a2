/** Progress on a terminal and in a log, with a clock of the test's own. */
import { expect, test } from 'vitest';
import { clockTime, Progress } from '../../harness/cli/progress.ts';
import { workOf } from '../../harness/experiment/work.ts';
import { configuration } from '../experiment/trials.ts';
import { fakeTerminal } from './terminal.ts';

const simulated = configuration();
const real = configuration({ machine: 'threads' });

function watched(total: number, rewritable: boolean) {
  const terminal = fakeTerminal({ rewritable });
  const clock = { now: 0 };
  const progress = new Progress(terminal, workOf(Array(total).fill(simulated), 5), () => clock.now);
  const end = (ms: number) => {
    clock.now += ms;
    progress.ended(simulated);
  };
  return { terminal, progress, clock, end };
}

test('in a log: a line a tenth of the way, and none for the end, which shows by itself', () => {
  const { terminal, end } = watched(100, false);
  for (let trial = 0; trial < 100; trial++) end(10);
  const lines = terminal.said.err.trimEnd().split('\n');
  expect(lines).toHaveLength(9);
  expect(lines[0]).toBe('10/100 trials, 10 %, 0:01 left: alpha on server-32');
});

test('in a log: nothing of an experiment of one trial', () => {
  const { terminal, end } = watched(1, false);
  end(10);
  expect(terminal.said.err).toBe('');
});

test('in a log: a line every half minute when a tenth takes longer', () => {
  const { terminal, end } = watched(1000, false);
  for (let trial = 0; trial < 8; trial++) end(10_000);
  expect(terminal.said.err.match(/\n/g)).toHaveLength(2);
});

test('on a terminal: one line, rewritten each time and taken away at the end', () => {
  const { terminal, progress, end } = watched(2, true);
  progress.doing('warming up');
  end(1000);
  progress.clear();
  expect(terminal.said.err).toBe(
    '\r\x1b[K0/2 trials, 0 %: warming up' +
      '\r\x1b[K1/2 trials, 50 %, 0:01 left: alpha on server-32' +
      '\r\x1b[K',
  );
});

test('what is left is estimated a kind of machine: a slow trial on threads says nothing of simulated ones', () => {
  const terminal = fakeTerminal({ rewritable: true });
  const clock = { now: 0 };
  const progress = new Progress(terminal, workOf([simulated, simulated, real], 5), () => clock.now);
  clock.now = 1000;
  progress.ended(simulated);
  expect(terminal.said.err).toContain('1/7 trials, 14 %: ');
  clock.now = 61_000;
  progress.ended(real);
  expect(terminal.said.err).toContain('2/7 trials, 28 %, 4:01 left');
});

test('times are told as clocks do', () => {
  expect([0, 7400, 750_000, 3_723_000].map(clockTime)).toEqual(['0:00', '0:07', '12:30', '1:02:03']);
});

/** When repetitions are enough. */
import { expect, test } from 'vitest';
import { isEnough } from '../../harness/experiment/until.ts';

const until = { percent: 5, most: 10 };

test('a narrow interval is enough, a wide one is not, and no more than the most are taken', () => {
  expect(isEnough([100, 101, 99, 100, 102], 5, until)).toBe(true);
  const wide = [100, 150, 60, 90, 200];
  expect(isEnough(wide, 5, until)).toBe(false);
  expect(isEnough(wide, 10, until)).toBe(true);
});

test('one valid trial is not enough, but what fails is not repeated for ever', () => {
  expect(isEnough([100], 1, until)).toBe(false);
  expect(isEnough([], 5, until)).toBe(true);
  expect(isEnough([100], 5, until)).toBe(true);
});

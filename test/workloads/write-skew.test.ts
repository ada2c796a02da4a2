import { describe, expect, test } from 'vitest';
import { COMMITTED, REVERTED } from '../../workloads/workload.ts';
import writeSkew from '../../workloads/write-skew.ts';
import { execute, makeBlock, runSerially } from './serial.ts';

/** A block of one withdrawal from account 2, whose pair's other account is 3. */
function withdrawal(amount: number) {
  const block = makeBlock(writeSkew, { pairs: 2, balance: 10, amount }, 1, 1);
  block.args.set([2, 3]);
  return block;
}

describe('a withdrawal', () => {
  test('reads both accounts of its pair and writes the one that it draws from', () => {
    const { reads, writes } = execute(withdrawal(1), 0, new Float64Array(4).fill(10));
    expect(reads).toEqual([2, 3]);
    expect(writes).toEqual([2]);
  });

  test('may take an account below zero as long as the two together cover it', () => {
    const run = runSerially(withdrawal(20));
    expect([...run.state]).toEqual([10, 10, -10, 10]);
    expect(run.outcomes).toEqual([COMMITTED]);
  });

  test('of more than that reverts', () => {
    const run = runSerially(withdrawal(21));
    expect([...run.state]).toEqual([10, 10, 10, 10]);
    expect(run.outcomes).toEqual([REVERTED]);
  });
});

test('every account is drawn from, and always together with the other of its pair', () => {
  const { args } = makeBlock(writeSkew, { pairs: 3 }, 200, 1);
  const drawn = new Set<string>();
  for (let at = 0; at < args.length; at += 4) drawn.add(`${args[at]} ${args[at + 1]}`);
  expect([...drawn].sort()).toEqual(['0 1', '1 0', '2 3', '3 2', '4 5', '5 4']);
});

describe('the invariant', () => {
  const block = withdrawal(15);
  const check = (state: number[], outcome: number) =>
    writeSkew.check(block, new Float64Array(state), [outcome]);

  test('holds for what the committed withdrawals leave', () => {
    expect(check([10, 10, -5, 10], COMMITTED)).toBeUndefined();
    expect(check([10, 10, 10, 10], REVERTED)).toBeUndefined();
  });

  test('is broken by a pair below zero, whoever it is', () => {
    expect(check([10, 10, -11, 10], COMMITTED)).toBe('pair 1 is overdrawn: -11 and 10 sum to -1');
  });

  test('is broken by a withdrawal that is lost, and by one that reverted and took money', () => {
    expect(check([10, 10, 10, 10], COMMITTED)).toBe(
      'account 2 holds 10, but the committed withdrawals leave -5',
    );
    expect(check([10, 10, -5, 10], REVERTED)).toBe(
      'account 2 holds -5, but the committed withdrawals leave 10',
    );
  });
});

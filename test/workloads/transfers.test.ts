import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import transfers from '../../workloads/transfers.ts';
import { COMMITTED, REVERTED } from '../../workloads/workload.ts';
import { execute, keysOf, makeBlock, runSerially } from './serial.ts';

fc.configureGlobal({ seed: 42 });

const variants = fc.constantFrom('diem' as const, 'aptos' as const, 'plain' as const);

describe('a payment', () => {
  // Section 4 of the paper names the first two.
  test.each([
    ['diem', 21, 4],
    ['aptos', 8, 5],
    ['plain', 2, 2],
  ] as const)('as %s reads %i keys and writes %i, with any number of accounts', (variant, reads, writes) => {
    for (const accounts of [2, 10, 100, 1000, 10_000]) {
      const block = makeBlock(transfers, { accounts, variant }, 50, accounts);
      expect([block.maxReads, block.maxWrites]).toEqual([reads, writes]);
      const declared = transfers.accessSets(block);
      for (const [t, touched] of runSerially(block).touched.entries()) {
        expect(new Set(touched.reads).size).toBe(reads);
        expect(touched.reads).toHaveLength(reads);
        expect(new Set(touched.writes).size).toBe(writes);
        expect(touched.writes).toHaveLength(writes);
        expect(keysOf(declared.reads, t)).toHaveLength(reads);
        expect(keysOf(declared.writes, t)).toHaveLength(writes);
      }
    }
  });

  test('reads all, then computes, then writes all', () => {
    for (const procedure of transfers.procedures) {
      const events: string[] = [];
      const steps = procedure(
        {
          *read() {
            events.push('read');
            return 5;
          },
          *write() {
            events.push('write');
          },
          work: () => events.push('work'),
        },
        new Float64Array([0, 1, 5, 9]),
        0,
      );
      Array.from(steps);
      expect(events.join(' ')).toMatch(/^(read )+work( write)+$/);
    }
  });

  test('moves the amount, and counts where its variant counts', () => {
    const [payer, payee] = [0, 1];
    const seen = (['diem', 'aptos', 'plain'] as const).map((variant) => {
      const block = makeBlock(transfers, { accounts: 2, variant, amount: 3, balance: 10 }, 1, 1);
      block.args.set([payer, payee]);
      const { state } = runSerially(block);
      return [...state.subarray({ diem: 32, aptos: 16, plain: 0 }[variant])];
    });
    expect(seen).toEqual([
      [7, 1, 13, 1],
      [7, 1, 1, 0, 13, 0, 0, 1],
      [7, 13],
    ]);
  });

  test('reads shared configuration that nobody writes, on cache lines of its own', () => {
    for (const [variant, count] of [
      ['diem', 17],
      ['aptos', 3],
    ] as const) {
      const block = makeBlock(transfers, { variant, accounts: 3 }, 100, 1);
      const { touched } = runSerially(block);
      const written = Math.min(...touched.flatMap(({ writes }) => writes));
      for (const { reads } of touched) {
        expect(reads.filter((key) => key < written)).toEqual(Array.from({ length: count }, (_, key) => key));
      }
      expect(written % 16).toBe(0);
    }
  });

  test('goes between two different accounts, each pair as likely', () => {
    const { args } = makeBlock(transfers, { accounts: 3 }, 6000, 1);
    const pairs: Record<string, number> = {};
    for (let at = 0; at < args.length; at += 4) {
      const pair = `${args[at]}${args[at + 1]}`;
      pairs[pair] = (pairs[pair] ?? 0) + 1;
    }
    expect(Object.keys(pairs).sort()).toEqual(['01', '02', '10', '12', '20', '21']);
    for (const count of Object.values(pairs)) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });

  test('reverts beyond the balance, after its work, and writes nothing', () => {
    fc.assert(
      fc.property(variants, fc.integer({ min: 1, max: 9 }), fc.nat(9), (variant, amount, balance) => {
        const block = makeBlock(transfers, { accounts: 2, variant, amount, balance, work: 7 }, 1, 1);
        const attempt = execute(block, 0, block.initial.slice());
        expect(attempt.outcome).toBe(balance < amount ? REVERTED : COMMITTED);
        expect(attempt.writes.length === 0).toBe(balance < amount);
        expect(attempt.work).toBe(7);
      }),
    );
  });

  test('never reverts unless the parameters are set so', () => {
    const { outcomes } = runSerially(makeBlock(transfers, { accounts: 2, variant: 'plain' }, 20_000, 1));
    expect(new Set(outcomes)).toEqual(new Set([COMMITTED]));
  });

  test('reverts in some orders and commits in others, where balances are short', () => {
    const { outcomes } = runSerially(makeBlock(transfers, { accounts: 4, balance: 1 }, 200, 1));
    expect(new Set(outcomes)).toEqual(new Set([COMMITTED, REVERTED]));
  });
});

describe('the ledger', () => {
  test('shows a lost update: two payments from one state, both taking effect', () => {
    fc.assert(
      fc.property(variants, fc.nat(), (variant, seed) => {
        // With two accounts any two payments conflict.
        const block = makeBlock(transfers, { accounts: 2, variant }, 2, seed);
        const state = block.initial.slice();
        const early = block.initial.slice();
        const { writes } = execute(block, 0, early);
        execute(block, 1, state);
        for (const key of writes) state[key] = early[key];
        expect(transfers.check(block, state, [COMMITTED, COMMITTED])).toBeTypeOf('string');
      }),
    );
  });

  test('says what is wrong in words', () => {
    const block = makeBlock(transfers, { accounts: 2, balance: 10, variant: 'diem' }, 1, 1);
    block.args.set([0, 1]);
    const { state } = runSerially(block);
    const damaged = (key: number, value: number) => {
      const copy = state.slice();
      copy[key] = value;
      return transfers.check(block, copy, [COMMITTED]);
    };
    expect(damaged(32, 10)).toBe('the balances sum to 21, not to 20 as before the block');
    expect(damaged(34, -1)).toBe("account 1's balance is -1");
    expect(damaged(35, 0)).toBe("account 1's sequence number is 0, but the committed payments make it 1");
    expect(damaged(16, 0)).toBe('configuration key 16 is 0, but the committed payments make it 17');
    const swapped = state.slice();
    [swapped[32], swapped[34]] = [swapped[34], swapped[32]];
    expect(transfers.check(block, swapped, [COMMITTED])).toBe(
      "account 0's balance is 11, but the committed payments make it 9",
    );
  });

  test('shows an outcome that is not what happened', () => {
    const block = makeBlock(transfers, {}, 20, 1);
    const { state, outcomes } = runSerially(block);
    outcomes[7] = REVERTED;
    expect(transfers.check(block, state, outcomes)).toBeTypeOf('string');
  });

  test('shows a negative balance even where all else agrees', () => {
    const block = makeBlock(transfers, { accounts: 2, balance: 0, variant: 'plain' }, 1, 1);
    block.args.set([0, 1]);
    expect(transfers.check(block, new Float64Array([-1, 1]), [COMMITTED])).toBe("account 0's balance is -1");
  });
});

test('parameters that make no sense are refused in a sentence', () => {
  const refusal = (given: object) => transfers.parameters.safeParse(given).error?.issues[0];
  expect(refusal({ accounts: 1 })?.message).toContain('at least 2');
  expect(refusal({ accounts: 2 ** 22, balance: 2 ** 40 })).toMatchObject({
    path: ['balance'],
    message: 'accounts times balance must stay below 2^53, so that sums of money are exact',
  });
  expect(refusal({ accounts: 2 ** 22 })).toBeUndefined();
});

test('the payments of seed 42 are what they always were', () => {
  const block = makeBlock(transfers, {}, 4, 42);
  expect(`${block.keys}: ${block.args.join(' ')}`).toMatchInlineSnapshot(
    `"2032: 603 406 1 10000 981 611 1 10000 103 287 1 10000 38 197 1 10000"`,
  );
});

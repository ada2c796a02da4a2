/**
 * Write skew: two accounts a customer, and withdrawals that look at both but draw from one.
 *
 * Source      Berenson, Bernstein, Gray, Melton, O'Neil, O'Neil: A Critique of ANSI SQL Isolation Levels. SIGMOD
 *             1995, section 4.2: anomaly A5B, with its constraint on the sum of two balances. The same in
 *             everyday dress: two doctors on call, each of whom goes home because the other one stays.
 *
 * Transaction A random pair and one of its two accounts. It reads both balances, computes, and withdraws from the
 *             one account, which may go below zero as long as the two together cover it; if not, it reverts.
 *             2 reads, then the work, then 1 write.
 *
 * Keys        Pair p is keys 2p and 2p + 1.
 * Invariant   No pair's sum is negative, and every balance is what the committed withdrawals leave of it.
 *             Two withdrawals from different accounts of a pair write different keys. If both see the sum as
 *             it was before, as snapshot isolation lets them, each is right alone and together they overdraw.
 *             While there is money for both no sum gets negative, but their reads already fit no serial order.
 *
 * Departures  D1  Withdrawals only, of a fixed amount: after enough of them all others revert.
 */
import { evenOffsets, keySets } from './sets.ts';
import {
  type AccessSets,
  type BlockData,
  COMMITTED,
  defineWorkload,
  type Outcome,
  REVERTED,
  type Steps,
  type Transaction,
  z,
} from './workload.ts';

const ARGUMENTS = 4;

/** Arguments: the account drawn from, the pair's other account, amount, work. */
function* withdraw(tx: Transaction, args: Float64Array, at: number): Steps<Outcome> {
  const amount = args[at + 2];
  const own = yield* tx.read(args[at]);
  const other = yield* tx.read(args[at + 1]);
  tx.work(args[at + 3]);
  if (own + other < amount) return REVERTED;
  yield* tx.write(args[at], own - amount);
  return COMMITTED;
}

const parameters = z.strictObject({
  pairs: z
    .int()
    .min(1)
    .max(2 ** 22)
    .default(100)
    .describe('pairs of accounts; the fewer, the more withdrawals overlap'),
  balance: z
    .int()
    .min(0)
    .max(1e9)
    .default(5)
    .describe('what each account holds before the block; with little, withdrawals soon revert'),
  amount: z.int().min(1).max(1e9).default(1).describe('what each withdrawal takes'),
  work: z
    .int()
    .min(0)
    .max(1e9)
    .default(0)
    .describe('units of computing in a transaction, about a nanosecond each'),
});

export default defineWorkload({
  name: 'write-skew',
  summary: 'withdrawals that read two accounts and write one: what snapshot isolation lets overdraw',
  source:
    "Berenson, Bernstein, Gray, Melton, O'Neil, O'Neil: A Critique of ANSI SQL Isolation Levels. SIGMOD 1995",
  parameters,
  procedures: [withdraw],

  generate({ pairs, balance, amount, work }, transactions, random) {
    const keys = 2 * pairs;
    const args = new Float64Array(transactions * ARGUMENTS);
    for (let at = 0; at < args.length; at += ARGUMENTS) {
      args[at] = random.integer(keys);
      args[at + 1] = args[at] ^ 1;
      args[at + 2] = amount;
      args[at + 3] = work;
    }
    return {
      transactions,
      keys,
      initial: new Float64Array(keys).fill(balance),
      procedure: new Uint8Array(transactions),
      args,
      argsFrom: evenOffsets(transactions, ARGUMENTS),
      maxReads: 2,
      maxWrites: 1,
    };
  },

  accessSets({ transactions, args, argsFrom }): AccessSets {
    const reads = keySets(transactions, 2 * transactions, (t, keys, at) => {
      keys[at] = args[argsFrom[t]];
      keys[at + 1] = args[argsFrom[t] + 1];
      return at + 2;
    });
    const writes = keySets(transactions, transactions, (t, keys, at) => {
      keys[at] = args[argsFrom[t]];
      return at + 1;
    });
    return { reads, writes };
  },

  check(block, state, outcomes) {
    return overdrawn(block, state) ?? wrongBalance(block, state, outcomes);
  },
});

function overdrawn({ keys }: BlockData, state: Float64Array): string | undefined {
  for (let key = 0; key < keys; key += 2) {
    const sum = state[key] + state[key + 1];
    if (!(sum >= 0)) {
      return `pair ${key / 2} is overdrawn: ${state[key]} and ${state[key + 1]} sum to ${sum}`;
    }
  }
  return undefined;
}

/** Compares each balance with what the committed withdrawals leave of it, in any order. */
function wrongBalance(
  { transactions, initial, args, argsFrom }: BlockData,
  state: Float64Array,
  outcomes: ArrayLike<number>,
): string | undefined {
  const expected = initial.slice();
  for (let t = 0; t < transactions; t++) {
    if (outcomes[t] === COMMITTED) expected[args[argsFrom[t]]] -= args[argsFrom[t] + 2];
  }
  const wrong = state.findIndex((value, key) => value !== expected[key]);
  if (wrong < 0) return undefined;
  return `account ${wrong} holds ${state[wrong]}, but the committed withdrawals leave ${expected[wrong]}`;
}

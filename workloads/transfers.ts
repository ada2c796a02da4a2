/**
 * Payments between accounts, as the Block-STM paper measures them.
 *
 * Source      Gelashvili, Spiegelman, Xiang, Danezis, Li, Malkhi, Xia, Zhou: Block-STM: Scaling Blockchain
 *             Execution by Turning Ordering Curse to a Performance Blessing. PPoPP 2023, section 4.
 *
 * Transaction Two different accounts, uniformly at random; the first pays the second.
 *             All reads, then the work, then all writes: a conflicting transaction has the whole computation
 *             to slip in between. A payment larger than the balance reverts, after its work, before any write.
 *
 *               variant   reads                                   writes   computing in the paper
 *               diem      21 = 17 + 2 balances, 2 numbers         4        200,000 ns (5,000 tps serially)
 *               aptos     8 = 3 + the five that are written       5        100,000 ns (10,000 tps)
 *               plain     2 balances                              2        -
 *
 *             17 and 3 are shared configuration keys, which nobody writes. They never conflict, but are most of
 *             what an algorithm has to look up and to validate.
 *             `work` is 10,000 units in every variant unless set: blocks that finish soon on few cores. Set it
 *             to 200,000 or 100,000 for the paper's.
 *
 * Keys        Configuration first, then account by account, an account's fields side by side:
 *             diem      balance, sequence number. A payment counts up the number of both accounts.
 *             aptos     balance, sequence number, withdrawals, deposits. A payment writes both balances, the
 *                       payer's sequence number and withdrawals, and the payee's deposits.
 *             plain     balance
 *             Unused keys follow the configuration up to a multiple of 16: no account shares a cache line with
 *             it, be a key a word of it or a value.
 *
 * Invariant   No balance is negative, the sum of the balances is kept, and every balance and count is exactly
 *             what the committed payments make of it: payments of a fixed amount commute.
 *
 * Departures  D1  The paper tells how many keys an Aptos payment reads and writes, not which. The five are from
 *                 Aptos' own contracts, where a coin store holds a counter of withdrawals and one of deposits.
 *             D2  A Diem payee's number stands for its counter of received payments, which lies in the same
 *                 resource as the sequence number.
 */
import { evenOffsets, keySets } from './sets.ts';
import {
  type AccessSets,
  type BlockData,
  COMMITTED,
  defineWorkload,
  type KeySets,
  type Outcome,
  REVERTED,
  type Steps,
  type Transaction,
  z,
} from './workload.ts';

/** Where a variant's keys lie and which of an account's fields a payment reads and writes. */
interface Variant {
  /** Configuration keys: 0 … configuration - 1. */
  readonly configuration: number;
  /** The first key of account 0. */
  readonly accounts: number;
  /** An account's fields in order of key. The balance is the first; the others are counts. */
  readonly fields: readonly string[];
  readonly payer: readonly number[];
  readonly payee: readonly number[];
}

const DIEM: Variant = {
  configuration: 17,
  accounts: 32,
  fields: ['balance', 'sequence number'],
  payer: [0, 1],
  payee: [0, 1],
};
const APTOS: Variant = {
  configuration: 3,
  accounts: 16,
  fields: ['balance', 'sequence number', 'withdrawals', 'deposits'],
  payer: [0, 1, 2],
  payee: [0, 3],
};
const PLAIN: Variant = { configuration: 0, accounts: 0, fields: ['balance'], payer: [0], payee: [0] };

/** In the order of the procedures. */
const variants: readonly Variant[] = [DIEM, APTOS, PLAIN];
const VARIANT_NAMES = ['diem', 'aptos', 'plain'] as const;

/** Arguments of every variant: payer, payee, amount, work. */
const ARGUMENTS = 4;

function* diem(tx: Transaction, args: Float64Array, at: number): Steps<Outcome> {
  const payer = DIEM.accounts + 2 * args[at];
  const payee = DIEM.accounts + 2 * args[at + 1];
  const amount = args[at + 2];
  for (let key = 0; key < DIEM.configuration; key++) yield* tx.read(key);
  const payerBalance = yield* tx.read(payer);
  const payerNumber = yield* tx.read(payer + 1);
  const payeeBalance = yield* tx.read(payee);
  const payeeNumber = yield* tx.read(payee + 1);
  tx.work(args[at + 3]);
  if (payerBalance < amount) return REVERTED;
  yield* tx.write(payer, payerBalance - amount);
  yield* tx.write(payer + 1, payerNumber + 1);
  yield* tx.write(payee, payeeBalance + amount);
  yield* tx.write(payee + 1, payeeNumber + 1);
  return COMMITTED;
}

function* aptos(tx: Transaction, args: Float64Array, at: number): Steps<Outcome> {
  const payer = APTOS.accounts + 4 * args[at];
  const payee = APTOS.accounts + 4 * args[at + 1];
  const amount = args[at + 2];
  for (let key = 0; key < APTOS.configuration; key++) yield* tx.read(key);
  const payerBalance = yield* tx.read(payer);
  const number = yield* tx.read(payer + 1);
  const withdrawals = yield* tx.read(payer + 2);
  const payeeBalance = yield* tx.read(payee);
  const deposits = yield* tx.read(payee + 3);
  tx.work(args[at + 3]);
  if (payerBalance < amount) return REVERTED;
  yield* tx.write(payer, payerBalance - amount);
  yield* tx.write(payer + 1, number + 1);
  yield* tx.write(payer + 2, withdrawals + 1);
  yield* tx.write(payee, payeeBalance + amount);
  yield* tx.write(payee + 3, deposits + 1);
  return COMMITTED;
}

function* plain(tx: Transaction, args: Float64Array, at: number): Steps<Outcome> {
  const payer = args[at];
  const payee = args[at + 1];
  const amount = args[at + 2];
  const payerBalance = yield* tx.read(payer);
  const payeeBalance = yield* tx.read(payee);
  tx.work(args[at + 3]);
  if (payerBalance < amount) return REVERTED;
  yield* tx.write(payer, payerBalance - amount);
  yield* tx.write(payee, payeeBalance + amount);
  return COMMITTED;
}

const parameters = z
  .strictObject({
    accounts: z
      .int()
      .min(2, 'accounts must be at least 2: a payment is between two different ones')
      .max(2 ** 22)
      .default(1000)
      .describe('accounts to pay between; 2 makes the block inherently serial'),
    variant: z
      .enum(VARIANT_NAMES)
      .default('diem')
      .describe('what a payment touches: diem 21 reads and 4 writes, aptos 8 and 5, plain 2 and 2'),
    work: z
      .int()
      .min(0)
      .max(1e9)
      .default(10_000)
      .describe(
        'units of computing in a payment, about a nanosecond each; in the paper 200000 (diem), 100000 (aptos)',
      ),
    amount: z.int().min(1).max(1e9).default(1).describe('what each payment moves'),
    balance: z
      .int()
      .min(0)
      .default(1e9)
      .describe('what each account holds before the block; payments beyond it revert'),
  })
  .refine(({ accounts, balance }) => accounts * balance <= Number.MAX_SAFE_INTEGER, {
    path: ['balance'],
    error: 'accounts times balance must stay below 2^53, so that sums of money are exact',
  });

export default defineWorkload({
  name: 'transfers',
  summary: 'payments between two random accounts, with the access counts of Diem, Aptos or a bare ledger',
  source: 'Gelashvili et al.: Block-STM, PPoPP 2023, section 4',
  parameters,
  procedures: [diem, aptos, plain],

  generate({ accounts, variant, work, amount, balance }, transactions, random) {
    const number = VARIANT_NAMES.indexOf(variant);
    const layout = variants[number];
    const args = new Float64Array(transactions * ARGUMENTS);
    for (let at = 0; at < args.length; at += ARGUMENTS) {
      const payer = random.integer(accounts);
      const other = random.integer(accounts - 1);
      args[at] = payer;
      args[at + 1] = other < payer ? other : other + 1;
      args[at + 2] = amount;
      args[at + 3] = work;
    }
    const writes = layout.payer.length + layout.payee.length;
    return {
      transactions,
      keys: layout.accounts + accounts * layout.fields.length,
      initial: initialState(layout, accounts, balance),
      procedure: new Uint8Array(transactions).fill(number),
      args,
      argsFrom: evenOffsets(transactions, ARGUMENTS),
      maxReads: layout.configuration + writes,
      maxWrites: writes,
    };
  },

  accessSets(block): AccessSets {
    return { reads: declared(block, true), writes: declared(block, false) };
  },

  check(block, state, outcomes) {
    return brokenLedger(block, state, outcomes);
  },
});

function initialState(layout: Variant, accounts: number, balance: number): Float64Array {
  const state = new Float64Array(layout.accounts + accounts * layout.fields.length);
  // Values of their own, so that a read that reached the wrong configuration key is seen.
  for (let key = 0; key < layout.configuration; key++) state[key] = key + 1;
  for (let key = layout.accounts; key < state.length; key += layout.fields.length) state[key] = balance;
  return state;
}

function declared({ transactions, procedure, args, argsFrom }: BlockData, reads: boolean): KeySets {
  const { configuration, payer, payee } = variants[procedure[0] ?? 0];
  const size = (reads ? configuration : 0) + payer.length + payee.length;
  return keySets(transactions, transactions * size, (t, keys, at) => {
    const layout = variants[procedure[t]];
    let end = at;
    if (reads) for (let key = 0; key < configuration; key++) keys[end++] = key;
    for (const field of payer) keys[end++] = keyOf(layout, args[argsFrom[t]], field);
    for (const field of payee) keys[end++] = keyOf(layout, args[argsFrom[t] + 1], field);
    return end;
  });
}

function keyOf(layout: Variant, account: number, field: number): number {
  return layout.accounts + account * layout.fields.length + field;
}

/** Compares the state with what the committed payments make of the initial one, in any order. */
function brokenLedger(
  block: BlockData,
  state: Float64Array,
  outcomes: ArrayLike<number>,
): string | undefined {
  const layout = variants[block.procedure[0] ?? 0];
  const size = layout.fields.length;
  let before = 0;
  let after = 0;
  for (let key = layout.accounts; key < state.length; key += size) {
    if (!(state[key] >= 0)) return `${nameOf(layout, key)} is ${state[key]}`;
    before += block.initial[key];
    after += state[key];
  }
  if (before !== after) return `the balances sum to ${after}, not to ${before} as before the block`;
  const expected = afterPayments(block, outcomes);
  const wrong = state.findIndex((value, key) => value !== expected[key]);
  if (wrong < 0) return undefined;
  return `${nameOf(layout, wrong)} is ${state[wrong]}, but the committed payments make it ${expected[wrong]}`;
}

function afterPayments(block: BlockData, outcomes: ArrayLike<number>): Float64Array {
  const { initial, procedure, args, argsFrom, transactions } = block;
  const state = initial.slice();
  for (let t = 0; t < transactions; t++) {
    if (outcomes[t] !== COMMITTED) continue;
    const layout = variants[procedure[t]];
    const at = argsFrom[t];
    const amount = args[at + 2];
    for (const field of layout.payer) state[keyOf(layout, args[at], field)] += field === 0 ? -amount : 1;
    for (const field of layout.payee) state[keyOf(layout, args[at + 1], field)] += field === 0 ? amount : 1;
  }
  return state;
}

/** What a key is, in words. */
function nameOf(layout: Variant, key: number): string {
  if (key < layout.accounts) return `configuration key ${key}`;
  const index = key - layout.accounts;
  const size = layout.fields.length;
  return `account ${Math.floor(index / size)}'s ${layout.fields[index % size]}`;
}

/**
 * NAME: transactions that each count up one of a few counters, to start from.
 *
 * Source      Where it comes from: a paper, a benchmark, a contract.
 *
 * Transaction Reads a random counter, computes, and writes it back one higher. 1 read, then the work, then 1 write.
 * Keys        Each is a counter, 0 at first.
 * Invariant   The counters add up to the transactions that committed.
 */
import {
  type AccessSets,
  type BlockData,
  COMMITTED,
  defineWorkload,
  type KeySets,
  type Outcome,
  type Steps,
  type Transaction,
  z,
} from 'contend/workload';

/** Numbers that each transaction is given: key, work. */
const ARGUMENTS = 2;

/**
 * The transaction's code. Deterministic: what it does follows from its arguments and what it reads. It may also
 * return REVERTED, which undoes its writes. `yield*` always with a call behind it, on the same line.
 */
function* count(tx: Transaction, args: Float64Array, at: number): Steps<Outcome> {
  const key = args[at];
  const value = yield* tx.read(key);
  tx.work(args[at + 1]);
  yield* tx.write(key, value + 1);
  return COMMITTED;
}

/** Each with a default and a description. */
const parameters = z.strictObject({
  counters: z
    .int()
    .min(1)
    .max(2 ** 20)
    .default(100)
    .describe('how many counters there are; the fewer, the more transactions conflict'),
  work: z.int().min(0).max(1e9).default(1000).describe('units of computing, about a nanosecond each'),
});

export default defineWorkload({
  name: 'NAME',
  summary: 'what its transactions do, in a line',
  source: 'where it comes from',
  parameters,
  procedures: [count],

  /** A block of so many transactions. All randomness is `random`, so that a seed fixes the block. */
  generate({ counters, work }, transactions, random): BlockData {
    const args = new Float64Array(transactions * ARGUMENTS);
    for (let t = 0; t < transactions; t++) {
      args[t * ARGUMENTS] = random.integer(counters);
      args[t * ARGUMENTS + 1] = work;
    }
    return {
      transactions,
      keys: counters,
      initial: new Float64Array(counters),
      // Which of `procedures` each transaction calls: the first.
      procedure: new Uint8Array(transactions),
      args,
      argsFrom: Int32Array.from({ length: transactions + 1 }, (_, t) => t * ARGUMENTS),
      maxReads: 1,
      maxWrites: 1,
    };
  },

  /** What each transaction may touch, at least what it does touch; for algorithms that want to know beforehand. */
  accessSets({ transactions, args }): AccessSets {
    const keys: KeySets = {
      from: Int32Array.from({ length: transactions + 1 }, (_, t) => t),
      keys: Int32Array.from({ length: transactions }, (_, t) => args[t * ARGUMENTS]),
    };
    return { reads: keys, writes: keys };
  },

  /** What is wrong with the state after the block, in a sentence; nothing if it is as after some serial execution. */
  check(_block, state, outcomes): string | undefined {
    const committed = Array.from(outcomes).filter((outcome) => outcome === COMMITTED).length;
    const sum = state.reduce((total, value) => total + value, 0);
    return sum === committed
      ? undefined
      : `the counters add up to ${sum}, but ${committed} transactions committed`;
  },
});

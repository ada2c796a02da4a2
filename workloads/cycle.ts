/**
 * Cycle: the keys form a ring, and each transaction turns three neighbours round.
 *
 * Source      FoundationDB's Cycle workload (fdbserver/workloads/Cycle.actor.cpp).
 *
 * Keys        The value of a key is the next key on the ring; at first 0 → 1 → 2 → … → 0.
 * Transaction From a random key r it reads r → r2 → r3 → r4, computes, and links r → r3 → r2 → r4.
 *             3 reads, then the work, then 3 writes. With exactly three keys r4 is r, and the ring is reversed.
 * Invariant   One ring through all keys. Each rotation keeps that only if it saw the three links as they are
 *             together; two that overlap and both take effect cut the ring or tie a knot into it.
 *
 * Which keys r2 and r3 are is known only from the data, so that the declared access sets are all keys: an
 * algorithm that needs them beforehand runs this block serially. What is written was read, so even an attempt
 * on an inconsistent state meets only keys of the ring, does its six accesses and ends.
 *
 * Departures  D1  No `clear` before the first write: there are no absent keys here.
 *             D2  The block is finite, without FoundationDB's target rate.
 */
import { evenOffsets } from './sets.ts';
import {
  type AccessSets,
  type BlockData,
  COMMITTED,
  defineWorkload,
  type Outcome,
  type Steps,
  type Transaction,
  z,
} from './workload.ts';

const ARGUMENTS = 2;
/** Access sets name every key for every transaction: beyond this, 512 MB, they are refused. */
const DECLARED_MAX = 2 ** 27;

/** Arguments: r, work. */
function* rotate(tx: Transaction, args: Float64Array, at: number): Steps<Outcome> {
  const r = args[at];
  const r2 = yield* tx.read(r);
  const r3 = yield* tx.read(r2);
  const r4 = yield* tx.read(r3);
  tx.work(args[at + 1]);
  yield* tx.write(r, r3);
  yield* tx.write(r2, r4);
  yield* tx.write(r3, r2);
  return COMMITTED;
}

const parameters = z.strictObject({
  keys: z
    .int()
    .min(3, 'keys must be at least 3: a rotation needs three different ones')
    .max(2 ** 24)
    .default(100)
    .describe('keys on the ring; the fewer, the more transactions conflict'),
  work: z
    .int()
    .min(0)
    .max(1e9)
    .default(0)
    .describe('units of computing in a transaction, about a nanosecond each'),
});

export default defineWorkload({
  name: 'cycle',
  summary: 'rotates three neighbours on a ring of keys; any lost isolation breaks the ring',
  source: 'FoundationDB, Cycle workload (fdbserver/workloads/Cycle.actor.cpp)',
  parameters,
  procedures: [rotate],

  generate({ keys, work }, transactions, random) {
    const initial = new Float64Array(keys);
    for (let key = 0; key < keys; key++) initial[key] = (key + 1) % keys;
    const args = new Float64Array(transactions * ARGUMENTS);
    for (let at = 0; at < args.length; at += ARGUMENTS) {
      args[at] = random.integer(keys);
      args[at + 1] = work;
    }
    return {
      transactions,
      keys,
      initial,
      procedure: new Uint8Array(transactions),
      args,
      argsFrom: evenOffsets(transactions, ARGUMENTS),
      maxReads: 3,
      maxWrites: 3,
    };
  },

  accessSets({ transactions, keys }): AccessSets {
    if (transactions * keys > DECLARED_MAX) {
      throw new RangeError(
        `cycle declares all ${keys} keys for each of ${transactions} transactions, which is too much to hold; ` +
          'use fewer of either, or an algorithm that needs no access sets',
      );
    }
    const all = new Int32Array(transactions * keys);
    for (let i = 0; i < all.length; i++) all[i] = i % keys;
    const sets = { from: evenOffsets(transactions, keys), keys: all };
    return { reads: sets, writes: sets };
  },

  check(block, state) {
    return brokenRing(block, state);
  },
});

/** Follows the ring from key 0, and tells what is wrong with it. */
function brokenRing({ keys }: BlockData, state: Float64Array): string | undefined {
  const stray = state.findIndex((next) => !(Number.isInteger(next) && next >= 0 && next < keys));
  if (stray >= 0) return `key ${stray} points at ${state[stray]}, which is no key of 0 to ${keys - 1}`;
  const previous = new Int32Array(keys).fill(-1);
  let key = 0;
  let next = state[key];
  let length = 1;
  while (next !== 0 && previous[next] < 0) {
    previous[next] = key;
    key = next;
    next = state[key];
    length++;
  }
  if (next !== 0) {
    const lost = unpointed(state);
    return `keys ${previous[next]} and ${key} both point at key ${next}, and none points at key ${lost}`;
  }
  if (length === keys) return undefined;
  return `the ring through key 0 has ${length} of ${keys} keys: key ${previous.indexOf(-1, 1)} is not on it`;
}

/** The first key that no key points at. */
function unpointed(state: Float64Array): number {
  const pointed = new Uint8Array(state.length);
  for (const next of state) pointed[next] = 1;
  return pointed.indexOf(0);
}

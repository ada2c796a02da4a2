/**
 * YCSB as transaction-processing test beds run it: each transaction reads or writes so many keys of one table,
 * drawn uniformly or by a Zipf distribution.
 *
 * Source      Cooper, Silberstein, Tam, Ramakrishnan, Sears: Benchmarking Cloud Serving Systems with YCSB.
 *             SoCC 2010. In transactions of 16 operations: Yu, Bezerra, Pavlo, Devadas, Stonebraker: Staring
 *             into the Abyss, VLDB 2014 (DBx1000); Tanabe, Hoshino, Kawashima, Tatebe: An Analysis of
 *             Concurrency Control Protocols for In-Memory Databases with CCBench, VLDB 2020.
 *
 * Transaction The operations in the order drawn, then the work, while everything read is still to be validated
 *             and everything locked is still locked.
 *
 * Two choices that papers leave unsaid, and that change the numbers:
 *                                       DBx1000      CCBench      here
 *             writes                    rmw          blind        --set writes=rmw|blind
 *             a key drawn once more     dropped      kept         --set repeats=kept|dropped|redrawn
 *             A blind write reads nothing, so there is less to validate. Dropping makes transactions shorter
 *             the more skewed the keys are; redrawing keeps the length and flattens the skew.
 *
 * Keys        The rank is the key (zipf.ts). Keys start at negative values so far apart that no key's value is
 *             ever another's, however much it grows, nor is mistaken for a blind write's.
 * Invariant   rmw: a write adds 1; each key has grown by the number of committed writes to it.
 *             blind: a write stores its own place in the block's arguments; each key holds the last write to
 *             it by some committed transaction, or its first value if there is none. Which of them it is, only
 *             the verification of the reads can tell: blind writes alone cannot be lost.
 *
 * Partitions  With `partitions` above 0 the table is divided into so many, whole lines of 16 keys each in turn, and
 *             transaction t is at home in partition t mod partitions. A share of them, `spread`, touches `touched`
 *             partitions, its own and others drawn uniformly, each operation one of them at random; the others
 *             keep to their own. Within a partition keys are drawn by rank as usual. (DBx1000: PERC_MULTI_PART,
 *             PART_PER_TXN, FIRST_PART_LOCAL.)
 *
 * Departures  D1  Values are numbers, not rows of 100 bytes: what copying costs is not in this workload.
 *             D2  DBx1000 draws from all keys but key 0, CCBench and this from all.
 */

import { keyInPartition, placesInPartition } from './partitions.ts';
import { keySets } from './sets.ts';
import {
  type AccessSets,
  type BlockData,
  COMMITTED,
  defineWorkload,
  type KeySets,
  type Outcome,
  type Random,
  type Steps,
  type Transaction,
  z,
} from './workload.ts';
import { type RankSource, thetaParameter, zipf } from './zipf.ts';

/**
 * Arguments: how many operations, work, the place of the first operation in the block's arguments; then the
 * operations, each 2 × key, + 1 for a write.
 */
const HEADER = 3;
/** How far apart the keys' first values lie: more than a block has operations; times 2^24 keys, still exact. */
const SPACING = 2 ** 28;

function* readModifyWrite(tx: Transaction, args: Float64Array, at: number): Steps<Outcome> {
  const end = at + HEADER + args[at];
  for (let i = at + HEADER; i < end; i++) {
    const key = args[i] >> 1;
    const value = yield* tx.read(key);
    if (args[i] & 1) yield* tx.write(key, value + 1);
  }
  tx.work(args[at + 1]);
  return COMMITTED;
}

function* blindWrite(tx: Transaction, args: Float64Array, at: number): Steps<Outcome> {
  const count = args[at];
  const place = args[at + 2];
  for (let i = 0; i < count; i++) {
    const operation = args[at + HEADER + i];
    if (operation & 1) yield* tx.write(operation >> 1, place + i);
    else yield* tx.read(operation >> 1);
  }
  tx.work(args[at + 1]);
  return COMMITTED;
}

const RMW = 0;
const BLIND = 1;

const parameters = z
  .strictObject({
    keys: z
      .int()
      .min(1)
      .max(2 ** 24)
      .default(10_000)
      .describe('keys of the table'),
    operations: z.int().min(1).max(1024).default(16).describe('reads and writes in a transaction'),
    reads: z.number().min(0).max(1).default(0.5).describe('share of the operations that only read'),
    theta: thetaParameter,
    writes: z
      .enum(['rmw', 'blind'])
      .default('rmw')
      .describe('what a write does: reads the key and adds 1 (rmw), or stores without reading (blind)'),
    repeats: z
      .enum(['kept', 'dropped', 'redrawn'])
      .default('kept')
      .describe('what becomes of a key that a transaction draws once more'),
    work: z
      .int()
      .min(0)
      .max(1e9)
      .default(0)
      .describe('units of computing in a transaction, about a nanosecond each'),
    partitions: z
      .int()
      .min(0)
      .max(4096)
      .default(0)
      .describe("parts of the table, one of which is a transaction's home; 0: keys are drawn from all of it"),
    spread: z
      .number()
      .min(0)
      .max(1)
      .default(0)
      .describe('share of the transactions that touch several partitions'),
    touched: z
      .int()
      .min(1)
      .max(64)
      .default(2)
      .describe('how many partitions those touch, as far as there are so many'),
  })
  .refine(({ keys, operations, repeats }) => repeats !== 'redrawn' || keys >= operations, {
    path: ['repeats'],
    error: 'repeats can be redrawn only if there are at least as many keys as operations in a transaction',
  })
  .refine(({ keys, partitions }) => partitions === 0 || placesInPartition(keys, partitions) > 0, {
    path: ['partitions'],
    error: 'partitions are of whole lines of 16 keys: there must be at least 16 times as many keys',
  })
  .refine(
    ({ keys, operations, partitions, repeats }) =>
      repeats !== 'redrawn' || partitions === 0 || placesInPartition(keys, partitions) >= operations,
    {
      path: ['repeats'],
      error:
        'repeats can be redrawn only if a partition has at least as many keys as a transaction operations',
    },
  );

type Parameters = z.output<typeof parameters>;

export default defineWorkload({
  name: 'ycsb',
  summary: 'so many reads and writes of uniform or Zipfian keys in each transaction',
  source: 'Cooper et al.: Benchmarking Cloud Serving Systems with YCSB, SoCC 2010; as in DBx1000 and CCBench',
  parameters,
  procedures: [readModifyWrite, blindWrite],

  generate(chosen, transactions, random) {
    const { keys, operations, writes } = chosen;
    const { args, argsFrom } = drawOperations(chosen, transactions, random);
    const initial = new Float64Array(keys);
    for (let key = 0; key < keys; key++) initial[key] = -SPACING * (key + 1);
    const most = Math.min(operations, keys);
    return {
      transactions,
      keys,
      initial,
      procedure: new Uint8Array(transactions).fill(writes === 'rmw' ? RMW : BLIND),
      args,
      argsFrom,
      maxReads: most,
      maxWrites: most,
    };
  },

  accessSets(block): AccessSets {
    return { reads: declared(block, isRead), writes: declared(block, isWrite) };
  },

  check(block, state, outcomes) {
    return block.procedure[0] === BLIND
      ? brokenWrites(block, state, outcomes)
      : brokenCounts(block, state, outcomes);
  },
});

/** All transactions' arguments; where repeats are dropped, their lengths differ. */
function drawOperations(
  chosen: Parameters,
  transactions: number,
  random: Random,
): Pick<BlockData, 'args' | 'argsFrom'> {
  const { keys, operations, reads, repeats, work } = chosen;
  const source = keySource(chosen);
  const args = new Float64Array(transactions * (HEADER + operations));
  const argsFrom = new Int32Array(transactions + 1);
  // The last transaction, counted from 1, that drew each key.
  const drawnBy = new Int32Array(repeats === 'kept' ? 0 : keys);
  let end = 0;
  for (let t = 0; t < transactions; t++) {
    const at = end;
    end += HEADER;
    const rank = source(t, random);
    for (let i = 0; i < operations; i++) {
      const write = random.unit() < reads ? 0 : 1;
      let key = rank(random);
      if (repeats === 'redrawn') key = undrawn(key, t + 1, drawnBy, rank, random);
      if (repeats === 'dropped' && drawnBy[key] === t + 1) continue;
      if (repeats !== 'kept') drawnBy[key] = t + 1;
      args[end++] = 2 * key + write;
    }
    args[at] = end - at - HEADER;
    args[at + 1] = work;
    args[at + 2] = at + HEADER;
    argsFrom[t + 1] = end;
  }
  return { args: end === args.length ? args : args.slice(0, end), argsFrom };
}

/** For each transaction, in their order, what draws its keys. */
function keySource({ keys, theta, partitions, spread, touched }: Parameters) {
  if (partitions === 0) {
    const all = zipf(keys, theta);
    return (): RankSource => all;
  }
  const place = zipf(placesInPartition(keys, partitions), theta);
  const parts = new Int32Array(Math.min(touched, partitions));
  let count = 1;
  const draw: RankSource = (random) => {
    const partition = parts[count === 1 ? 0 : random.integer(count)];
    return keyInPartition(place(random), partition, partitions);
  };
  return (t: number, random: Random): RankSource => {
    parts[0] = t % partitions;
    count = 1;
    const wanted = random.unit() < spread ? parts.length : 1;
    while (count < wanted) {
      const other = random.integer(partitions);
      if (parts.indexOf(other) < 0 || parts.indexOf(other) >= count) parts[count++] = other;
    }
    return draw;
  };
}

/** The key, or the next one drawn that the transaction does not have. */
function undrawn(first: number, mark: number, drawnBy: Int32Array, rank: RankSource, random: Random): number {
  let key = first;
  while (drawnBy[key] === mark) key = rank(random);
  return key;
}

function isRead(procedure: number, operation: number): boolean {
  return procedure === RMW || !isWrite(procedure, operation);
}

function isWrite(_procedure: number, operation: number): boolean {
  return (operation & 1) === 1;
}

function declared(block: BlockData, touches: (procedure: number, operation: number) => boolean): KeySets {
  const { transactions, procedure, args, argsFrom } = block;
  return keySets(transactions, args.length, (t, keys, at) => {
    let end = at;
    for (let i = argsFrom[t] + HEADER; i < argsFrom[t + 1]; i++) {
      if (touches(procedure[t], args[i])) keys[end++] = args[i] >> 1;
    }
    return end;
  });
}

/** rmw: compares each key with the committed writes counted onto it. */
function brokenCounts(
  block: BlockData,
  state: Float64Array,
  outcomes: ArrayLike<number>,
): string | undefined {
  const { transactions, initial, args, argsFrom } = block;
  const expected = initial.slice();
  for (let t = 0; t < transactions; t++) {
    if (outcomes[t] !== COMMITTED) continue;
    for (let i = argsFrom[t] + HEADER; i < argsFrom[t + 1]; i++) expected[args[i] >> 1] += args[i] & 1;
  }
  const wrong = state.findIndex((value, key) => value !== expected[key]);
  if (wrong < 0) return undefined;
  const grown = expected[wrong] - initial[wrong];
  return `key ${wrong} grew by ${state[wrong] - initial[wrong]}, but ${grown} committed writes added 1 to it each`;
}

/** blind: each key must hold some committed transaction's last write to it, or what it held before. */
function brokenWrites(
  block: BlockData,
  state: Float64Array,
  outcomes: ArrayLike<number>,
): string | undefined {
  const { initial, args } = block;
  const { final, writtenBy } = finalWrites(block, outcomes);
  for (let key = 0; key < state.length; key++) {
    const value = state[key];
    if (value === initial[key]) {
      if (writtenBy[key] === 0) continue;
      return `key ${key} is as before the block, though transaction ${writtenBy[key] - 1} committed a write to it`;
    }
    // Only the places of such writes are marked, so that the value may be any number at all.
    if (final[value] === 1 && args[value] >> 1 === key) continue;
    return `key ${key} holds ${value}, which no committed transaction wrote to it last`;
  }
  return undefined;
}

/** Marks the place of each last write to a key by a committed transaction; and per key one such, from 1. */
function finalWrites({ transactions, keys, args, argsFrom }: BlockData, outcomes: ArrayLike<number>) {
  const final = new Uint8Array(args.length);
  const writtenBy = new Int32Array(keys);
  for (let t = 0; t < transactions; t++) {
    if (outcomes[t] !== COMMITTED) continue;
    for (let i = argsFrom[t + 1] - 1; i >= argsFrom[t] + HEADER; i--) {
      const key = args[i] >> 1;
      if ((args[i] & 1) === 0 || writtenBy[key] === t + 1) continue;
      writtenBy[key] = t + 1;
      final[i] = 1;
    }
  }
  return { final, writtenBy };
}

/**
 * Mixed: short transactions of random operations, made to find faults in algorithms rather than to be fast.
 *
 * Source      This project; in the manner of the histories of Kingsbury, Alvaro: Elle: Inferring Isolation
 *             Anomalies from Experimental Observations. VLDB 14(3), 2020, whose writes can be traced, too.
 *
 * Transaction A list of up to `operations` reads, blind writes and updates (a read, then a write of the same key),
 *             with computing somewhere in it. An operation may take the key of the one before it once more:
 *             so keys are written twice, and own writes are read. Somewhere in the list the transaction may
 *             revert, always or depending on what it has read, so with writes before and after. With `reads: 1`
 *             all only read, with `reads: 0, blind: 1` all only write.
 *
 * Keys        A value says which transaction wrote it: (t + 1) * 2^32 + hash * 2^16 + seal. The hash is of all that
 *             the transaction has read so far, so that a wrong read spreads; the seal is a check on the writer,
 *             its operation, the key and the hash. Initial values are below 2^32: key + 1.
 * Invariant   A key that no committed transaction writes has its initial value; any other one holds what the last
 *             write of some committed transaction to it, and of no other, would have left there.
 *
 * The keys of an operation are arguments, so declared access sets lack nothing; but a transaction that reverts
 * early does less than it declared.
 */
import { keySets } from './sets.ts';
import {
  type AccessSets,
  type BlockData,
  COMMITTED,
  defineWorkload,
  type Outcome,
  type Random,
  REVERTED,
  type Steps,
  type Transaction,
  z,
} from './workload.ts';

const [READ, WRITE, UPDATE, WORK, REVERT, DECIDE] = [0, 1, 2, 3, 4, 5];
const HALF = 2 ** 16;
const WRITER = 2 ** 32;

/** The transaction, how many operations follow; then of each its kind, and its key or amount. */
const HEADER = 2;
const OPERATION = 2;

function* mixed(tx: Transaction, args: Float64Array, at: number): Steps<Outcome> {
  const t = args[at];
  const end = at + HEADER + OPERATION * args[at + 1];
  let hash = 0;
  for (let i = at + HEADER; i < end; i += OPERATION) {
    const kind = args[i];
    const key = args[i + 1];
    if (kind === WORK) tx.work(key);
    else if (kind === REVERT) return REVERTED;
    else if (kind === DECIDE) {
      if ((hash & 1) !== 0) return REVERTED;
    } else {
      if (kind !== WRITE) hash = folded(hash, yield* tx.read(key));
      if (kind !== READ) yield* tx.write(key, signed(t, i - at, key, hash));
    }
  }
  return COMMITTED;
}

/** The hash, 16 bits, of one more value. */
function folded(hash: number, value: number): number {
  const word = Math.imul(Math.floor(value / WRITER) ^ (value | 0) ^ (hash << 7), 0x9e3779b1);
  return (word ^ (word >>> 15)) >>> 16;
}

/** What operation `i` of transaction t writes to the key. */
function signed(t: number, i: number, key: number, hash: number): number {
  let seal =
    Math.imul(t + 1, 0x85ebca6b) ^ Math.imul(i, 0xc2b2ae35) ^ Math.imul(key + hash * HALF, 0x9e3779b1);
  seal = Math.imul(seal ^ (seal >>> 13), 0x27d4eb2f) >>> 16;
  return (t + 1) * WRITER + hash * HALF + seal;
}

const share = (what: string, usual: number) => z.number().min(0).max(1).default(usual).describe(what);

const parameters = z.strictObject({
  keys: z
    .int()
    .min(1)
    .max(2 ** 16)
    .default(8)
    .describe('keys; the fewer, the more transactions conflict'),
  operations: z
    .int()
    .min(1)
    .max(64)
    .default(6)
    .describe('the most operations of a transaction, at least one'),
  reads: share('share of the operations that only read', 0.4),
  blind: share('share of the others that write without reading', 0.3),
  again: share('share of operations that take the key of the one before them', 0.3),
  reverts: share('share of transactions that may revert', 0.2),
  decided: share('share of those that decide by what they have read', 0.7),
  work: z
    .int()
    .min(0)
    .max(1e9)
    .default(0)
    .describe('units of computing in a transaction, about a nanosecond each'),
});

type Parameters = z.output<typeof parameters>;

export default defineWorkload({
  name: 'mixed',
  summary: 'random reads, blind writes, updates and reverts, whose values name their writer: to find faults',
  source: 'this project; values that can be traced as in Kingsbury, Alvaro: Elle. VLDB 14(3), 2020',
  parameters,
  procedures: [mixed],

  generate(chosen, transactions, random) {
    const args: number[] = [];
    const argsFrom = new Int32Array(transactions + 1);
    for (let t = 0; t < transactions; t++) {
      const list = drawn(chosen, random);
      args.push(t, list.length / OPERATION, ...list);
      argsFrom[t + 1] = args.length;
    }
    const most = Math.min(chosen.operations, chosen.keys);
    return {
      transactions,
      keys: chosen.keys,
      initial: Float64Array.from({ length: chosen.keys }, (_, key) => key + 1),
      procedure: new Uint8Array(transactions),
      args: Float64Array.from(args),
      argsFrom,
      maxReads: most,
      maxWrites: most,
    };
  },

  accessSets(block): AccessSets {
    return { reads: declared(block, WRITE), writes: declared(block, READ) };
  },

  check: untraceable,
});

/** One transaction's operations: kind and key, or amount, of each. */
function drawn({ work, ...chosen }: Parameters, random: Random): number[] {
  const list: number[] = [];
  const count = 1 + random.integer(chosen.operations);
  let key = 0;
  for (let i = 0; i < count; i++) {
    if (i === 0 || random.unit() >= chosen.again) key = random.integer(chosen.keys);
    const kind = random.unit() < chosen.reads ? READ : random.unit() < chosen.blind ? WRITE : UPDATE;
    list.push(kind, key);
  }
  let last = count;
  if (random.unit() < chosen.reverts) {
    last = random.integer(count + 1);
    list.splice(last * OPERATION, 0, random.unit() < chosen.decided ? DECIDE : REVERT, 0);
  }
  // Not after a revert, so that every transaction does its work.
  list.splice(random.integer(last + 1) * OPERATION, 0, WORK, work);
  return list;
}

/** Each transaction's keys, but for those of operations of one kind. */
function declared(block: BlockData, except: number) {
  return keySets(block.transactions, block.args.length, (t, keys, at) => {
    let end = at;
    operationsOf(block, t, (kind, key) => {
      if (kind <= UPDATE && kind !== except) keys[end++] = key;
    });
    return end;
  });
}

function operationsOf(
  { args, argsFrom }: BlockData,
  t: number,
  visit: (kind: number, key: number, i: number) => void,
): void {
  for (let i = HEADER; argsFrom[t] + i < argsFrom[t + 1]; i += OPERATION) {
    const at = argsFrom[t] + i;
    visit(args[at], args[at + 1], i);
  }
}

/** A value that nobody can have left, in a sentence. */
function untraceable(block: BlockData, state: Float64Array, outcomes: ArrayLike<number>): string | undefined {
  const { transactions, keys, initial } = block;
  const written = new Uint8Array(keys);
  const traced = new Uint8Array(keys);
  for (let t = 0; t < transactions; t++) {
    if (outcomes[t] !== COMMITTED) continue;
    const last = new Map<number, number>();
    operationsOf(block, t, (kind, key, i) => {
      if (kind === WRITE || kind === UPDATE) last.set(key, i);
    });
    for (const [key, i] of last) {
      written[key] = 1;
      if (Math.floor(state[key] / WRITER) !== t + 1) continue;
      const hash = Math.floor(state[key] / HALF) % HALF;
      if (state[key] === signed(t, i, key, hash)) traced[key] = 1;
    }
  }
  for (let key = 0; key < keys; key++) {
    if (written[key] === 0 && state[key] !== initial[key]) {
      return `key ${key} holds ${state[key]} instead of its initial ${initial[key]}, and no committed transaction writes it`;
    }
    if (written[key] === 1 && traced[key] === 0) {
      return `key ${key} holds ${state[key]}, which is not what the last write of any committed transaction left there`;
    }
  }
  return undefined;
}

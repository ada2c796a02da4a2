/**
 * A workload that notices inconsistent states from inside an attempt, whatever becomes of the attempt. Keys come
 * in pairs whose sum never changes; whoever reads a pair and finds another sum is a zombie: an attempt that is
 * doomed, and does not know it. An algorithm is opaque if there are none.
 */
import {
  type AccessSets,
  type BlockData,
  COMMITTED,
  defineWorkload,
  type Outcome,
  type Procedure,
  type Random,
  type Steps,
  TRAP,
  type Transaction,
  type Workload,
  z,
} from '../../workloads/workload.ts';

const SUM = 100;
/** Rounds that a loop may take before it is out of gas. */
const GAS = 8;

/** What zombies did, counted over all attempts. */
export interface Sightings {
  /** Attempts that trapped at once. */
  traps: number;
  /** Rounds in loops that never end on a consistent state but at once. */
  rounds: number;
}

/** The workload, which counts into `seen`. Correct runs, the serial replay among them, add nothing. */
export function zombies(seen: Sightings): Workload {
  /** Moves `amount` within a pair, whose keys it reads in the order given. Arguments: one key, the other, amount. */
  function* move(tx: Transaction, args: Float64Array, at: number): Steps<Outcome> {
    const one = yield* tx.read(args[at]);
    tx.work(20);
    const other = yield* tx.read(args[at + 1]);
    if (one + other !== SUM) throw trap();
    yield* tx.write(args[at], one - args[at + 2]);
    yield* tx.write(args[at + 1], other + args[at + 2]);
    return COMMITTED;
  }

  /** The same without writing. */
  function* look(tx: Transaction, args: Float64Array, at: number): Steps<Outcome> {
    const one = yield* tx.read(args[at]);
    tx.work(20);
    if (one + (yield* tx.read(args[at + 1])) !== SUM) throw trap();
    return COMMITTED;
  }

  /** Reads until the sum is right: for ever, where a zombie is given the same values again and again. */
  function* insist(tx: Transaction, args: Float64Array, at: number): Steps<Outcome> {
    for (let gas = GAS; ; gas--) {
      const one = yield* tx.read(args[at]);
      if (one + (yield* tx.read(args[at + 1])) === SUM) break;
      seen.rounds++;
      if (gas === 0) throw TRAP;
    }
    yield* tx.write(args[at], yield* tx.read(args[at]));
    return COMMITTED;
  }

  /** Counts from one value up to what the other leaves: past it and on for ever, where their sum is too large. */
  function* count(tx: Transaction, args: Float64Array, at: number): Steps<Outcome> {
    const one = yield* tx.read(args[at]);
    const end = SUM - (yield* tx.read(args[at + 1]));
    for (let i = one; i !== end; i++) {
      seen.rounds++;
      if (i > one + GAS) throw TRAP;
    }
    return COMMITTED;
  }

  function trap(): typeof TRAP {
    seen.traps++;
    return TRAP;
  }

  const procedures: Procedure[] = [move, look, insist, count];
  return defineWorkload({
    name: 'zombies',
    summary: 'traps and loops on pairs whose sum is not what it always is',
    source: 'Guerraoui, Kapalka: On the Correctness of Transactional Memory. PPoPP 2008 (opacity)',
    parameters: z.strictObject({
      pairs: z.int().min(1).max(100).default(2).describe('pairs of keys whose sum stays the same'),
    }),
    procedures,

    generate: ({ pairs }, transactions, random) => blockOf(pairs, transactions, random),
    accessSets: bothKeys,
    check: sums,
  });
}

/** Arguments of a transaction: the two keys of a pair, in either order, and an amount. */
function blockOf(pairs: number, transactions: number, random: Random): BlockData {
  const args = new Float64Array(3 * transactions);
  for (let at = 0; at < args.length; at += 3) {
    args[at] = random.integer(2 * pairs);
    args[at + 1] = args[at] ^ 1;
    args[at + 2] = random.integer(9) - 4;
  }
  return {
    transactions,
    keys: 2 * pairs,
    initial: new Float64Array(2 * pairs).fill(SUM / 2),
    // Half of them move, or there would be nothing to see.
    procedure: Uint8Array.from({ length: transactions }, () => Math.max(0, random.integer(6) - 2)),
    args,
    argsFrom: Int32Array.from({ length: transactions + 1 }, (_, t) => 3 * t),
    maxReads: 2,
    maxWrites: 2,
  };
}

/** Each transaction may read and write the keys of its pair, which lie side by side. */
function bothKeys({ transactions, args }: BlockData): AccessSets {
  const from = Int32Array.from({ length: transactions + 1 }, (_, t) => 2 * t);
  const first = (i: number): number => Math.min(args[3 * (i >> 1)], args[3 * (i >> 1) + 1]);
  const keys = Int32Array.from({ length: 2 * transactions }, (_, i) => first(i) + (i & 1));
  return { reads: { from, keys }, writes: { from, keys } };
}

function sums({ keys }: BlockData, state: Float64Array): string | undefined {
  for (let key = 0; key < keys; key += 2) {
    if (state[key] + state[key + 1] !== SUM) return `keys ${key} and ${key + 1} do not sum to ${SUM}`;
  }
  return undefined;
}

/** What is seen here shows in the steps of a replay. */
export default zombies({ traps: 0, rounds: 0 });

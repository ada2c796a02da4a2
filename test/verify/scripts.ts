/**
 * Tiny transactions for tests: each is a list of operations, all run by one procedure. What a transaction writes
 * and whether it reverts may depend on what it has read so far, which is summed up in an accumulator.
 */
import { DIGEST_SEED, mix } from '../../harness/machine/digest.ts';
import type { CoreReport, Run } from '../../harness/machine/run.ts';
import {
  type Block,
  COMMITTED,
  defineWorkload,
  type Procedure,
  REVERTED,
  type Workload,
  z,
} from '../../workloads/workload.ts';

/** Reads a key; writes a value; writes accumulator + value; reverts (if the accumulator is odd); works. */
export type Op =
  | readonly ['read', key: number]
  | readonly ['write', key: number, value: number]
  | readonly ['add', key: number, value: number]
  | readonly ['revert']
  | readonly ['revert-if-odd']
  | readonly ['work', units: number];
export type Script = readonly Op[];

const KINDS = ['read', 'write', 'add', 'revert', 'revert-if-odd', 'work'] as const;

const script: Procedure = function* (tx, args, at) {
  let sum = 0;
  const end = at + 1 + 3 * args[at];
  for (let i = at + 1; i < end; i += 3) {
    const [key, value] = [args[i + 1], args[i + 2]];
    switch (KINDS[args[i]]) {
      case 'read':
        sum = (31 * sum + (yield* tx.read(key))) % 1_000_003;
        break;
      case 'write':
        yield* tx.write(key, value);
        break;
      case 'add':
        yield* tx.write(key, sum + value);
        break;
      case 'revert':
        return REVERTED;
      case 'revert-if-odd':
        if (sum % 2 === 1) return REVERTED;
        break;
      case 'work':
        tx.work(key);
    }
  }
  return COMMITTED;
};

/** A block of scripts; the initial values are zeros unless given. */
export function blockOf(scripts: readonly Script[], keys: number, initial = new Float64Array(keys)): Block {
  const args: number[] = [];
  const argsFrom = [0];
  for (const ops of scripts) {
    args.push(ops.length);
    for (const [kind, key = 0, value = 0] of ops) args.push(KINDS.indexOf(kind), key, value);
    argsFrom.push(args.length);
  }
  return {
    transactions: scripts.length,
    keys,
    initial,
    procedure: new Uint8Array(scripts.length),
    args: Float64Array.from(args),
    argsFrom: Int32Array.from(argsFrom),
    maxReads: keys,
    maxWrites: keys,
    procedures: [script],
  };
}

/** The workload of such blocks. Its invariant holds unless told otherwise. */
export function workloadOf(check: Workload['check'] = () => undefined): Workload {
  const unused = () => {
    throw new Error('not for generating');
  };
  return defineWorkload({
    name: 'scripts',
    summary: 'lists of operations',
    source: 'tests',
    parameters: z.object({}),
    procedures: [script],
    generate: unused,
    accessSets: unused,
    check,
  });
}

/** A run of which only what verification looks at is given. */
export function runOf(
  given: Pick<Run, 'witness' | 'outcomes' | 'digests' | 'state'> & {
    points?: ArrayLike<number>;
    versions?: number[][];
  },
): Run {
  const { witness, outcomes, digests, state, points = [], versions = [] } = given;
  const stamps = new Float64Array(outcomes.length).fill(Number.NaN);
  return {
    makespan_ns: 0,
    witness,
    outcomes,
    digests,
    points: Float64Array.from(points),
    useful_ns: stamps,
    latency_ns: stamps,
    state,
    cores: versions.map(coreOf),
    steps: 0,
  };
}

function coreOf(versions: number[]): CoreReport {
  return {
    attempts: 0,
    aborts: {},
    counters: {},
    attempt_ns: 0,
    blocked_ns: 0,
    idle_ns: 0,
    versions: Int32Array.from(versions),
  };
}

/**
 * Runs the block serially in this order, and leaves behind what an honest algorithm would: points, and versions
 * spread over two cores. Not the code under test: a map of versions, whose writes a revert forgets.
 */
export function serialRun(block: Block, order: readonly number[], witness: Run['witness']): Run {
  const { transactions: n, keys } = block;
  const outcomes = new Int32Array(n);
  const digests = new Int32Array(n);
  const points = new Float64Array(n);
  const store = Array.from({ length: keys }, (_, key) => ({ value: block.initial[key], version: 0 }));
  const versions: number[][] = [[], []];
  order.forEach((t, position) => {
    const own = new Map<number, { value: number; version: number; over: number }>();
    const reads: number[] = [];
    let digest = DIGEST_SEED;
    const steps = block.procedures[block.procedure[t]](
      {
        *read(key) {
          const mine = own.get(key);
          if (mine === undefined) reads.push(key, store[key].version);
          const { value } = mine ?? store[key];
          digest = mix(digest, value);
          return value;
        },
        *write(key, value) {
          // Versions may be any integers but zero: here negative and large ones, too.
          own.set(key, { value, version: (position - 3) * 70_000_001 + 1, over: store[key].version });
        },
        work() {},
      },
      block.args,
      block.argsFrom[t],
    );
    const step = steps[Symbol.iterator]().next();
    outcomes[t] = step.value as number;
    digests[t] = digest;
    points[t] = 10 * position - 7.5;
    if (outcomes[t] === REVERTED) own.clear();
    for (const [key, { value, version }] of own) store[key] = { value, version };
    const writes = [...own].flatMap(([key, { version, over }]) => [key, version, over]);
    versions[position % 2].push(t, reads.length / 2, own.size, ...reads, ...writes);
  });
  const state = Float64Array.from(store, ({ value }) => value);
  return runOf({ witness, outcomes, digests, state, points, versions });
}

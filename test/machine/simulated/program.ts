/** Tiny programs for the simulated machine: what each core does, and nothing else of an algorithm or workload. */
import { type Core, defineAlgorithm, type Memory, type Steps, z } from '../../../algorithms/algorithm.ts';
import type { Job } from '../../../harness/machine/job.ts';
import type { Run } from '../../../harness/machine/run.ts';
import type { Observer } from '../../../harness/machine/simulated/access.ts';
import type { MachineModel } from '../../../harness/machine/simulated/model.ts';
import { models } from '../../../harness/machine/simulated/models/index.ts';
import { RandomWalk } from '../../../harness/machine/simulated/schedules/random-walk.ts';
import { type SimulationOptions, simulate } from '../../../harness/machine/simulated/simulate.ts';
import { seededRandom } from '../../../workloads/random.ts';
import { defineWorkload } from '../../../workloads/workload.ts';

export const model = models['server-32'];
/** Costs that are told apart in a sum: cores 0 to 3 and 4 to 7 are groups. */
export const plain: MachineModel = {
  ...model,
  cores: 70,
  domains: [
    { cores: 4, transfer_ns: 100 },
    { cores: 128, transfer_ns: 1000 },
  ],
  hit_ns: 1,
  atomic_ns: 10,
  memory_ns: 10_000,
  pause_ns: 7,
  work_ns: 1,
};

/** Allocates what the program shares, and returns what each core does. */
export type Program = (memory: Memory) => (core: Core) => Steps<void>;

export interface Declared {
  readonly transactions?: number;
  readonly aborts?: readonly string[];
  readonly counters?: readonly string[];
}

export function jobOf(cores: number, program: Program, declared: Declared = {}, seed = 1): Job {
  const { transactions = 0, aborts = [], counters = [] } = declared;
  const algorithm = defineAlgorithm({
    name: 'program',
    summary: 'a program of a test',
    source: 'a test',
    guarantee: 'none',
    witness: 'preset',
    options: z.strictObject({}),
    aborts,
    counters,
    create: ({ memory }) => ({ load() {}, run: program(memory), state: () => 0 }),
  });
  return {
    algorithm: { reference: 'program', declaration: algorithm },
    options: {},
    workload: { reference: 'nothing', declaration: nothing },
    block: nothing.generate({}, transactions, seededRandom(1)),
    cores,
    seed,
    audit: true,
  };
}

/** Runs a program in virtual time on the plain model, unless told otherwise. */
export function run(cores: number, program: Program, options: Partial<SimulationOptions> = {}): Run {
  return simulate(jobOf(cores, program), { model: plain, stepLimit: 1_000_000, ...options });
}

export function walk(seed: number): RandomWalk {
  const random = seededRandom(seed);
  return new RandomWalk((bound) => random.integer(bound));
}

/** An observer, and what it is told of. */
export function traced(): { trace: number[]; observer: Observer } {
  const trace: number[] = [];
  return {
    trace,
    observer: (core, operation, _place, index, result, time_ns) =>
      trace.push(core, operation, index, result, time_ns),
  };
}

const nothing = defineWorkload({
  name: 'nothing',
  summary: 'no keys, and transactions that do nothing',
  source: 'a test',
  parameters: z.strictObject({}),
  procedures: [
    function* nothing() {
      return 0;
    },
  ],
  generate: (_parameters, transactions) => ({
    transactions,
    keys: 0,
    initial: new Float64Array(0),
    procedure: new Uint8Array(transactions),
    args: new Float64Array(0),
    argsFrom: new Int32Array(transactions + 1),
    maxReads: 1,
    maxWrites: 1,
  }),
  accessSets: ({ transactions }) => {
    const none = { from: new Int32Array(transactions + 1), keys: new Int32Array(0) };
    return { reads: none, writes: none };
  },
  check: () => undefined,
});

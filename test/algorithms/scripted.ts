/**
 * Scripted transactions: one a core, each a list of accesses, with a word in between about which core goes next.
 * For the rules of waiting, which speak of who asks while who holds.
 *
 *     r0 w1     reads key 0, writes key 1
 *     >2        from here on core 2 goes first, whenever it can
 */
import type { Job } from '../../harness/machine/job.ts';
import type { Run } from '../../harness/machine/run.ts';
import type { Observer } from '../../harness/machine/simulated/access.ts';
import type { Schedule } from '../../harness/machine/simulated/schedules/schedule.ts';
import { simulate } from '../../harness/machine/simulated/simulate.ts';
import { keySets } from '../../workloads/sets.ts';
import {
  type BlockData,
  COMMITTED,
  defineWorkload,
  type Outcome,
  type Steps,
  type Transaction,
  type Workload,
  z,
} from '../../workloads/workload.ts';
import { jobOn, model } from './judge.ts';

const KEYS = 4;
const [READ, WRITE, GO] = [0, 1, 2];

/** One core goes first; when it cannot, the last one that can. */
class Preference implements Schedule {
  readonly #ready = new Set<number>();
  favourite = 0;

  add(core: number): void {
    this.#ready.add(core);
  }

  next(): number {
    const core = this.#ready.has(this.favourite) ? this.favourite : Math.max(-1, ...this.#ready);
    this.#ready.delete(core);
    return core;
  }

  horizon(): number {
    return Number.NEGATIVE_INFINITY;
  }
}

/** Runs the scripts, transaction t's on core t, from core 0 on. Each retry lets another core go first. */
export async function play(
  scripts: readonly string[],
  algorithm: string,
  options: Record<string, unknown>,
  observer?: Observer,
): Promise<{ job: Job; run: Run }> {
  const schedule = new Preference();
  const attempts = new Int32Array(scripts.length);
  function* script(tx: Transaction, args: Float64Array, at: number): Steps<Outcome> {
    const t = args[at];
    if (attempts[t]++ > 0)
      schedule.favourite = (t + (scripts.length - 1) * (attempts[t] - 1)) % scripts.length;
    for (let i = at + 2; i < at + 2 + 2 * args[at + 1]; i += 2) {
      const operand = args[i + 1];
      if (args[i] === READ) yield* tx.read(operand);
      else if (args[i] === WRITE) yield* tx.write(operand, 100 * t + operand);
      else schedule.favourite = operand;
    }
    return COMMITTED;
  }
  const workload = scripted(script);
  const data = blockOf(scripts);
  const block = { ...data, accessSets: workload.accessSets(data) };
  const job = await jobOn(workload, block, { algorithm, options, cores: scripts.length, seed: 1 });
  return { job, run: simulate(job, { model, schedule, stepLimit: 100_000, ...(observer && { observer }) }) };
}

function blockOf(scripts: readonly string[]): BlockData {
  const rows = scripts.map((text, t) => {
    const steps = text.split(' ').map((word) => ['rw>'.indexOf(word[0]), Number(word.slice(1))]);
    return [t, steps.length, ...steps.flat()];
  });
  const argsFrom = [0];
  for (const row of rows) argsFrom.push(argsFrom[argsFrom.length - 1] + row.length);
  return {
    transactions: scripts.length,
    keys: KEYS,
    initial: new Float64Array(KEYS).fill(-1),
    procedure: new Uint8Array(scripts.length),
    args: Float64Array.from(rows.flat()),
    argsFrom: Int32Array.from(argsFrom),
    maxReads: KEYS,
    maxWrites: KEYS,
  };
}

function scripted(procedure: Workload['procedures'][number]): Workload {
  const sets = ({ transactions, args, argsFrom }: BlockData, operation: number) =>
    keySets(transactions, args.length, (t, keys, at) => {
      let end = at;
      for (let i = argsFrom[t] + 2; i < argsFrom[t + 1]; i += 2) {
        if (args[i] === operation && args[i] !== GO) keys[end++] = args[i + 1];
      }
      return end;
    });
  return defineWorkload({
    name: 'scripted',
    summary: 'transactions written out, access by access',
    source: 'a test',
    parameters: z.strictObject({}),
    procedures: [procedure],
    generate: () => {
      throw new Error('scripted blocks are not generated');
    },
    accessSets: (block) => ({ reads: sets(block, READ), writes: sets(block, WRITE) }),
    check: () => undefined,
  });
}

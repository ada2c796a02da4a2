/** Blocks of scripts with access sets made by hand: right ones, and ones that lie. */
import { simulate } from '../../harness/machine/simulated/simulate.ts';
import { seededRandom } from '../../workloads/random.ts';
import type { AccessSets, BlockData, KeySets } from '../../workloads/workload.ts';
import { blockOf, type Script, workloadOf } from '../verify/scripts.ts';
import { jobOn, model, type Setting, walk } from './judge.ts';

/** All keys of each script, whether a run comes to them or not. */
export function declaredBy(scripts: readonly Script[]): AccessSets {
  const keysOf = (kinds: readonly string[]): KeySets =>
    keySets(scripts.map((ops) => ops.filter(([kind]) => kinds.includes(kind)).map(([, key]) => key ?? 0)));
  return { reads: keysOf(['read']), writes: keysOf(['write', 'add']) };
}

function keySets(rows: readonly number[][]): KeySets {
  const from = new Int32Array(rows.length + 1);
  const keys: number[] = [];
  rows.forEach((row, t) => {
    keys.push(...new Set(row));
    from[t + 1] = keys.length;
  });
  return { from, keys: Int32Array.from(keys) };
}

/** The sets without about one key in `every`. */
export function thinned({ from, keys }: KeySets, seed: number, every = 4): KeySets {
  const random = seededRandom(seed);
  const rows = Array.from({ length: from.length - 1 }, (_, t) => [...keys.slice(from[t], from[t + 1])]);
  return keySets(rows.map((row) => row.filter(() => random.integer(every) > 0)));
}

export function scripted(scripts: readonly Script[], keys: number, sets = declaredBy(scripts)): BlockData {
  const { procedures: _, ...block } = blockOf(scripts, keys);
  return { ...block, accessSets: sets };
}

/** A run of scripts under a random schedule, with its job. */
export async function walked(block: BlockData, setting: Setting) {
  const job = await jobOn(workloadOf(), block, setting);
  return { job, run: walk(job) };
}

/** The same in virtual time. */
export async function timed(block: BlockData, setting: Setting) {
  const job = await jobOn(workloadOf(), block, setting);
  return { job, run: simulate(job, { model }) };
}

/** Random scripts, orders and histories for property tests. */
import fc from 'fast-check';
import type { Action } from './history.ts';
import type { Op, Script } from './scripts.ts';

/** Scripts whose writes and outcomes depend on what they read. */
export function scripts(keys: number, most: number): fc.Arbitrary<Script[]> {
  const key = fc.nat(keys - 1);
  const op: fc.Arbitrary<Op> = fc.oneof(
    { weight: 4, arbitrary: fc.tuple(fc.constant('read' as const), key) },
    { weight: 3, arbitrary: fc.tuple(fc.constant('add' as const), key, fc.integer({ min: 1, max: 99 })) },
    { weight: 1, arbitrary: fc.tuple(fc.constant('write' as const), key, fc.integer({ min: -9, max: 9 })) },
    { weight: 1, arbitrary: fc.constant<Op>(['revert-if-odd']) },
  );
  return fc.array(fc.array(op, { maxLength: 6 }), { minLength: 1, maxLength: most });
}

/** All of 0 … n - 1, shuffled. */
export function orderOf(n: number): fc.Arbitrary<number[]> {
  const all = Array.from({ length: n }, (_, t) => t);
  return fc.shuffledSubarray(all, { minLength: n, maxLength: n });
}

/** All orders of 0 … n - 1. */
export function permutations(n: number): number[][] {
  if (n === 0) return [[]];
  return permutations(n - 1).flatMap((rest) =>
    Array.from({ length: n }, (_, at) => [...rest.slice(0, at), n - 1, ...rest.slice(at)]),
  );
}

type Plan = readonly { readonly write: boolean; readonly key: number }[];

/**
 * What a careless system might make of up to five transactions: `in-place` lets everybody see every write at
 * once; `snapshot` reads from the state at a transaction's start, and installs writes at its end; `forked`
 * does too, but takes the snapshot's version for the one that it overwrites. `blind` allows to write without
 * having read.
 */
export function carelessHistory(blind: boolean): fc.Arbitrary<{ actions: Action[]; transactions: number }> {
  const step = fc.record({ write: fc.boolean(), key: fc.nat(2) });
  const plans = fc.array(fc.array(step, { minLength: 1, maxLength: 3 }), { minLength: 2, maxLength: 5 });
  const mode = fc.constantFrom('in-place', 'snapshot', 'forked');
  // How the steps interleave. Small numbers of switches give serial histories a chance.
  const turns = fc.array(fc.tuple(fc.nat(4), fc.integer({ min: 1, max: 3 })), { maxLength: 16, size: 'max' });
  return fc.tuple(plans, mode, turns).map(([drawn, how, turns]) => {
    const all = blind ? drawn : drawn.map(readFirst);
    return { actions: interleave(all, how, turns), transactions: all.length };
  });
}

/** The same with a read of each key before its first write. */
function readFirst(plan: Plan): Plan {
  const seen = new Set<number>();
  return plan.flatMap((step) => {
    const steps = step.write && !seen.has(step.key) ? [{ write: false, key: step.key }, step] : [step];
    seen.add(step.key);
    return steps;
  });
}

function interleave(plans: readonly Plan[], mode: string, turns: readonly [number, number][]): Action[] {
  const latest = [0, 0, 0];
  const snapshots: (number[] | undefined)[] = plans.map(() => undefined);
  const buffers: Map<number, number>[] = plans.map(() => new Map());
  const at = plans.map(() => 0);
  const actions: Action[] = [];
  let versions = 0;
  const advance = (by: number) => {
    if (at[by] >= plans[by].length) return;
    snapshots[by] ??= [...latest];
    const snapshot = snapshots[by];
    const { write, key } = plans[by][at[by]++];
    const inPlace = mode === 'in-place';
    if (write && inPlace) {
      actions.push({ kind: 'write', by, key, version: ++versions, over: latest[key] });
      latest[key] = versions;
    } else if (write) {
      buffers[by].set(key, ++versions);
    } else if (inPlace || !buffers[by].has(key)) {
      // Buffered writes come last in the history, so what is read of them would come before; it is left out.
      actions.push({ kind: 'read', by, key, version: inPlace ? latest[key] : snapshot[key] });
    }
    if (at[by] < plans[by].length) return;
    for (const [key, version] of buffers[by]) {
      actions.push({
        kind: 'write',
        by,
        key,
        version,
        over: mode === 'forked' ? snapshot[key] : latest[key],
      });
      latest[key] = version;
    }
  };
  for (const [who, steps] of turns) {
    for (let i = 0; i < steps; i++) advance(who % plans.length);
  }
  plans.forEach((plan, by) => {
    for (let i = 0; i < plan.length; i++) advance(by);
  });
  return actions;
}

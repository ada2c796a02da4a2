/** The access sets that a block hands to an algorithm: none, declared, or exact as an oracle knows them. */
import type { AccessSetNeed } from '../../algorithms/algorithm.ts';
import { keySets } from '../../workloads/sets.ts';
import type { AccessSets, BlockData, KeySets, Workload } from '../../workloads/workload.ts';
import { REVERTED, type Steps, type Transaction } from '../machine/machine.ts';
import { SerialView } from '../verify/replay.ts';

export function withAccessSets(workload: Workload, data: BlockData, need: AccessSetNeed): BlockData {
  switch (need) {
    case 'none':
      return data;
    case 'declared':
      return { ...data, accessSets: declared(workload, data) };
    case 'exact':
      return { ...data, accessSets: exact(workload, data) };
  }
}

/** What the workload declares, each set ascending and without repeats: some algorithms lock in that order. */
function declared(workload: Workload, data: BlockData): AccessSets {
  const { reads, writes } = workload.accessSets(data);
  return { reads: ascending(reads), writes: ascending(writes) };
}

function ascending(sets: KeySets): KeySets {
  if (isAscending(sets)) return sets;
  const { from, keys } = sets;
  return keySets(from.length - 1, keys.length, (t, into, at) => {
    const own = keys.subarray(from[t], from[t + 1]);
    into.set(own, at);
    return at + own.length;
  });
}

function isAscending({ from, keys }: KeySets): boolean {
  for (let t = 0; t + 1 < from.length; t++) {
    for (let i = from[t] + 1; i < from[t + 1]; i++) if (keys[i] <= keys[i - 1]) return false;
  }
  return true;
}

/** What each transaction reads and writes when the block is executed in its order. A reverted one writes nothing. */
function exact(workload: Workload, data: BlockData): AccessSets {
  const serial = new SerialView({ ...data, procedures: workload.procedures });
  const observer = new Observer(serial);
  const reads = new Collector(data.transactions);
  const writes = new Collector(data.transactions);
  for (let t = 0; t < data.transactions; t++) {
    observer.reads.clear();
    observer.writes.clear();
    const reverted = serial.execute(t, observer) === REVERTED;
    reads.add(t, observer.reads);
    if (!reverted) writes.add(t, observer.writes);
  }
  return { reads: reads.sets(), writes: writes.sets() };
}

class Observer implements Transaction {
  readonly #view: SerialView;
  readonly reads = new Set<number>();
  readonly writes = new Set<number>();

  constructor(view: SerialView) {
    this.#view = view;
  }

  read(key: number): Steps<number> {
    this.reads.add(key);
    return this.#view.read(key);
  }

  write(key: number, value: number): Steps<void> {
    this.writes.add(key);
    return this.#view.write(key, value);
  }

  work(): void {}
}

class Collector {
  readonly #counts: Int32Array;
  readonly #keys: number[] = [];

  constructor(transactions: number) {
    this.#counts = new Int32Array(transactions);
  }

  add(t: number, keys: ReadonlySet<number>): void {
    this.#counts[t] = keys.size;
    for (const key of keys) this.#keys.push(key);
  }

  sets(): KeySets {
    const from = new Int32Array(this.#counts.length + 1);
    for (let t = 0; t < this.#counts.length; t++) from[t + 1] = from[t] + this.#counts[t];
    return { from, keys: Int32Array.from(this.#keys) };
  }
}

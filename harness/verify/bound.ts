/**
 * The best makespan that any schedule of a block could reach: what no correct run can beat.
 *
 * A replay in the run's own serial order counts the cost of each transaction: to attempt it costs `attempt_ns`;
 * a read or a write `operation_ns`; its first read of a key, unless it wrote the key before, `read_ns` besides; a unit of `tx.work` costs `work_ns`;
 * everything else is free, above all the algorithm. Two things then limit every schedule.
 *
 * Work      Each transaction's procedure runs completely at least once, and `cores` cores run at most so many
 *           nanoseconds of it at a time. Besides, whoever first reads a key that nobody has written yet brings
 *           its line from memory, for `line_ns` more; a line holds no more than eight values, taken as keys side
 *           by side. Total / cores.
 *
 * Critical path, in block order. Everybody reads what the block's order says, hence from the last committed
 *           writer before it in the block, and that writer's last write of the key must have happened. Within
 *           a transaction operations follow one another. So a read ends no earlier than read_ns after both the
 *           operation before it and that write; the latest finish is a lower bound. A blind write waits for
 *           nothing: several versions of a key may exist at once. A transaction that reverts reads like others.
 *
 * Critical path, in any order. Only what no order avoids counts. Let n committed transactions read a key and later
 *           write it, and m committed transactions write it without having read it. In the serial order, each
 *           of the n whose last writer before it is another one of the n reads that one's version, so from
 *           before its read to its last write nothing of the other's same stretch can overlap. The m cut the n into
 *           at most m + 1 such chains, and the longest is at least their mean: the stretches' sum / (m + 1).
 *           No transaction is shorter than itself, either.
 *
 * What would break it: a run that goes on with a guessed value before it is written (value speculation), or
 * that accepts a read since the value happens to be the same, though the version is another; operations of one
 * transaction reordered or run in parallel; operations merged instead of executed (commutative increments,
 * memoized procedures); costs that are set above what the machine charges; first values laid out in another order
 * than the keys', so that fewer lines are read. In any order, moreover, costs and
 * write sets are those of the given order: where they depend on the order, the bound is for runs equivalent to it.
 */
import type { Guarantee } from '../../algorithms/algorithm.ts';
import type { Block } from '../../workloads/workload.ts';
import { COMMITTED, type Steps, type Transaction } from '../machine/machine.ts';
import type { MachineModel } from '../machine/simulated/model.ts';
import { SerialView } from './replay.ts';

/** The values of a line, as a power of two. */
const LINE_SHIFT = 3;

/** What operations cost on the machine, in nanoseconds. */
export interface Costs {
  readonly attempt_ns: number;
  /** Of a procedure's read or write, whatever it accesses. */
  readonly operation_ns: number;
  readonly read_ns: number;
  /** What a line takes from memory, more than a read of one that is there. */
  readonly line_ns: number;
  /** Of a unit of `tx.work`. */
  readonly work_ns: number;
}

export interface Bound {
  /** The sum of all transactions. */
  readonly work_ns_total: number;
  /** The heaviest chain. */
  readonly critical_ns: number;
  /** The larger of work / cores and the heaviest chain. */
  readonly bound_ns: number;
}

/** What a machine with this model charges at the least. */
export function costsOf(model: MachineModel): Costs {
  const { access_ns, attempt_ns, hit_ns, memory_ns, operation_ns, shared_bytes, shared_ns, work_ns } = model;
  // How much memory an engine needs, a bound does not know.
  const fetch_ns = shared_bytes > 0 ? Math.min(shared_ns, memory_ns) : memory_ns;
  const line_ns = Math.max(0, fetch_ns - hit_ns);
  return { attempt_ns, operation_ns, read_ns: access_ns + hit_ns, line_ns, work_ns };
}

/** The lower bound of a verified run's makespan. `order` is the one that verification found. */
export function bound(
  block: Block,
  order: ArrayLike<number>,
  guarantee: Guarantee,
  cores: number,
  costs: Costs,
): Bound {
  const view = new TimedView(block, costs, guarantee === 'block-order');
  for (let position = 0; position < order.length; position++) view.execute(order[position]);
  const critical_ns = Math.max(view.longest_ns, view.heaviestKey());
  return {
    work_ns_total: view.total_ns,
    critical_ns,
    bound_ns: Math.max(view.total_ns / cores, critical_ns),
  };
}

/** Runs transactions serially, each with a clock of its own that starts at zero. */
class TimedView implements Transaction {
  total_ns = 0;
  /** The latest finish of a transaction, with its waits. */
  longest_ns = 0;

  readonly #serial: SerialView;
  readonly #costs: Costs;
  readonly #dataflow: boolean;
  #elapsed_ns = 0; // of the current transaction, with its waits
  #work_ns = 0; // of the current transaction, without
  #current = 0; // one more for each transaction; tells whether a mark below is its own

  // By key. Marks tell for which transaction the times beside them hold.
  readonly #readMark: Int32Array;
  readonly #readAt: Float64Array; // before its first read, less waits
  readonly #writeMark: Int32Array;
  readonly #writeAt: Float64Array; // of its last write, with waits
  readonly #writeWork: Float64Array; // the same, less waits
  readonly #available: Float64Array; // when the last committed write happened, if dataflow
  readonly #chain: Float64Array; // the sum of the stretches from read to last write
  readonly #blind: Int32Array; // committed writers that did not read
  readonly #written: Uint8Array; // whether some committed transaction has written it
  readonly #fetched: Uint8Array; // by line: whether its first values have been read
  #writes: number[] = []; // the keys that the current transaction has written

  constructor(block: Block, costs: Costs, dataflow: boolean) {
    const { keys } = block;
    this.#serial = new SerialView(block);
    this.#costs = costs;
    this.#dataflow = dataflow;
    this.#readMark = new Int32Array(keys);
    this.#readAt = new Float64Array(keys);
    this.#writeMark = new Int32Array(keys);
    this.#writeAt = new Float64Array(keys);
    this.#writeWork = new Float64Array(keys);
    this.#available = new Float64Array(keys);
    this.#chain = new Float64Array(keys);
    this.#blind = new Int32Array(keys);
    this.#written = new Uint8Array(keys);
    this.#fetched = new Uint8Array((keys >> LINE_SHIFT) + 1);
  }

  execute(t: number): void {
    this.#current++;
    this.#elapsed_ns = 0;
    this.#work_ns = 0;
    this.#writes.length = 0;
    this.#charge(this.#costs.attempt_ns);
    if (this.#serial.execute(t, this) === COMMITTED) this.#publish();
    this.total_ns += this.#work_ns;
    this.longest_ns = Math.max(this.longest_ns, this.#elapsed_ns);
  }

  /** The heaviest chain of read-modify-writes of one key. In block order the dataflow has it already. */
  heaviestKey(): number {
    return this.#chain.reduce((most, sum, key) => Math.max(most, sum / (this.#blind[key] + 1)), 0);
  }

  read(key: number): Steps<number> {
    const steps = this.#serial.read(key);
    this.#charge(this.#costs.operation_ns);
    if (this.#readMark[key] !== this.#current && this.#writeMark[key] !== this.#current) {
      this.#readMark[key] = this.#current;
      this.#readAt[key] = this.#work_ns;
      if (this.#dataflow) this.#elapsed_ns = Math.max(this.#elapsed_ns, this.#available[key]);
      this.#charge(this.#costs.read_ns);
      this.#fetch(key);
    }
    return steps;
  }

  write(key: number, value: number): Steps<void> {
    const steps = this.#serial.write(key, value);
    this.#charge(this.#costs.operation_ns);
    if (this.#writeMark[key] !== this.#current) this.#writes.push(key);
    this.#writeMark[key] = this.#current;
    this.#writeAt[key] = this.#elapsed_ns;
    this.#writeWork[key] = this.#work_ns;
    return steps;
  }

  work(units: number): void {
    this.#charge(units * this.#costs.work_ns);
  }

  /** Counts a line that the first read of one of its values brings. Who that is, no order says, nor does a path. */
  #fetch(key: number): void {
    const line = key >> LINE_SHIFT;
    if (this.#written[key] === 1 || this.#fetched[line] === 1) return;
    this.#fetched[line] = 1;
    this.total_ns += this.#costs.line_ns;
  }

  #charge(ns: number): void {
    this.#elapsed_ns += ns;
    this.#work_ns += ns;
  }

  #publish(): void {
    for (const key of this.#writes) {
      this.#written[key] = 1;
      if (this.#dataflow) this.#available[key] = this.#writeAt[key];
      else if (this.#readMark[key] !== this.#current) this.#blind[key]++;
      else this.#chain[key] += this.#writeWork[key] - this.#readAt[key];
    }
  }
}

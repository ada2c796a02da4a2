/**
 * The part of a core that is the same on both machines: it runs procedures, audits what they read, and
 * accounts for attempts and time. Each machine adds its clock, its computing and its pause.
 */
import type { WitnessForm } from '../../algorithms/algorithm.ts';
import type { Block } from '../../workloads/workload.ts';
import { DIGEST_SEED, mix } from './digest.ts';
import { COMMIT, FIRST_BEGIN, LAST_ATTEMPT, type LedgerArrays, UNCOMMITTED } from './ledger.ts';
import {
  ABORT,
  ABORTED,
  type Core,
  type Outcome,
  type Phase,
  REVERTED,
  type Steps,
  TRAP,
  type Transaction,
  type View,
} from './machine.ts';
import type { CoreReport } from './run.ts';
import { VersionLog } from './version-log.ts';

/** What a core is made of, whichever machine it belongs to. */
export interface CoreSetup {
  readonly id: number;
  readonly count: number;
  readonly block: Block;
  readonly ledger: LedgerArrays;
  /** The causes and counters that the algorithm declares. */
  readonly aborts: readonly string[];
  readonly counters: readonly string[];
  readonly witness: WitnessForm;
  /** This core's stream of random integers in [0, bound). */
  readonly random: (bound: number) => number;
  /** Keep digests of what is read. Off only to measure what the audit costs. */
  readonly audit: boolean;
  /** Stamp the times of transactions whose index is a multiple of this power of two. */
  readonly stampEvery: number;
}

/** What a procedure sees: the algorithm's view, with a digest kept of what it returned. */
class AuditedTransaction implements Transaction {
  readonly #core: CoreBase;
  view!: View;
  digest = DIGEST_SEED;

  constructor(core: CoreBase) {
    this.#core = core;
  }

  *read(key: number): Steps<number> {
    this.#core.operation();
    const value = yield* this.view.read(key);
    this.digest = mix(this.digest, value);
    return value;
  }

  write(key: number, value: number): Steps<void> {
    this.#core.operation();
    return this.view.write(key, value);
  }

  work(units: number): void {
    this.#core.work(units);
  }
}

/** The same without the digest: what a run costs when nobody audits it. */
class PlainTransaction implements Transaction {
  readonly #core: CoreBase;
  view!: View;
  digest = DIGEST_SEED;

  constructor(core: CoreBase) {
    this.#core = core;
  }

  read(key: number): Steps<number> {
    this.#core.operation();
    return this.view.read(key);
  }

  write(key: number, value: number): Steps<void> {
    this.#core.operation();
    return this.view.write(key, value);
  }

  work(units: number): void {
    this.#core.work(units);
  }
}

const NONE = -1;

export abstract class CoreBase implements Core {
  readonly id: number;
  readonly count: number;
  readonly random: (bound: number) => number;
  readonly #block: Block;
  readonly #ledger: LedgerArrays;
  readonly #transaction: AuditedTransaction | PlainTransaction;
  readonly #audited: boolean;
  readonly #stampMask: number;
  readonly #aborts: Record<string, number>;
  readonly #counters: Record<string, number>;
  readonly #versions: VersionLog | undefined;

  #attempts = 0;
  #stamped = 0;
  #attemptTime = 0;
  #blocked = 0;
  #idle = 0;
  /** The transaction whose attempt is open on this core, when it began, and what it was blocked since. */
  #open = NONE;
  #openedAt = 0;
  #openBlocked = 0;

  constructor(setup: CoreSetup) {
    this.id = setup.id;
    this.count = setup.count;
    this.random = setup.random;
    this.#block = setup.block;
    this.#ledger = setup.ledger;
    this.#audited = setup.audit;
    this.#transaction = setup.audit ? new AuditedTransaction(this) : new PlainTransaction(this);
    this.#stampMask = setup.stampEvery - 1;
    this.#aborts = Object.fromEntries(setup.aborts.map((cause) => [cause, 0]));
    this.#counters = Object.fromEntries(setup.counters.map((counter) => [counter, 0]));
    this.#versions = setup.audit && setup.witness === 'versions' ? new VersionLog() : undefined;
  }

  abstract now(): number;
  abstract work(units: number): void;
  abstract pause(): Steps<void>;

  /** A procedure reads or writes. Costs what it costs on real cores; a simulated one is charged for it. */
  operation(): void {}

  begin(transaction: number): void {
    if (this.#open !== NONE) throw new Error(`begin(${transaction}) while ${this.#open}'s attempt is open`);
    this.#attempts++;
    this.#open = transaction;
    if ((transaction & this.#stampMask) !== 0) return;
    this.#stamped++;
    this.#openedAt = this.now();
    this.#openBlocked = 0;
    const times = this.#ledger.times;
    const row = transaction * 3;
    if (Number.isNaN(times[row + FIRST_BEGIN])) times[row + FIRST_BEGIN] = this.#openedAt;
  }

  *execute(transaction: number, view: View): Steps<Outcome | typeof ABORTED> {
    const { procedures, procedure, args, argsFrom } = this.#block;
    const tx = this.#transaction;
    tx.view = view;
    if (this.#audited) tx.digest = DIGEST_SEED;
    try {
      return this.#note(
        transaction,
        yield* procedures[procedure[transaction]](tx, args, argsFrom[transaction]),
      );
    } catch (thrown) {
      if (thrown === ABORT) return ABORTED;
      if (thrown === TRAP) return this.#note(transaction, REVERTED);
      throw thrown;
    }
  }

  #note(transaction: number, outcome: Outcome): Outcome {
    this.#ledger.audit[transaction * 2] = outcome | UNCOMMITTED;
    this.#ledger.audit[transaction * 2 + 1] = this.#transaction.digest;
    return outcome;
  }

  finish(transaction: number): void {
    if (this.#open !== transaction) throw new Error(`finish(${transaction}) without begin(${transaction})`);
    this.#open = NONE;
    if ((transaction & this.#stampMask) !== 0) return;
    const duration = this.now() - this.#openedAt - this.#openBlocked;
    this.#attemptTime += duration;
    this.#ledger.times[transaction * 3 + LAST_ATTEMPT] = duration;
  }

  abort(cause: string, _transaction?: number): void {
    this.#aborts[cause]++;
    if (this.#open === NONE) return;
    if ((this.#open & this.#stampMask) === 0) {
      this.#attemptTime += this.now() - this.#openedAt - this.#openBlocked;
    }
    this.#open = NONE;
  }

  commit(transaction: number, point?: number): void {
    if (this.#open === transaction) this.finish(transaction);
    const { audit } = this.#ledger;
    if (audit[transaction * 2] >= UNCOMMITTED) audit[transaction * 2] -= UNCOMMITTED;
    if (point !== undefined) this.#ledger.points[transaction] = point;
    this.#versions?.commit(transaction);
    if ((transaction & this.#stampMask) !== 0) return;
    this.#ledger.times[transaction * 3 + COMMIT] = this.now();
  }

  tally(counter: string): void {
    this.#counters[counter]++;
  }

  /** Of no account but in a trace. */
  phase(_phase: Phase, _transaction?: number): void {}

  witnessRead(key: number, version: number): void {
    this.#versions?.read(key, version);
  }

  witnessWrite(key: number, version: number, overwritten: number): void {
    this.#versions?.write(key, version, overwritten);
  }

  /** Accounts for time parked: blocked inside an attempt, idle outside. */
  protected parked(duration_ns: number): void {
    if (this.#open === NONE) this.#idle += duration_ns;
    else {
      this.#blocked += duration_ns;
      this.#openBlocked += duration_ns;
    }
  }

  /** What happened on this core, once the run's makespan and this core's own end are known. */
  report(end_ns: number, makespan_ns: number): CoreReport {
    refuseUndeclared(this.#aborts, 'the algorithm aborts for', 'aborts');
    refuseUndeclared(this.#counters, 'the algorithm counts', 'counters');
    // Where only some transactions were stamped, theirs stand for the others.
    const perStamped = this.#stamped === 0 ? 0 : this.#attempts / this.#stamped;
    return {
      attempts: this.#attempts,
      aborts: this.#aborts,
      counters: this.#counters,
      attempt_ns: this.#attemptTime * perStamped,
      blocked_ns: this.#blocked,
      idle_ns: this.#idle + (makespan_ns - end_ns),
      versions: this.#versions?.finish() ?? new Int32Array(0),
    };
  }
}

/** Throws where something was counted under a name that `list`, a field of the declaration, lacks. */
function refuseUndeclared(counts: Record<string, number>, does: string, list: string): void {
  for (const [name, count] of Object.entries(counts)) {
    if (Number.isNaN(count))
      throw new Error(`${does} "${name}", which its declaration lacks: add it to \`${list}\``);
  }
}

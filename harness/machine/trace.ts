/**
 * A trace: what each core did when. Every core's slices fill the time from the start of the block to its end
 * without a gap, so that their sums are the run's own accounts: attempts, blocked, idle, and the engine's rest.
 */
import { COMMITTED, type Phase } from './machine.ts';
import { BEGIN, END, EXECUTED, PARKED, PHASE, PHASES, ROW, UNDO } from './recorder.ts';

/** A phase of the algorithm, or a wait: blocked inside an attempt, idle outside. */
export type Activity = Phase | 'blocked' | 'idle';

export const NONE = -1;

export interface Slice {
  readonly activity: Activity;
  readonly from_ns: number;
  readonly to_ns: number;
  /** The attempt that it is part of, as an index of the trace's attempts, or NONE. */
  readonly attempt: number;
  /** The transaction that it is about, or NONE. */
  readonly transaction: number;
}

export interface Attempt {
  readonly transaction: number;
  /** From 1, in the order in which the attempts at the transaction began. */
  readonly number: number;
  readonly core: number;
  readonly from_ns: number;
  readonly to_ns: number;
  /** What became of it in the end, which may be decided on another core after it has ended. */
  readonly outcome: 'committed' | 'reverted' | 'aborted' | 'incomplete';
  /** Why it was aborted, where that is known. */
  readonly cause: string | undefined;
}

/** An attempt is undone, here and now. */
export interface Abort {
  readonly core: number;
  readonly at_ns: number;
  /** NONE where the algorithm does not say whose. */
  readonly transaction: number;
  readonly cause: string;
}

export interface Trace {
  readonly makespan_ns: number;
  /** By core, in order of time. */
  readonly slices: readonly (readonly Slice[])[];
  /** In order of their beginnings. */
  readonly attempts: readonly Attempt[];
  readonly aborts: readonly Abort[];
}

/** What one core recorded. */
export interface CoreLog {
  readonly rows: Float64Array;
  /** When the core ended, by the clock of its rows. */
  readonly end_ns: number;
}

export interface TraceSource {
  readonly logs: readonly CoreLog[];
  /** When the block started, by the clock of the logs. */
  readonly start_ns: number;
  readonly makespan_ns: number;
  /** The causes of aborts that the algorithm declares. */
  readonly causes: readonly string[];
  /** By transaction, as in a run. */
  readonly outcomes: Int32Array;
}

type Draft<T> = { -readonly [K in keyof T]: T[K] };

export function traceOf(source: TraceSource): Trace {
  const readers = source.logs.map((log, core) => new CoreReader(source, log, core));
  const attempts = readers.flatMap((reader) => reader.attempts);
  // Whoever began first comes first, also between cores; on one core they are in order already.
  attempts.sort((a, b) => a.from_ns - b.from_ns || a.core - b.core);
  const places = new Map(attempts.map((attempt, at) => [attempt, at]));
  const aborts = readers.flatMap((reader) => reader.aborts).sort((a, b) => a.at_ns - b.at_ns);
  number(attempts);
  decide(
    attempts,
    readers.flatMap((reader) => reader.later),
    source,
  );
  return {
    makespan_ns: source.makespan_ns,
    slices: readers.map((reader) =>
      reader.slices.map(({ attempt, ...slice }) => ({
        ...slice,
        attempt: attempt === undefined ? NONE : (places.get(attempt) as number),
      })),
    ),
    attempts,
    aborts,
  };
}

/** Puts one core's rows together. */
class CoreReader {
  readonly slices: (Draft<Omit<Slice, 'attempt'>> & { attempt: Draft<Attempt> | undefined })[] = [];
  readonly attempts: Draft<Attempt>[] = [];
  readonly aborts: Abort[] = [];
  /** Those of attempts that had ended, on whichever core. */
  readonly later: Abort[] = [];
  readonly #core: number;
  #at_ns = 0;
  #phase: Phase = 'engine';
  #open: Draft<Attempt> | undefined;
  /** Whom the phase is about, outside of attempts. */
  #about = NONE;

  constructor({ causes, makespan_ns, start_ns }: TraceSource, { end_ns, rows }: CoreLog, core: number) {
    this.#core = core;
    for (let row = 0; row < rows.length; row += ROW) {
      const [time_ns, event, operand, transaction] = rows.subarray(row, row + ROW);
      const at_ns = time_ns - start_ns;
      if (event === PARKED) {
        this.#close(at_ns - operand, this.#phase);
        this.#close(at_ns, this.#open === undefined ? 'idle' : 'blocked');
        continue;
      }
      this.#close(at_ns, this.#phase);
      if (event === BEGIN) this.#begin(transaction);
      else if (event === EXECUTED) this.#phase = 'commit';
      else if (event === END) this.#end();
      else if (event === PHASE) {
        this.#phase = PHASES[operand];
        this.#about = transaction;
      } else if (event === UNDO) this.#undo(causes[operand], transaction);
    }
    this.#close(end_ns - start_ns, this.#phase);
    if (this.#open !== undefined) this.#end();
    this.#close(makespan_ns, 'idle');
  }

  /** Until now it was this. Clocks that are read apart may disagree by a little: none goes back. */
  #close(at_ns: number, activity: Activity): void {
    if (at_ns <= this.#at_ns) return;
    const attempt = this.#open;
    const transaction = attempt?.transaction ?? (activity === 'idle' ? NONE : this.#about);
    const last = this.slices.at(-1);
    if (last?.activity === activity && last.attempt === attempt && last.transaction === transaction) {
      last.to_ns = at_ns;
    } else {
      this.slices.push({ activity, from_ns: this.#at_ns, to_ns: at_ns, attempt, transaction });
    }
    this.#at_ns = at_ns;
  }

  #begin(transaction: number): void {
    const at_ns = this.#at_ns;
    this.#open = {
      transaction,
      number: 0,
      core: this.#core,
      from_ns: at_ns,
      to_ns: at_ns,
      outcome: 'incomplete',
      cause: undefined,
    };
    this.attempts.push(this.#open);
    this.#phase = 'execute';
  }

  #end(): void {
    if (this.#open !== undefined) this.#open.to_ns = this.#at_ns;
    this.#open = undefined;
    this.#phase = 'engine';
    this.#about = NONE;
  }

  #undo(cause: string, transaction: number): void {
    const abort = { core: this.#core, at_ns: this.#at_ns, transaction, cause };
    this.aborts.push(abort);
    if (this.#open === undefined) {
      this.later.push(abort);
      return;
    }
    this.#open.outcome = 'aborted';
    this.#open.cause = cause;
    this.#end();
  }
}

function number(attempts: readonly Draft<Attempt>[]): void {
  const counts = new Map<number, number>();
  for (const attempt of attempts) {
    attempt.number = (counts.get(attempt.transaction) ?? 0) + 1;
    counts.set(attempt.transaction, attempt.number);
  }
}

/** An attempt stands if nobody undid it and no other attempt at its transaction came after it. */
function decide(
  attempts: readonly Draft<Attempt>[],
  later: readonly Abort[],
  { causes, outcomes }: TraceSource,
): void {
  const byTransaction = Map.groupBy(attempts, ({ transaction }) => transaction);
  for (const { transaction, at_ns, cause } of later) {
    const undone = byTransaction
      .get(transaction)
      ?.findLast(({ outcome, to_ns }) => outcome === 'incomplete' && to_ns <= at_ns);
    if (undone === undefined) continue;
    undone.outcome = 'aborted';
    undone.cause = cause;
  }
  for (const [transaction, own] of byTransaction) {
    const last = own[own.length - 1];
    for (const attempt of own) {
      if (attempt.outcome !== 'incomplete') continue;
      if (attempt !== last) {
        attempt.outcome = 'aborted';
        if (causes.length === 1) attempt.cause = causes[0];
      } else if (outcomes[transaction] >= 0) {
        attempt.outcome = outcomes[transaction] === COMMITTED ? 'committed' : 'reverted';
      }
    }
  }
}

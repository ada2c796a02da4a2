/**
 * Where the cores of a run write what verification and the record need of each transaction. Rows are written
 * by whichever core holds the transaction, read after the last core has ended.
 *
 *   audit   row t: outcome, digest           int32, -1: never executed; UNCOMMITTED until it commits
 *   points  row t: serialization number      float64
 *   times   row t: first begin, commit, duration of the last attempt, in ns     float64, NaN: not stamped
 */
import type { Run } from './run.ts';

export class Ledger {
  readonly audit: Int32Array;
  readonly points: Float64Array;
  readonly times: Float64Array;

  /** Over shared memory if it is to be handed to worker threads. */
  constructor(transactions: number, shared: boolean) {
    const bytes = (size: number): ArrayBuffer | SharedArrayBuffer =>
      shared ? new SharedArrayBuffer(size) : new ArrayBuffer(size);
    this.audit = new Int32Array(bytes(transactions * 8));
    this.points = new Float64Array(bytes(transactions * 8));
    this.times = new Float64Array(bytes(transactions * 24));
    clearLedger(this);
  }
}

/** The arrays of a ledger; a ledger that was sent to a worker arrives as these. */
export type LedgerArrays = Pick<Ledger, 'audit' | 'points' | 'times'>;

/** The bit of an outcome that says that the transaction has executed, but not committed. */
export const UNCOMMITTED = 2;

export const FIRST_BEGIN = 0;
export const COMMIT = 1;
export const LAST_ATTEMPT = 2;

export function clearLedger(ledger: LedgerArrays): void {
  ledger.audit.fill(-1);
  ledger.points.fill(Number.NaN);
  ledger.times.fill(Number.NaN);
}

/** The ledger's part of a run. */
export function readLedger({
  audit,
  points,
  times,
}: LedgerArrays): Pick<Run, 'outcomes' | 'digests' | 'points' | 'useful_ns' | 'latency_ns'> {
  const transactions = points.length;
  const [outcomes, digests] = [new Int32Array(transactions), new Int32Array(transactions)];
  const [useful_ns, latency_ns] = [new Float64Array(transactions), new Float64Array(transactions)];
  for (let t = 0; t < transactions; t++) {
    outcomes[t] = audit[2 * t] & UNCOMMITTED ? -1 : audit[2 * t];
    digests[t] = audit[2 * t + 1];
    useful_ns[t] = times[3 * t + LAST_ATTEMPT];
    latency_ns[t] = times[3 * t + COMMIT] - times[3 * t + FIRST_BEGIN];
  }
  return { outcomes, digests, points: points.slice(), useful_ns, latency_ns };
}

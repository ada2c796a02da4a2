/**
 * A trace in the Trace Event Format, which Perfetto (ui.perfetto.dev) and chrome://tracing open.
 *
 *   M  names of the process (the run) and of its threads (the cores)
 *   X  an attempt, with its slices nested in it; what is outside of attempts stands by itself
 *   s  t  f  the flow from each attempt at a transaction to the next one
 *   i  an abort, on the core that decided it
 *
 * Times are whole nanoseconds, written in microseconds as the format wants them: each boundary is rounded once, so
 * slices still touch and nest.
 *
 * Source   Trace Event Format (Google, 2016); for what Perfetto makes of it its JSON importer: slices of a thread must
 *          nest, and a flow event belongs to the slice that was opened last before it.
 */
import { NONE, type Trace } from '../../machine/trace.ts';

export interface TraceEvent {
  readonly ph: 'M' | 'X' | 's' | 't' | 'f' | 'i';
  readonly name: string;
  readonly cat?: string;
  readonly pid: number;
  readonly tid: number;
  /** In microseconds. */
  readonly ts?: number;
  readonly dur?: number;
  readonly id?: number;
  /** Of the end of a flow: it belongs to the slice around it, not to the next one. */
  readonly bp?: 'e';
  /** Of an instant: it concerns its thread. */
  readonly s?: 't';
  readonly args?: Readonly<Record<string, unknown>>;
}

/** Not 0, which Perfetto takes for the kernel's idle task. */
const PID = 1;

/**
 * The file's content.
 * @param about what ran; shown as the process' name
 * @param data kept beside the events
 */
export function traceFile(trace: Trace, about: string, data: Readonly<Record<string, unknown>>): string {
  const events = traceEvents(trace, about).map((event) => JSON.stringify(event));
  const rest = JSON.stringify({ displayTimeUnit: 'ns', otherData: data }).slice(1);
  return `{"traceEvents":[\n${events.join(',\n')}\n],${rest}\n`;
}

export function traceEvents(trace: Trace, about: string): TraceEvent[] {
  const cores = trace.slices.length;
  const digits = `${cores - 1}`.length;
  const names = trace.slices.flatMap((_, core): TraceEvent[] => {
    const thread = { ph: 'M', pid: PID, tid: core + 1 } as const;
    // Padded, since viewers sort by name.
    const name = `core ${`${core}`.padStart(digits, '0')}`;
    return [
      { ...thread, name: 'thread_name', args: { name } },
      { ...thread, name: 'thread_sort_index', args: { sort_index: core } },
    ];
  });
  const process: TraceEvent = { ph: 'M', pid: PID, tid: 1, name: 'process_name', args: { name: about } };
  return [process, ...names, ...trace.slices.flatMap((_, core) => coreEvents(trace, core))];
}

/** An event, and its place among those of the same time on its core: what ends, what encloses, what is enclosed. */
type Placed = readonly [ts: number, rank: 0 | 1 | 2 | 3, event: TraceEvent];

function coreEvents(trace: Trace, core: number): TraceEvent[] {
  const placed = [...abortEvents(trace, core), ...attemptEvents(trace, core), ...sliceEvents(trace, core)];
  placed.sort(([ts, rank], [otherTs, otherRank]) => ts - otherTs || rank - otherRank);
  return placed.map(([, , event]) => event);
}

function abortEvents({ aborts }: Trace, core: number): Placed[] {
  return aborts
    .filter((abort) => abort.core === core)
    .map(({ at_ns, cause, transaction }) => {
      const ts = microseconds(at_ns);
      const args = { cause, ...(transaction === NONE ? {} : { transaction }) };
      const event = { ph: 'i', name: `abort: ${cause}`, cat: 'abort', s: 't' } as const;
      return [ts, 0, { ...event, pid: PID, tid: core + 1, ts, args }];
    });
}

function attemptEvents({ attempts }: Trace, core: number): Placed[] {
  const counts = new Map<number, number>();
  for (const { transaction, number } of attempts) counts.set(transaction, number);
  return attempts
    .filter((attempt) => attempt.core === core)
    .flatMap(({ cause, from_ns, number, outcome, to_ns, transaction }): Placed[] => {
      const ts = microseconds(from_ns);
      const place = { pid: PID, tid: core + 1, ts };
      const args = { transaction, attempt: number, outcome, ...(cause === undefined ? {} : { cause }) };
      const name =
        outcome === 'aborted' ? `transaction ${transaction}, aborted` : `transaction ${transaction}`;
      const slice: TraceEvent = {
        ph: 'X',
        name,
        cat: 'attempt',
        ...place,
        dur: between(from_ns, to_ns),
        args,
      };
      const count = counts.get(transaction) ?? 1;
      if (count === 1) return [[ts, 1, slice]];
      const link = number === 1 ? 's' : number === count ? 'f' : 't';
      const flow: TraceEvent = {
        ph: link,
        name: 're-execution',
        cat: 're-execution',
        id: transaction + 1,
        ...place,
      };
      return [
        [ts, 1, slice],
        [ts, 2, link === 'f' ? { ...flow, bp: 'e' } : flow],
      ];
    });
}

function sliceEvents({ slices }: Trace, core: number): Placed[] {
  return slices[core]
    .map(({ activity, from_ns, to_ns, transaction }): Placed => {
      const ts = microseconds(from_ns);
      const args = transaction === NONE ? {} : { args: { transaction } };
      const dur = between(from_ns, to_ns);
      return [ts, 3, { ph: 'X', name: activity, cat: 'activity', pid: PID, tid: core + 1, ts, dur, ...args }];
    })
    .filter(([, , { dur }]) => dur !== 0);
}

/**
 * Whole nanoseconds in microseconds. Readers multiply by 1000 and cut off what is behind the point, and 1.001 * 1000 is
 * a little less than 1001: then the next number is written instead.
 */
function microseconds(time_ns: number): number {
  const whole_ns = Math.round(time_ns);
  const time_us = whole_ns / 1000;
  return Math.trunc(time_us * 1000) === whole_ns ? time_us : time_us * (1 + Number.EPSILON);
}

/** The difference of the rounded boundaries, in microseconds. */
function between(from_ns: number, to_ns: number): number {
  return microseconds(Math.round(to_ns) - Math.round(from_ns));
}

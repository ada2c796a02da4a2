/**
 * Trace events, read again as a viewer reads them: this reader knows the format, and nothing of the writer. It takes
 * times as Perfetto does, by multiplying and cutting off; keeps a stack of open slices a thread; and lets a flow event
 * belong to the slice that was opened last.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { algorithms } from '../../../algorithms/index.ts';
import type { Trace } from '../../../harness/machine/trace.ts';
import { traceFile } from '../../../harness/report/timeline/trace-events.ts';
import { traced } from './traces.ts';

interface ReadSlice {
  readonly name: string;
  readonly cat: string;
  readonly from_ns: number;
  readonly to_ns: number;
  readonly depth: number;
  readonly args: Record<string, unknown>;
  readonly parent: ReadSlice | undefined;
  children: number;
}

interface ReadThread {
  name: string;
  readonly slices: ReadSlice[];
  readonly instants: { name: string; at_ns: number; args: Record<string, unknown> }[];
}

interface Read {
  process: string;
  readonly threads: Map<number, ReadThread>;
  /** By id: the slices that the flow goes through, in the order of the file. */
  readonly flows: Map<number, { phase: string; slice: ReadSlice; at_ns: number }[]>;
}

type Event = Record<string, unknown> & { ph: string; name: string; tid: number; args: never };

function nanoseconds(time_us: unknown): number {
  if (typeof time_us !== 'number' || time_us < 0) throw new Error(`no time: ${time_us}`);
  return Math.trunc(time_us * 1000);
}

function read(file: string): Read {
  const { displayTimeUnit, traceEvents } = JSON.parse(file);
  if (displayTimeUnit !== 'ns') throw new Error('times are shown in milliseconds');
  const result: Read = { process: '', threads: new Map(), flows: new Map() };
  const open = new Map<number, ReadSlice[]>();
  const sorted = (traceEvents as Event[]).toSorted(
    (a, b) => Number(a.ph !== 'M') - Number(b.ph !== 'M') || (Number(a.ts) || 0) - (Number(b.ts) || 0),
  );
  for (const event of sorted) {
    if (event.pid !== 1 || !Number.isInteger(event.tid)) throw new Error('whose is it?');
    if (!result.threads.has(event.tid)) result.threads.set(event.tid, { name: '', slices: [], instants: [] });
    const thread = result.threads.get(event.tid) as ReadThread;
    if (event.ph === 'M') {
      if (event.name === 'process_name') result.process = (event.args as { name: string }).name;
      if (event.name === 'thread_name') thread.name = (event.args as { name: string }).name;
      continue;
    }
    const at_ns = nanoseconds(event.ts);
    // A slice ends where the next one begins; flow events end nothing.
    const stack = (open.get(event.tid) ?? []).filter(
      ({ to_ns }) => to_ns > at_ns || 'stf'.includes(event.ph),
    );
    open.set(event.tid, stack);
    const top = stack.at(-1);
    if (event.ph === 'X') {
      const to_ns = at_ns + nanoseconds(event.dur);
      if (top && top.to_ns < to_ns) throw new Error(`${event.name} at ${at_ns} outlives ${top.name}`);
      const slice = {
        name: event.name,
        cat: `${event.cat}`,
        from_ns: at_ns,
        to_ns,
        depth: stack.length,
        args: event.args ?? {},
        parent: top,
        children: 0,
      };
      if (top) top.children++;
      stack.push(slice);
      thread.slices.push(slice);
    } else if (event.ph === 'i') {
      if (event.s !== 't') throw new Error('an instant of nobody');
      thread.instants.push({ name: event.name, at_ns, args: event.args });
    } else if ('stf'.includes(event.ph)) {
      if (top === undefined) throw new Error('a flow event outside of all slices');
      if (event.ph === 'f' && event.bp !== 'e') throw new Error('it would belong to the next slice');
      const id = event.id as number;
      result.flows.set(id, [...(result.flows.get(id) ?? []), { phase: event.ph, slice: top, at_ns }]);
    } else throw new Error(`unknown phase ${event.ph}`);
  }
  return result;
}

function expectSame(trace: Trace, { flows, threads }: Read): void {
  const makespan_ns = Math.round(trace.makespan_ns);
  expect(threads.size).toBe(trace.slices.length);
  for (const [tid, { instants, slices }] of threads) {
    const activities = slices.filter(({ cat }) => cat === 'activity');
    // The activities of a core are leaves that follow each other without a gap, so they sum to the makespan.
    let at_ns = 0;
    for (const { children, from_ns, to_ns } of activities) {
      expect([from_ns, children]).toEqual([at_ns, 0]);
      at_ns = to_ns;
    }
    expect(at_ns).toBe(makespan_ns);
    const attempts = slices.filter(({ cat }) => cat === 'attempt');
    const own = trace.attempts.filter(({ core }) => core === tid - 1);
    expect(attempts.map(({ args, depth, from_ns }) => [depth, from_ns, args.transaction])).toEqual(
      own.map(({ from_ns, transaction }) => [0, Math.round(from_ns), transaction]),
    );
    for (const { args, parent } of activities) {
      if (parent) expect(args.transaction).toBe(parent.args.transaction);
    }
    expect(instants.map(({ at_ns, name }) => [at_ns, name]).sort()).toEqual(
      trace.aborts
        .filter(({ core }) => core === tid - 1)
        .map(({ at_ns, cause }) => [Math.round(at_ns), `abort: ${cause}`])
        .sort(),
    );
  }
  const retried = Map.groupBy(trace.attempts, ({ transaction }) => transaction);
  for (const [transaction, own] of retried) {
    const flow = flows.get(transaction + 1) ?? [];
    if (own.length === 1) expect(flow).toEqual([]);
    else {
      expect(flow.map(({ phase }) => phase).join('')).toBe(`s${'t'.repeat(own.length - 2)}f`);
      expect(flow.map(({ slice }) => [slice.args.transaction, slice.args.attempt])).toEqual(
        own.map(({ number }) => [transaction, number]),
      );
      const times = flow.map(({ at_ns }) => at_ns);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
    }
  }
  expect([...flows.keys()].every((id) => (retried.get(id - 1)?.length ?? 0) > 1)).toBe(true);
}

describe('a reader of trace events finds in the file what is in the trace', () => {
  test.each(Object.keys(algorithms))('%s', async (algorithm) => {
    const trace = await traced({ algorithm });
    expectSame(trace, read(traceFile(trace, 'a run', {})));
  });

  test('whatever the times are: fractions, large ones, and those that do not survive a multiplication', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          algorithm: fc.constantFrom('block-stm', '2pl', 'silo'),
          cores: fc.integer({ min: 1, max: 6 }),
          seed: fc.integer({ min: 1, max: 1000 }),
          hit_ns: fc.double({ min: 0.01, max: 40, noNaN: true }),
          block_ns: fc.integer({ min: 0, max: 1e12 }),
        }),
        async ({ hit_ns, block_ns, ...wanted }) => {
          const trace = await traced({ ...wanted, transactions: 12, model: { hit_ns, block_ns } });
          expectSame(trace, read(traceFile(trace, 'a run', {})));
        },
      ),
      { numRuns: 30, seed: 6 },
    );
  });
});

test('the file says what ran; names need no care, since JSON quotes them', async () => {
  const trace = await traced({ algorithm: 'silo', cores: 11, transactions: 5 });
  const about = 'a "run" of </script> & <b>';
  const file = traceFile(trace, about, { command: 'contend', verdict: 'valid' });
  expect(JSON.parse(file).otherData).toEqual({ command: 'contend', verdict: 'valid' });
  const { process, threads } = read(file);
  expect(process).toBe(about);
  expect([...threads.values()].map(({ name }) => name).sort()).toEqual(
    ['00', '01', '02', '03', '04', '05', '06', '07', '08', '09', '10'].map((core) => `core ${core}`),
  );
});

test('an aborted attempt says why, and the abort shows on the core that decided it', async () => {
  const trace = await traced({ algorithm: 'block-stm', accounts: 2 });
  const { threads } = read(traceFile(trace, 'a run', {}));
  const attempts = [...threads.values()].flatMap(({ slices }) =>
    slices.filter(({ cat }) => cat === 'attempt'),
  );
  const aborted = attempts.filter(({ args }) => args.outcome === 'aborted');
  expect(aborted.length).toBeGreaterThan(10);
  for (const { args, name } of aborted) {
    expect(name).toBe(`transaction ${args.transaction}, aborted`);
    expect(['dependency', 'validation']).toContain(args.cause);
  }
  const instants = [...threads.values()].flatMap(({ instants }) => instants);
  expect(instants.length).toBe(aborted.length);
});

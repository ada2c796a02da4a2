import { describe, expect, test } from 'vitest';
import type { Core, Memory, Steps, Values, Words } from '../../../harness/machine/machine.ts';
import { SimulatedMemory } from '../../../harness/machine/simulated/memory.ts';
import { run } from './program.ts';

/** Runs one core over three words "w" that are 10, 20 and 30; returns what it returns. */
function over<T>(body: (w: Words, core: Core) => Steps<T>, layout: 'packed' | 'padded' = 'packed'): T {
  const results: T[] = [];
  run(1, (memory) => {
    const w = memory.words('w', 3, layout);
    for (let i = 0; i < 3; i++) w.poke(i, 10 * (i + 1));
    return function* (core) {
      results.push(yield* body(w, core));
    };
  });
  return results[0];
}

const all = (w: { peek(index: number): number }): number[] => [w.peek(0), w.peek(1), w.peek(2)];

describe.each(['packed', 'padded'] as const)('%s words', (layout) => {
  test('each operation changes its word alone and returns the value before', () => {
    const seen = over(function* (w) {
      const load = yield* w.load(1);
      yield* w.store(1, 21);
      const add = yield* w.add(0, -3);
      const exchange = yield* w.exchange(2, 33);
      const failed = yield* w.compareExchange(2, 30, 1);
      const succeeded = yield* w.compareExchange(1, 21, 22);
      return { load, add, exchange, failed, succeeded, all: all(w) };
    }, layout);
    expect(seen).toEqual({
      load: 20,
      add: 10,
      exchange: 30,
      failed: 33,
      succeeded: 21,
      all: [7, 22, 33],
    });
  });

  test('are 32-bit integers that wrap, as Atomics have it', () => {
    const real = new Int32Array(2);
    Atomics.store(real, 0, 2 ** 31 - 1);
    Atomics.add(real, 0, 2);
    Atomics.store(real, 1, 1.9);
    const seen = over(function* (w) {
      yield* w.store(0, 2 ** 31 - 1);
      yield* w.add(0, 2);
      yield* w.store(1, 1.9);
      return all(w);
    }, layout);
    expect(seen.slice(0, 2)).toEqual([...real]);
  });

  test('compare as Atomics do: the expected value is an integer of 32 bits as well', () => {
    const real = new Int32Array([-(2 ** 31)]);
    expect(Atomics.compareExchange(real, 0, 2 ** 31, 5)).toBe(-(2 ** 31));
    const seen = over(function* (w) {
      yield* w.store(0, 2 ** 31);
      yield* w.compareExchange(0, 2 ** 31, 5);
      return yield* w.load(0);
    }, layout);
    expect(seen).toBe(real[0]);
  });

  test.each([3, -1, 0.5, Number.NaN, undefined as unknown as number])(
    'index %s lies outside, for every operation',
    (index) => {
      const operations: ((w: Words) => unknown)[] = [
        (w) => w.load(index),
        (w) => w.store(index, 1),
        (w) => w.add(index, 1),
        (w) => w.exchange(index, 1),
        (w) => w.compareExchange(index, 1, 1),
        (w) => w.wake(index),
        (w) => [...w.waitWhile(index, 1)],
        (w) => w.peek(index),
        (w) => w.poke(index, 1),
      ];
      for (const operation of operations) {
        const attempt = (): void =>
          over(function* (w) {
            operation(w);
          }, layout);
        expect(attempt, String(operation)).toThrow(RangeError);
        expect(attempt).toThrow(`w[${index}] lies outside its region of 3`);
      }
    },
  );
});

test('values hold float64 numbers, and name their region when an index lies outside', () => {
  run(1, (memory) => {
    const v = memory.values('v', 3);
    v.poke(1, 0.1);
    return function* () {
      expect(yield* v.load(1)).toBe(0.1);
      yield* v.store(2, 2 ** 53);
      expect(all(v)).toEqual([0, 0.1, 2 ** 53]);
      expect(() => v.load(3)).toThrow(new RangeError('v[3] lies outside its region of 3'));
      expect(() => v.peek(-1)).toThrow(new RangeError('v[-1] lies outside its region of 3'));
    };
  });
});

describe('records', () => {
  const FIELDS = { low: 'word', value: 'value', row: ['words', 5], high: 'word' } as const;

  test.each(['packed', 'padded'] as const)(
    '%s: every field of every record is a place of its own',
    (layout) => {
      const { low, value, row, high } = new SimulatedMemory().records('r', 40, FIELDS, layout);
      const fields: (Words | Values)[] = [low, value, ...row, high];
      expect(fields.map(({ name }) => name)).toEqual([
        ...['r.low', 'r.value', 'r.row.0', 'r.row.1', 'r.row.2', 'r.row.3', 'r.row.4', 'r.high'],
      ]);
      let next = 1;
      for (let i = 0; i < 40; i++) for (const field of fields) field.poke(i, next++);
      next = 1;
      for (let i = 0; i < 40; i++) for (const field of fields) expect(field.peek(i)).toBe(next++);
    },
  );

  test('the first access fetches the record, and the next record lies on another line', () => {
    run(1, (memory) => {
      const { low, value, row, high } = memory.records('r', 2, FIELDS, 'padded');
      return function* (core) {
        yield* high.load(0);
        expect(core.now()).toBe(10_000);
        yield* low.load(0);
        yield* value.load(0);
        yield* row[4].load(0);
        expect(core.now()).toBe(10_003);
        yield* low.load(1);
        expect(core.now()).toBe(20_003);
      };
    });
  });

  test('a line has 16 packed words, or 8 values, or one padded element, and regions share none', () => {
    const lines = (allocate: (memory: Memory) => Words | Values): number => {
      let misses = 0;
      run(1, (memory) => {
        const view = allocate(memory);
        return function* (core) {
          for (let i = 0; i < view.length; i++) {
            const before = core.now();
            yield* view.load(i);
            misses += Number(core.now() - before === 10_000);
          }
        };
      });
      return misses;
    };
    expect(lines((memory) => memory.words('w', 33))).toBe(3);
    expect(lines((memory) => memory.values('v', 17))).toBe(3);
    expect(lines((memory) => memory.words('w', 5, 'padded'))).toBe(5);
    expect(lines((memory) => memory.values('v', 5, 'padded'))).toBe(5);
    run(1, (memory) => {
      const a = memory.words('a', 1);
      const b = memory.words('b', 1);
      return function* (core) {
        yield* a.load(0);
        yield* b.load(0);
        expect(core.now()).toBe(20_000);
      };
    });
  });

  test('are allocated before the run, so many as a whole number says', () => {
    expect(() => new SimulatedMemory().words('w', 1.5)).toThrow(
      'a shared region has a whole number of elements: "w" cannot have 1.5',
    );
    expect(() =>
      run(
        1,
        (memory) =>
          function* () {
            memory.words('late', 1);
          },
      ),
    ).toThrow('"late" is allocated during a run; allocate it when the algorithm is created');
  });
});

describe('an access without its yield* is an error', () => {
  const forgotten: [string, (w: Words) => void][] = [
    ['a load', (w) => w.load(0)],
    ['a store', (w) => w.store(0, 1)],
    ['a wake', (w) => w.wake(0)],
    ['a wait', (w) => w.waitWhile(0, 1)],
  ];
  test.each(forgotten)('%s before another access', (_, forget) => {
    const attempt = (): unknown =>
      over(function* (w) {
        forget(w);
        yield* w.load(2);
      });
    expect(attempt).toThrow('an access before w[2] lacks its yield*');
  });

  test.each(forgotten)('%s before a pause', (_, forget) => {
    const attempt = (): unknown =>
      over(function* (w, core) {
        forget(w);
        yield* core.pause();
      });
    expect(attempt).toThrow('an access before a pause lacks its yield*');
  });

  test.each(forgotten)('%s at the end of the run', (_, forget) => {
    const attempt = (): unknown =>
      over(function* (w) {
        yield* w.load(2);
        forget(w);
      });
    expect(attempt).toThrow('core 0: its last access, to w[0], lacks its yield*');
  });

  test('a pause at the end of the run', () => {
    const attempt = (): unknown =>
      over(function* (_, core) {
        core.pause();
      });
    expect(attempt).toThrow('core 0: its last pause lacks its yield*');
  });
});

import { describe, expect, it } from 'vitest';
import { type Erased, LINE_BYTES, type Values, type Words } from '../../../harness/machine/machine.ts';
import { Memory } from '../../../harness/machine/threads/memory.ts';

/** What generator code sees of a view once it is erased. */
const words = (view: Words): Erased<Words> => view as unknown as Erased<Words>;
const values = (view: Values): Erased<Values> => view as unknown as Erased<Values>;

describe('words', () => {
  it.each(['packed', 'padded'] as const)(
    'load, store, add, exchange and compare-exchange when %s',
    (layout) => {
      const memory = new Memory();
      const view = words(memory.words('w', 3, layout));
      expect([view.name, view.length]).toEqual(['w', 3]);
      expect(view.load(1)).toBe(0);
      view.store(1, 5);
      expect(view.add(1, -7)).toBe(5);
      expect(view.exchange(1, 9)).toBe(-2);
      expect(view.compareExchange(1, 8, 1)).toBe(9);
      expect(view.load(1)).toBe(9);
      expect(view.compareExchange(1, 9, 1)).toBe(9);
      expect([0, 1, 2].map((i) => view.peek(i))).toEqual([0, 1, 0]);
      view.poke(2, 4);
      expect(view.load(2)).toBe(4);
    },
  );

  it('are 32-bit integers', () => {
    const view = words(new Memory().words('w', 1));
    view.store(0, 2 ** 31 - 1);
    view.add(0, 1);
    expect(view.load(0)).toBe(-(2 ** 31));
  });

  it('refuse to change a word outside of their region', () => {
    const memory = new Memory();
    const view = words(memory.words('w', 3));
    memory.words('next', 100);
    expect(() => view.store(3, 1)).toThrow(RangeError);
    expect(() => view.add(-1, 1)).toThrow(RangeError);
  });

  it('are waited for no longer than the timeout, and not at all if they differ', () => {
    const view = words(new Memory().words('w', 1));
    const start = performance.now();
    expect(view.waitWhile(0, 0, 5e6)).toBe(false);
    expect(performance.now() - start).toBeGreaterThanOrEqual(5);
    expect(view.waitWhile(0, 1)).toBe(true);
    expect(view.waitWhile(0, 0, 0)).toBe(false);
  });

  it('account for the time that a core waits, and count it as asleep only meanwhile', () => {
    const memory = new Memory();
    const view = words(memory.words('w', 1));
    const waits: number[] = [];
    const sleepers = new Int32Array(memory.image().buffer, 0, 1);
    memory.parking.account = (duration_ns) => {
      waits.push(duration_ns);
      expect(sleepers[0]).toBe(0);
    };
    view.waitWhile(0, 1);
    expect(waits).toEqual([]);
    view.waitWhile(0, 0, 2e6);
    expect(waits).toEqual([expect.any(Number)]);
    expect(waits[0]).toBeGreaterThanOrEqual(2e6);
  });
});

describe('values', () => {
  it.each(['packed', 'padded'] as const)('hold float64 numbers when %s', (layout) => {
    const view = values(new Memory().values('v', 3, layout));
    view.store(2, 2 ** 53 - 1);
    view.poke(0, 0.1);
    expect([0, 1, 2].map((i) => view.load(i))).toEqual([0.1, 0, 2 ** 53 - 1]);
    expect([0, 1, 2].map((i) => view.peek(i))).toEqual([0.1, 0, 2 ** 53 - 1]);
  });
});

describe('records', () => {
  const fields = { flag: 'word', amount: 'value', slots: ['words', 3], last: 'word' } as const;

  it.each(['packed', 'padded'] as const)('keep each field of each record apart when %s', (layout) => {
    const views = new Memory().records('r', 4, fields, layout);
    const all = [views.flag, ...views.slots, views.last];
    for (let i = 0; i < 4; i++) {
      all.forEach((view, field) => {
        view.poke(i, 10 * i + field);
      });
      views.amount.poke(i, i + 0.5);
    }
    for (let i = 0; i < 4; i++) {
      expect(all.map((view) => view.peek(i))).toEqual([0, 1, 2, 3, 4].map((field) => 10 * i + field));
      expect(views.amount.peek(i)).toBe(i + 0.5);
    }
    expect(all.map(({ name }) => name)).toEqual(['r.flag', 'r.slots.0', 'r.slots.1', 'r.slots.2', 'r.last']);
  });

  it('have their fields on one line, and lines of their own if padded', () => {
    const memory = new Memory();
    memory.records('packed', 3, fields);
    const { last, amount } = memory.records('padded', 3, fields, 'padded');
    const { buffer, regions } = memory.image();
    last.poke(2, 77);
    amount.poke(1, 1);
    const ints = new Int32Array(buffer, regions[1].from, regions[1].bytes / 4);
    expect(regions.map(({ bytes }) => bytes)).toEqual([3 * 32, 3 * LINE_BYTES]);
    expect(Math.floor((ints.indexOf(77) * 4) / LINE_BYTES)).toBe(2);
    expect(new Float64Array(buffer, regions[1].from + LINE_BYTES, 1)[0]).toBe(1);
  });
});

describe('a memory', () => {
  it('starts each region on a line of its own, also after it grew', () => {
    const memory = new Memory();
    const first = memory.words('first', 3);
    first.poke(2, 6);
    memory.values('large', 100_000);
    memory.words('empty', 0);
    const last = memory.words('last', 17);
    last.poke(16, 7);
    const { buffer, regions } = memory.image();
    let end = LINE_BYTES;
    for (const { from, bytes } of regions) {
      expect(from % LINE_BYTES).toBe(0);
      expect(from).toBeGreaterThanOrEqual(end);
      end = from + bytes;
    }
    expect(buffer.byteLength).toBeGreaterThanOrEqual(end);
    expect([first.peek(2), last.peek(16)]).toEqual([6, 7]);
    const attached = new Memory(memory.image());
    expect(attached.words('first', 3).peek(2)).toBe(6);
  });

  it('is cleared as a whole', () => {
    const memory = new Memory();
    const some = memory.words('some', 1000);
    const more = memory.values('more', 50_000);
    some.poke(999, 1);
    more.poke(49_999, 1);
    memory.clear();
    expect([some.peek(999), more.peek(49_999)]).toEqual([0, 0]);
  });

  const allocated = (): Memory => {
    const memory = new Memory();
    memory.words('lock', 4, 'padded');
    memory.records('node', 8, { at: 'value', slots: ['words', 2] });
    return memory;
  };

  it('is attached to by the same calls in the same order', () => {
    const memory = allocated();
    const attached = new Memory(memory.image());
    attached.words('lock', 4, 'padded').poke(3, 8);
    expect(words(new Memory(memory.image()).words('lock', 4, 'padded')).load(3)).toBe(8);
  });

  it.each([
    ['name', (memory: Memory) => memory.words('latch', 4, 'padded'), 'padded "latch"[4] {word: word}'],
    ['length', (memory: Memory) => memory.words('lock', 5, 'padded'), 'padded "lock"[5] {word: word}'],
    ['layout', (memory: Memory) => memory.words('lock', 4), 'packed "lock"[4] {word: word}'],
    ['kind', (memory: Memory) => memory.values('lock', 4, 'padded'), 'padded "lock"[4] {value: value}'],
  ])('refuses to attach a region of another %s, and names both', (_what, call, description) => {
    expect(() => call(new Memory(allocated().image()))).toThrow(
      `shared region 0 does not agree: allocated was padded "lock"[4] {word: word}, attached is ${description}`,
    );
  });

  it('refuses to attach more than was allocated', () => {
    const attached = new Memory(allocated().image());
    attached.words('lock', 4, 'padded');
    attached.records('node', 8, { at: 'value', slots: ['words', 2] });
    expect(() => attached.words('extra', 1)).toThrow('allocated was nothing, attached is packed "extra"[1]');
  });

  it.each([-1, 1.5, Number.NaN])('refuses a region of %d elements', (length) => {
    expect(() => new Memory().words('w', length)).toThrow(`"w" cannot have ${length}`);
  });

  it('refuses what cannot be had', () => {
    expect(() => new Memory().values('huge', 2 ** 29)).toThrow(
      'shared memory ends at 4 GiB: no room for packed "huge"',
    );
  });
});

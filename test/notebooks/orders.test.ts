/** What a page hears of its worker: of the latest order alone, and of another worker where one does not answer. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Ordered, Orders, type Start } from '../../notebooks/live/orders.ts';
import type { Answer, Numbered, Order } from '../../notebooks/live/protocol.ts';

/** A worker that says what it is told to. */
class Played implements Ordered {
  readonly #hear: Parameters<Start>[0];
  readonly orders: Numbered<Order>[] = [];
  isEnded = false;

  constructor(hear: Parameters<Start>[0]) {
    this.#hear = hear;
  }

  postMessage(order: Numbered<Order>): void {
    this.orders.push(order);
  }

  terminate(): void {
    this.isEnded = true;
  }

  /** An answer to the order that it was given last, or to one before. */
  say(kind: 'begun' | 'point' | 'end', back = 0): void {
    const { number } = this.orders[this.orders.length - 1 - back];
    this.#hear({ kind, number } as Numbered<Answer>);
  }
}

const ORDER: Order = { kind: 'catalogue' };
/** Longer than any time that Orders waits. */
const LONG_MS = 10_000;

describe('orders', () => {
  let made: Played[];
  let orders: Orders;
  beforeEach(() => {
    vi.useFakeTimers();
    made = [];
    orders = new Orders((hear) => {
      const worker = new Played(hear);
      made.push(worker);
      return worker;
    });
  });
  afterEach(() => vi.useRealTimers());

  test('of a control that moves only the last place is ordered', () => {
    for (let move = 0; move < 5; move++) orders.give(ORDER, () => {})();
    orders.give(ORDER, () => {});
    vi.advanceTimersByTime(LONG_MS);
    expect(made[0].orders).toHaveLength(1);
  });

  test('a stale order is not heard, and goes on in no other worker', () => {
    const heard: string[] = [];
    const stop = orders.give(ORDER, ({ kind }) => heard.push(`first ${kind}`));
    vi.advanceTimersByTime(LONG_MS);
    made[0].say('begun');
    made[0].say('point');
    stop();
    made[0].say('point');
    orders.give(ORDER, ({ kind }) => heard.push(`second ${kind}`));
    vi.advanceTimersByTime(50);
    made[0].say('point', 1);
    made[0].say('begun');
    vi.advanceTimersByTime(LONG_MS);
    made[0].say('point', 1);
    made[0].say('point');
    made[0].say('end');
    expect(heard).toEqual(['first point', 'second point', 'second end']);
    expect(made[0].isEnded).toBe(false);
  });

  test('a worker amid a long trial is given up for another, which stands ready once a sweep has ended', () => {
    const heard: string[] = [];
    orders.give(ORDER, () => {});
    vi.advanceTimersByTime(LONG_MS);
    made[0].say('begun');
    made[0].say('end');
    expect(made).toHaveLength(2);
    const stop = orders.give(ORDER, () => {});
    vi.advanceTimersByTime(LONG_MS);
    made[0].say('begun');
    stop();
    orders.give(ORDER, ({ kind }) => heard.push(kind));
    vi.advanceTimersByTime(LONG_MS);
    expect(made[0].isEnded).toBe(true);
    made[1].say('begun');
    made[1].say('point');
    expect(heard).toEqual(['point']);
    expect(made).toHaveLength(2);
  });

  test('a worker that has not started yet is waited for', () => {
    orders.give(ORDER, () => {});
    vi.advanceTimersByTime(LONG_MS);
    expect(made).toHaveLength(1);
    expect(made[0].isEnded).toBe(false);
  });
});

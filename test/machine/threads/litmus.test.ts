/**
 * On real threads words are sequentially consistent, also where a load is a plain one: neither the processor
 * nor the compiler moves it or merges it with another. The programs run long enough to be compiled to the end.
 */
import { expect, test } from 'vitest';
import { fixture, setupFor, withSession } from './fixtures/sessions.ts';

test('a value between two loads of the same even sequence is of that sequence', async () => {
  const setup = setupFor(await fixture('litmus'), { program: 'sequence lock', rounds: 3_000_000 }, 2);
  const { state } = await withSession(setup, (session) => session.run(0));
  expect(state[0]).toBe(0);
  expect(state[1]).toBeGreaterThan(10);
});

test('of two cores that store and then load, one sees the other', async () => {
  const setup = setupFor(await fixture('litmus'), { program: 'store buffering', rounds: 300_000 }, 2);
  const { state } = await withSession(setup, async (session) => {
    await session.run(0);
    return session.run(1);
  });
  expect(state[0]).toBe(0);
  expect(state[1]).toBeGreaterThan(0);
});

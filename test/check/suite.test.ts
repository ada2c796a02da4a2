/** The conformance suite finds what it is there for: each law is broken once, and the failure names it. */
import { expect, test } from 'vitest';
import type { Algorithm } from '../../algorithms/algorithm.ts';
import { z } from '../../algorithms/algorithm.ts';
import uncontrolled from '../../algorithms/uncontrolled.ts';
import { faultsOf } from '../../harness/check/checks/declaration.ts';
import { edges } from '../../harness/check/checks/edges.ts';
import { realThreads } from '../../harness/check/checks/real-threads.ts';
import type { CheckResult } from '../../harness/check/result.ts';
import { checkAlgorithm } from '../../harness/check/suite.ts';
import type { Loaded } from '../../harness/machine/job.ts';
import { loadAlgorithm } from '../../harness/machine/load.ts';
import { idler, liar, loaded, miracle, modest, moody, sleeper, undeclared } from './broken.ts';

const EFFORT = { runs: 100, seed: 1, repetitions: 0 };

async function checked(algorithm: Loaded<Algorithm>): Promise<Record<string, CheckResult>> {
  const results: Record<string, CheckResult> = {};
  for await (const result of checkAlgorithm(algorithm, EFFORT)) results[result.check] = result;
  return results;
}

const failing = (results: Record<string, CheckResult>): Record<string, string> =>
  Object.fromEntries(
    Object.values(results).flatMap(({ check, failures }) =>
      failures.map(({ finding }) => [check, finding.name]),
    ),
  );

test('a sound algorithm passes every check', async () => {
  const results = await checked(await loadAlgorithm('sequential'));
  expect(failing(results)).toEqual({});
  expect(Object.values(results).map(({ passed, runs }) => [passed, runs])).toEqual([
    [true, 0],
    [true, 72],
    [true, 100],
    [true, 25],
    [true, 25],
    [true, 1],
    [true, 10],
  ]);
  expect(results.progress.notes).toEqual(['at the worst 1 attempts at one transaction, 1.0 on average']);
});

test('who lies about a guarantee fails, with the smallest case there is: a lost update of two transactions', async () => {
  const results = await checked(liar);
  expect(Object.keys(failing(results))).toEqual([
    'edges',
    'any schedule',
    'virtual time',
    'opacity',
    'progress',
  ]);
  const [{ configuration, finding, origin }] = results['any schedule'].failures;
  expect(finding).toMatchObject({ kind: 'invalid', name: 'G-single' });
  expect(configuration).toMatchObject({ cores: 2, transactions: 2 });
  expect(origin).toMatchObject({ kind: 'choices' });
});

test('a control passes if it is rejected, and the anomalies are told', async () => {
  const results = await checked(loaded({}, uncontrolled));
  expect(failing(results)).toEqual({});
  expect(results['any schedule'].notes[0]).toMatch(/^a control, rejected as it should be: G[-\w]+ \d+ times/);
});

test('a control that is never rejected fails', async () => {
  expect(failing(await checked(modest))).toEqual({ 'any schedule': 'never rejected' });
});

test.each([
  ['state that outlives a run', moody, 'virtual time', 'not deterministic'],
  ['work that takes no time', miracle, 'virtual time', 'faster than its bound'],
  ['attempts that were never begun', idler, 'counters', 'miscounted'],
  ['a cause that is not declared', undeclared, 'counters', 'Error'],
  ['cores that wait for ever', sleeper, 'progress', 'DeadlockError'],
])('%s: noticed', async (_, algorithm, check, name) => {
  expect(failing(await checked(algorithm))).toMatchObject({ [check]: name });
});

test('a fault is told with its place in the file', async () => {
  const throws = await loadAlgorithm(new URL('../cli/fixtures/throws.ts', import.meta.url).href);
  const { finding } = await edges.run({ algorithm: throws, options: {} }, EFFORT, () => {});
  expect(finding?.explanation).toMatch(/the fixture is at fault \(.*throws\.ts:15:13\)$/);
});

test('a fault on real threads is a failure, not an end of the suite', { timeout: 30_000 }, async () => {
  const throws = await loadAlgorithm(new URL('../cli/fixtures/throws.ts', import.meta.url).href);
  const { finding, origin } = await realThreads.run(
    { algorithm: throws, options: {} },
    { ...EFFORT, repetitions: 1 },
    () => {},
  );
  expect(finding).toMatchObject({ kind: 'error', explanation: expect.stringContaining('at fault') });
  expect(origin).toEqual({ kind: 'threads' });
});

test('an incomplete declaration ends the suite at once', async () => {
  expect(Object.keys(await checked(loaded({ summary: '' })))).toEqual(['declaration']);
});

test.each([
  [{}, []],
  [{ name: 'My Protocol' }, ['the name "My Protocol" is not of small letters, digits and hyphens']],
  [{ name: '', source: undefined }, ['name is no text', 'source is no text']],
  [{ aborts: 'validation' }, ['aborts is no list of names']],
  [{ counters: ['a', 'a'] }, ['counters has a name twice: a, a']],
  [{ create: undefined }, ['create is no function']],
  [{ opaque: 'yes' }, ['opaque is neither true nor false']],
  [{ options: {} }, ['options is no z.strictObject({ … })']],
  [{ options: z.object({}) }, ['options takes names it does not know']],
  [{ options: z.strictObject({ wait: z.int().default(1) }) }, ['option wait lacks its describe("…")']],
  [
    { options: z.strictObject({ wait: z.int().describe('nanoseconds') }) },
    [expect.stringMatching(/^option wait lacks a default that it accepts: /)],
  ],
  [{ guarantee: 'strict' }, [expect.stringContaining('guarantee is strict, which is none of block-order')]],
  [{ accessSets: 'all' }, [expect.stringContaining('accessSets is all, which is none of none')]],
  [{ guarantee: 'serializable' }, [expect.stringContaining('but the guarantee is serializable')]],
])('the declaration with %j', (changes, faults) => {
  const found = faultsOf(loaded(changes)).filter((fault) => !fault.includes('witness is'));
  expect(found).toEqual(faults.length === 0 ? [] : expect.arrayContaining(faults));
});

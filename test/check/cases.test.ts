/** What the conformance suite draws: every workload, valid and small parameters, every variant once. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { defineAlgorithm, z } from '../../algorithms/algorithm.ts';
import { configurationOf, jobOf, randomCases, variantsOf } from '../../harness/check/cases.ts';
import { MODEL } from '../../harness/check/judge.ts';
import { loadAlgorithm } from '../../harness/machine/load.ts';
import { workloads } from '../../workloads/index.ts';

const sample = fc.sample(await randomCases(2), { numRuns: 600, seed: 1 });

test('every registered workload is drawn, with each of its parameters complete and valid', () => {
  expect([...new Set(sample.map(({ workload }) => workload.reference))].sort()).toEqual(
    Object.keys(workloads),
  );
  for (const { parameters, workload } of sample) {
    expect(workload.declaration.parameters.parse(parameters)).toEqual(parameters);
  }
});

test('blocks are small and cores few, but more than one', () => {
  expect(Math.max(...sample.map(({ transactions }) => transactions))).toBe(24);
  expect(Math.min(...sample.map(({ transactions }) => transactions))).toBe(0);
  expect(new Set(sample.map(({ cores }) => cores))).toEqual(new Set([2, 3, 4, 5, 6, 7, 8]));
});

test('each choice of a parameter is drawn, and numbers near their least value', () => {
  const ycsb = sample
    .filter(({ workload }) => workload.reference === 'ycsb')
    .map(({ parameters }) => parameters);
  expect(new Set(ycsb.map(({ writes }) => writes))).toEqual(new Set(['rmw', 'blind']));
  expect(new Set(ycsb.map(({ repeats }) => repeats))).toEqual(new Set(['kept', 'dropped', 'redrawn']));
  expect(new Set(ycsb.map(({ reads }) => reads))).toEqual(new Set([0, 0.5, 1]));
  expect(Math.max(...ycsb.map(({ theta }) => Number(theta)))).toBeLessThan(1);
  const few = ycsb.filter(({ keys }) => Number(keys) <= 11).length;
  // Fewer than are drawn so: there must be a key for each partition.
  expect(few / ycsb.length).toBeGreaterThan(0.4);
});

test('variants: the defaults first, then each other choice, one at a time', async () => {
  const { declaration } = await loadAlgorithm('sequential');
  const options = z.strictObject({
    policy: z.enum(['a', 'b', 'c']).default('b'),
    eager: z.boolean().default(true),
    backoff: z.int().default(7),
  });
  const algorithm = { reference: 'x', declaration: defineAlgorithm({ ...declaration, options }) };
  expect(variantsOf(algorithm as never).map((variant) => variant.options)).toEqual([
    { policy: 'b', eager: true, backoff: 7 },
    { policy: 'a', eager: true, backoff: 7 },
    { policy: 'c', eager: true, backoff: 7 },
    { policy: 'b', eager: false, backoff: 7 },
  ]);
});

test('a case is always the same block', async () => {
  const algorithm = await loadAlgorithm('sequential');
  for (const drawn of sample.slice(0, 20)) {
    const configuration = configurationOf(drawn, { algorithm, options: {} }, MODEL);
    expect(jobOf(configuration).block).toEqual(jobOf(configuration).block);
  }
});

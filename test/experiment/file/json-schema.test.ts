/** The JSON Schema for editors: current with the registries, and of one mind with what reads the files. */
import { expect, test } from 'vitest';
import { z } from 'zod';
import { algorithms } from '../../../algorithms/index.ts';
import { jsonSchema } from '../../../harness/experiment/file/json-schema.ts';
import { models } from '../../../harness/machine/simulated/models/index.ts';
import { workloads } from '../../../workloads/index.ts';

interface Entries {
  readonly items: {
    readonly anyOf: readonly [{ readonly enum: readonly string[] }, ...{ properties?: object }[]];
  };
}

test('it knows all that is registered, and each name takes settings', async () => {
  const { properties } = (await jsonSchema()) as { properties: Record<string, Entries> };
  const names = (axis: string): readonly string[] => properties[axis].items.anyOf[0].enum;
  expect(names('algorithms')).toEqual(Object.keys(algorithms));
  expect(names('workloads')).toEqual(Object.keys(workloads));
  expect(names('machines')).toEqual(['threads', ...Object.keys(models)]);
  const settings = properties.algorithms.items.anyOf[2].properties as object;
  expect(Object.keys(settings)).toEqual(Object.keys(algorithms));
});

const GOOD = {
  name: 'x',
  algorithms: ['silo', './mine.ts', { '2pl': { policy: ['no-wait', 'wait-die'], timeout: 5 } }],
  workloads: [{ transfers: { accounts: [2, 10] } }, 'cycle'],
  machines: ['threads', { 'server-32': { block_ns: [0, 10] } }],
  cores: [1, 2],
  include: [{ cores: [4], algorithms: [{ silo: null }] }],
  exclude: [{ algorithm: '2pl', cores: [1, 2] }],
  until: { percent: 5, most: 30 },
};

test.each([
  ['what is right', {}, true],
  ['an unknown field', { core: [1] }, false],
  ['an unknown name', { algorithms: ['sillo'] }, false],
  ['an unknown setting', { algorithms: [{ '2pl': { polcy: 'no-wait' } }] }, false],
  ['a value that a setting does not have', { algorithms: [{ '2pl': { policy: ['maybe'] } }] }, false],
  ['figures of real threads', { machines: [{ threads: { hit_ns: 1 } }] }, false],
  ['a number for a list', { cores: 2 }, false],
  ['an unknown name in an inclusion', { include: [{ workloads: ['circle'] }] }, false],
])('it tells %s', async (_, part, isRight) => {
  const schema = z.fromJSONSchema((await jsonSchema()) as Parameters<typeof z.fromJSONSchema>[0]);
  expect(schema.safeParse({ ...GOOD, ...part }).success).toBe(isRight);
});

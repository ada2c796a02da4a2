/** Every column that is written is explained, and every explanation is of a column that is written. */
import { expect, test } from 'vitest';
import { z } from '../../algorithms/algorithm.ts';
import { columns } from '../../harness/experiment/columns.ts';
import { header, SCHEMA } from '../../harness/experiment/row.ts';
import { algorithm, configuration } from './trials.ts';

const everything = configuration({
  algorithm: algorithm('all', {
    aborts: ['read'],
    counters: ['retries', 'validations'],
    options: z.strictObject({ policy: z.string() }),
  }),
  options: { policy: 'x' },
  figures: { hit_ns: 1 },
});

test.each(['runs', 'rejected', 'summary'] as const)('%s.csv', (file) => {
  const written = header(file, [everything]);
  const explained = columns.filter(({ files }) => files.includes(file)).map(({ name }) => name);
  const family = (name: string): string => name.replace(/\..*$/, '.*');
  expect([...new Set(written.map(family))]).toEqual(explained);
  expect(new Set(written).size).toBe(written.length);
});

test('units are in the names of what has one', () => {
  const named = columns.filter(({ meaning }) => /\btime\b|makespan/i.test(meaning) && !/\//.test(meaning));
  for (const { name, type } of named) if (type === 'integer') expect(name).toMatch(/_ns$/);
});

test('whoever changes the columns changes the version of the schema', () => {
  const names = (['runs', 'rejected', 'summary'] as const).map((file) => header(file, []).join());
  expect({ schema: SCHEMA, names }).toMatchSnapshot();
});

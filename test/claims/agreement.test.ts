/** Fresh rows beside a reference: what counts as the same, and which claims are held against which rows. */
import { expect, test } from 'vitest';
import { agreement } from '../../harness/claims/agreement.ts';
import { asItIs, type Claims, every, value } from '../../harness/claims/claim.ts';
import type { Row } from '../../harness/experiment/row.ts';

const row = (trial: string, cores: number, speedup: number, rest: Row = {}): Row => ({
  trial,
  algorithm: 'mine',
  cores: `${cores}`,
  speedup: `${speedup}`,
  ...rest,
});

const claims: Claims = {
  paper: 'Somebody: Something. 2020',
  settings: [{ name: 'as it is', summary: 'the model', selects: asItIs }],
  claims: [
    {
      id: 'A-1',
      statement: 'faster than one core everywhere',
      source: 'figure 1',
      mark: 'read',
      quantity: 'speed-up',
      threshold: 'above 1',
      values: (rows) => rows.values('cores').map((cores) => value(cores, rows.where({ cores }), 'speedup')),
      holds: every((speedup) => speedup > 1),
      weak: () => false,
    },
  ],
};

test('the same rows agree in all', () => {
  const rows = [row('a', 2, 1.5), row('b', 4, 3)];
  expect(agreement(claims, rows, rows)).toEqual({
    same: ['a', 'b'],
    different: [],
    added: [],
    regressions: [],
  });
});

test('a cell that differs is named by its column; an empty one is one that is not there', () => {
  const { same, different, added } = agreement(
    claims,
    [row('a', 2, 1.5, { aborts: '1' }), row('b', 4, 3, { new: '' }), row('c', 8, 4)],
    [row('a', 2, 1.6, { aborts: '1' }), row('b', 4, 3)],
  );
  expect({ same, different, added }).toEqual({
    same: ['b'],
    different: [{ trial: 'a', columns: ['speedup'] }],
    added: ['c'],
  });
});

test('a claim is held against the same cells of the reference only', () => {
  const reference = [row('a', 2, 1.5), row('b', 4, 0.5)];
  const lost = agreement(claims, [row('a', 2, 0.9)], reference).regressions;
  expect(lost).toMatchObject([{ claim: 'A-1', verdict: 'fails' }]);
  expect(agreement(claims, [row('b', 4, 0.4)], reference).regressions).toEqual([]);
});

test('cells are the same under another name, so that a new option of an algorithm hides no regression', () => {
  const fresh = [row('z', 2, 0.9, { 'algorithm.new': 'on' })];
  const { added, regressions } = agreement(claims, fresh, [row('a', 2, 1.5)]);
  expect(added).toEqual(['z']);
  expect(regressions).toHaveLength(1);
});

test('a figure of the model makes it another cell, also where only one file has that column', () => {
  const fresh = [row('z', 2, 0.9)];
  const reference = [row('a', 2, 0.8), row('b', 2, 1.5, { 'machine.hit_ns': '0' })];
  expect(agreement(claims, fresh, reference).regressions).toEqual([]);
});

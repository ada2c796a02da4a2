/** The contract of claims: verdicts from rows, whatever the claim. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  asItIs,
  type Claim,
  type Claims,
  check,
  every,
  least,
  paperValues,
  rangeOf,
  ratio,
  regressions,
  value,
} from '../../harness/claims/claim.ts';
import { MissingRows, Rows } from '../../harness/claims/rows.ts';
import type { Row } from '../../harness/experiment/row.ts';

const row = (algorithm: string, cores: number, speedup: number, rest: Row = {}): Row => ({
  trial: `${algorithm}-${cores}`,
  algorithm,
  cores: `${cores}`,
  speedup: `${speedup}`,
  ...rest,
});

const atLeastTwo: Claim = {
  id: 'A-1',
  statement: 'it doubles',
  source: 'figure 1',
  mark: 'read',
  quantity: 'speed-up',
  threshold: 'at least 2',
  values: (rows) => {
    const mine = rows.where({ algorithm: 'mine' });
    return mine.values('cores').map((cores) => value(`${cores} cores`, mine.where({ cores }), 'speedup'));
  },
  holds: every((speedup) => speedup >= 2),
  weak: every((speedup) => speedup > 1),
  decisive: least,
  limit: 2,
};

const claims = (all: Claims['claims']): Claims => ({
  paper: 'Somebody: Something. 2020',
  settings: [
    { name: 'as it is', summary: 'the model', selects: asItIs },
    { name: 'slow', summary: 'slower', selects: (one) => one['machine.hit_ns'] === '9' },
  ],
  claims: all,
});

describe('rows', () => {
  const rows = new Rows([row('a', 16, 1), row('a', 2, 3), row('b', 2, 5), row('a', 2, 4)]);

  test('are picked by their cells, one value or several, and a column that is not there is empty', () => {
    expect(rows.where({ algorithm: 'a', cores: 2 }).all).toHaveLength(2);
    expect(rows.where({ cores: [2, 16] }).all).toHaveLength(4);
    expect(rows.where({ 'machine.hit_ns': '' }).all).toHaveLength(4);
    expect(rows.where({ 'machine.hit_ns': 1 }).all).toHaveLength(0);
  });

  test('tell their values, numbers by size', () => {
    expect(rows.values('cores')).toEqual(['2', '16']);
    expect(rows.values('algorithm')).toEqual(['a', 'b']);
  });

  test('have a median; where there are none the message says of what', () => {
    expect(rows.where({ algorithm: 'a', cores: 2 }).median('speedup')).toBe(3.5);
    expect(() => rows.where({ algorithm: 'c', cores: 2 }).median('speedup')).toThrow(
      new MissingRows('no rows: algorithm c, cores 2'),
    );
  });

  test('values are sorted and distinct, whatever they are', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1000)), (numbers) => {
        const all = new Rows(numbers.map((cores) => row('a', cores, 1)));
        const expected = [...new Set(numbers)].sort((a, b) => a - b).map(String);
        expect(all.values('cores')).toEqual(expected);
      }),
      { seed: 1 },
    );
  });
});

describe('a claim', () => {
  const findings = (rows: readonly Row[]) => check(claims([atLeastTwo]), rows);
  const verdicts = (rows: readonly Row[]) => findings(rows).map(({ verdict }) => verdict);

  test('holds, is weak or fails by its threshold, each setting by its own rows', () => {
    const slow = { 'machine.hit_ns': '9' };
    expect(verdicts([row('mine', 2, 2.5), row('mine', 2, 1.5, slow)])).toEqual(['holds', 'weak']);
    expect(verdicts([row('mine', 2, 2.5), row('mine', 4, 0.5), row('mine', 2, 2, slow)])).toEqual([
      'fails',
      'holds',
    ]);
  });

  test('names the trials it rests on, and their values', () => {
    const [{ values }] = findings([row('mine', 2, 2.5), row('mine', 4, 3), row('other', 4, 9)]);
    expect(values).toEqual([
      { label: '2 cores', value: 2.5, trials: ['mine-2'] },
      { label: '4 cores', value: 3, trials: ['mine-4'] },
    ]);
  });

  test('is not testable without rows, and says which are missing', () => {
    expect(verdicts([])).toEqual(['not testable', 'not testable']);
    const over = {
      ...atLeastTwo,
      values: (rows: Rows) => [ratio('x', rows, rows.where({ cores: 8 }), 'speedup')],
    };
    const [finding] = check(claims([over]), [row('mine', 2, 2)]);
    expect(finding).toMatchObject({ verdict: 'not testable', missing: 'no rows: cores 8' });
  });

  test('that nothing can check says so', () => {
    const { id, statement, source, mark } = atLeastTwo;
    const [finding] = check(claims([{ id, statement, source, mark, untestable: 'needs a network' }]), []);
    expect(finding).toMatchObject({ verdict: 'not testable', missing: 'needs a network' });
  });

  test('a fault of its own is not taken for missing rows', () => {
    const broken = {
      ...atLeastTwo,
      values: () => {
        throw new TypeError('mine');
      },
    };
    expect(() => check(claims([broken]), [])).toThrow(TypeError);
  });

  test("is held against the paper's points as against ours", () => {
    const rows = [row('mine', 2, 1.9), row('mine', 4, 3.66)];
    const published = [{ figure: '1', mark: 'digitised' as const, rows }];
    expect(paperValues({ ...claims([atLeastTwo]), published }, atLeastTwo)).toEqual([
      { text: '1.9, 3.66', mark: 'digitised' },
    ]);
  });

  test.each([
    [[1.234], '1.23'],
    [[1, 2], '1, 2'],
    [[3, 1, 2], '1 to 3'],
  ])('values %j are printed as %s', (numbers, text) => {
    expect(rangeOf(numbers.map((one) => ({ value: one })))).toBe(text);
  });
});

describe('regressions', () => {
  const held = check(claims([atLeastTwo]), [row('mine', 2, 3)]);

  test('are claims that held and no longer do, not ones that cannot be looked at', () => {
    expect(regressions(held, held)).toEqual([]);
    expect(regressions(held, check(claims([atLeastTwo]), []))).toEqual([]);
    const weak = check(claims([atLeastTwo]), [row('mine', 2, 1.5)]);
    expect(regressions(held, weak)).toEqual([weak[0]]);
    expect(regressions(weak, weak)).toEqual([]);
  });
});

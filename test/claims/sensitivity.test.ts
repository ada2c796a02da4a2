/** Sensitivity: one figure of the model at a time, and the same cells under each of its values. */
import { describe, expect, test } from 'vitest';
import { asItIs, type Claim, type Claims, every, least, value } from '../../harness/claims/claim.ts';
import { sensitivity } from '../../harness/claims/sensitivity.ts';
import type { Row } from '../../harness/experiment/row.ts';

const row = (cores: number, speedup: number, rest: Row = {}): Row => ({
  trial: `${cores}`,
  ...{ algorithm: 'mine', machine: 'big', cores: `${cores}`, speedup: `${speedup}` },
  ...rest,
});

const claims: Claims = {
  paper: 'Somebody: Something. 2020',
  settings: [{ name: 'as it is', summary: 'the model', selects: asItIs }],
  claims: [
    {
      ...{ id: 'A-1', statement: 'it scales', source: 'figure 1', mark: 'read' },
      ...{ quantity: 'speed-up', threshold: 'at least 2', limit: 2, headline: 'abstract' },
      values: (rows) => rows.values('cores').map((cores) => value(cores, rows.where({ cores }), 'speedup')),
      holds: every((speedup) => speedup >= 2),
      weak: every((speedup) => speedup > 1),
      decisive: least,
    },
    { id: 'A-2', statement: 'never', source: 'figure 2', mark: 'read', untestable: 'no such machine' },
  ],
  sensitivity: {
    machine: 'big',
    figures: {
      'machine.hit_ns': { usual: 1.5, others: [3, 0.75] },
      'algorithm.copy': { usual: 250, others: [1000] },
    },
  },
};

const hit = (ns: string): Row => ({ 'machine.hit_ns': ns });

const at = (value: number, rest: object) => ({ claim: 'A-1', figure: 'machine.hit_ns', value, ...rest });

describe('sensitivity', () => {
  test("has a point a value in order, the model's own among them", () => {
    const rows = [row(4, 3), row(4, 1.5, hit('3')), row(4, 3.5, hit('0.75'))];
    expect(sensitivity(claims, rows)).toEqual([
      at(0.75, { own: false, decisive: 3.5, margin: 1.75, verdict: 'holds' }),
      at(1.5, { own: true, decisive: 3, margin: 1.5, verdict: 'holds' }),
      at(3, { own: false, decisive: 1.5, margin: 0.75, verdict: 'weak' }),
    ]);
  });

  test('has points of the values that are named and were run alone', () => {
    const rows = [row(4, 3), row(4, 1.5, hit('3')), row(4, 9, hit('7'))];
    expect(sensitivity(claims, rows).map((point) => point.value)).toEqual([1.5, 3]);
  });

  test('has a margin above 1 where a claim holds, also of what must not be exceeded', () => {
    const [first] = claims.claims as readonly Claim[];
    const rows = [row(4, 4), row(4, 1, hit('3'))];
    const most = { ...claims, claims: [{ ...first, atMost: true }] };
    expect(sensitivity(most, rows).map(({ margin }) => margin)).toEqual([0.5, 2]);
  });

  test('rests on the same cells under each value', () => {
    // On 2 cores it is slow, but that was not run under the other value.
    const rows = [row(4, 3), row(2, 0.5), row(4, 2.5, hit('3'))];
    expect(sensitivity(claims, rows).map(({ decisive }) => decisive)).toEqual([3, 2.5]);
  });

  test('of an option: where an algorithm has none, it is the same under any value', () => {
    const copy = (units: string): Row => ({ 'algorithm.copy': units });
    const rows = [row(4, 3, copy('250')), row(4, 1.8, copy('1000')), row(2, 2.4)];
    // A claim that picks its rows by the usual value finds them under any.
    const [first] = claims.claims as readonly Claim[];
    const picky: Claim = {
      ...first,
      values: (all) => first.values(all.where({ 'algorithm.copy': ['', '250'] })),
    };
    expect(sensitivity({ ...claims, claims: [picky] }, rows)).toMatchObject([
      { figure: 'algorithm.copy', value: 250, own: true, decisive: 2.4 },
      { figure: 'algorithm.copy', value: 1000, own: false, decisive: 1.8 },
    ]);
    // Not where the machine differs as well.
    const both = row(4, 1, { ...copy('1000'), ...hit('3') });
    expect(sensitivity(claims, [...rows, both]).filter(({ decisive }) => decisive === 1)).toEqual([]);
  });

  test('is of headline claims alone', () => {
    const [{ headline: _, ...first }] = claims.claims as readonly Claim[];
    expect(sensitivity({ ...claims, claims: [first] }, [row(4, 3), row(4, 1.5, hit('3'))])).toEqual([]);
  });

  test('leaves out rows with several figures, and of other machines', () => {
    const both = { ...hit('3'), 'machine.block_ns': '9' };
    expect(
      sensitivity(claims, [row(4, 3), row(4, 1, both), row(4, 1, { ...hit('3'), machine: 'small' })]),
    ).toEqual([]);
  });

  test('is empty where no figure was varied', () => {
    expect(sensitivity(claims, [row(4, 3)])).toEqual([]);
    const { sensitivity: _, ...without } = claims;
    expect(sensitivity(without, [row(4, 3)])).toEqual([]);
  });
});

/** The table of our rows beside a paper's points: what is compared with what, and what is left out. */
import { expect, test } from 'vitest';
import { asItIs, type Claims } from '../../harness/claims/claim.ts';
import type { Row } from '../../harness/experiment/row.ts';
import { besidePaper } from '../../harness/report/beside.ts';
import { plainPaint } from '../../harness/report/paint.ts';

const LOOK = { width: 130, paint: plainPaint };

const point = (accounts: number, cores: number, speedup: number): Row => ({
  ...{ algorithm: 'mine', machine: 'big', 'workload.variant': 'diem', 'workload.accounts': `${accounts}` },
  ...{ cores: `${cores}`, transactions: '1000', speedup: `${speedup}`, throughput_tps: '1' },
});

const ours = (accounts: number, cores: number, speedup: number): Row => ({
  ...point(accounts, cores, speedup),
  ...{ trial: 'x', baseline_ns: '1000', bound_ns: '125', 'machine.hit_ns': '' },
});

const claims: Claims = {
  paper: 'Somebody: Something. 2020',
  settings: [
    { name: 'as it is', summary: 'the model', selects: asItIs },
    { name: 'slow', summary: 'slower', selects: (row) => row['machine.hit_ns'] === '9' },
  ],
  claims: [],
  published: [
    { figure: '1', mark: 'digitised', rows: [point(2, 4, 1.5), point(2, 8, 2.5), point(10, 8, 12)] },
  ],
};

test('a curve is compared at its most cores, setting by setting, with the bound beside', () => {
  const [, line, ...rest] = besidePaper(claims, [ours(2, 4, 1), ours(2, 8, 3.25)], LOOK)
    .split('\n')
    .slice(1);
  expect(line.trim().split(/ {2,}/)).toEqual([
    'mine',
    'diem, 2 accounts',
    '1,000',
    '8',
    '2.50',
    '3.25',
    '–',
    '8.00',
  ]);
  expect(rest).toEqual([]);
});

test('curves without rows of ours are left out, and without any there is no table', () => {
  expect(besidePaper(claims, [ours(2, 4, 1)], LOOK)).toBe('');
  const { published: _, ...pointless } = claims;
  expect(besidePaper(pointless, [ours(2, 8, 1)], LOOK)).toBe('');
});

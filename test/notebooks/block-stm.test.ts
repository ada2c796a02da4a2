/** The claims of the Block-STM paper, held against the paper's own points and against damaged ones. */
import { describe, expect, test } from 'vitest';
import { type Claim, check, judge } from '../../harness/claims/claim.ts';
import { Rows } from '../../harness/claims/rows.ts';
import type { Row } from '../../harness/experiment/row.ts';
import block from '../../notebooks/block-stm/claims.ts';
import { published } from '../../notebooks/block-stm/paper.ts';

const points = published.flatMap(({ rows }) => rows);
const claims = block.claims as readonly Claim[];
/** Of a third party, of which there are no points. */
const POINTLESS = 'BSTM-13';
const pointed = claims.filter(({ id }) => id !== POINTLESS);

/** The points with the speed of some changed by a factor. */
function damaged(factor: (row: Row) => number): Rows {
  return new Rows(
    points.map((row) => ({
      ...row,
      speedup: `${Number(row.speedup) * factor(row)}`,
      throughput_tps: `${Number(row.throughput_tps) * factor(row)}`,
    })),
  );
}

const isMine = ({ algorithm }: Row): boolean => algorithm === 'block-stm';

/** What makes each claim untrue. */
const DAMAGE: Readonly<Record<string, (row: Row) => number>> = {
  'BSTM-1': () => 0.05,
  'BSTM-2': () => 0.5,
  'BSTM-3': () => 0.5,
  'BSTM-4': () => 0.1,
  'BSTM-5': ({ cores }) => (cores === '32' ? 2 : 1),
  'BSTM-6': (row) => (isMine(row) ? 0.4 : 1),
  'BSTM-7': (row) => (isMine(row) ? 0.8 : 1),
  'BSTM-8': (row) => (isMine(row) ? 0.2 : 1),
  'BSTM-9': (row) => (isMine(row) && row['workload.accounts'] === '1000' ? 0.1 : 1),
  'BSTM-10': ({ transactions }) => (transactions === '50000' ? 0.3 : 1),
  'BSTM-11': ({ transactions }) => (transactions === '50000' ? 0.05 : 1),
};

describe("the paper's own points", () => {
  test.each(pointed.map((claim): [string, Claim] => [claim.id, claim]))('uphold %s', (_, claim) => {
    expect(judge(claim, new Rows(points)).verdict).toBe('holds');
  });

  test.each(pointed.map((claim): [string, Claim] => [claim.id, claim]))('damaged, refute %s', (id, claim) => {
    expect(judge(claim, damaged(DAMAGE[id])).verdict).toBe('fails');
  });

  test('are as many as were digitised', () => {
    expect(points).toHaveLength(28 * 4 + 7 * 5);
    for (const { rows } of published) {
      const places = rows.map(({ throughput_tps, speedup, ...place }) => JSON.stringify(place));
      expect(new Set(places).size).toBe(rows.length);
    }
  });
});

describe('claims', () => {
  test('have a name each, and a verdict under every setting', () => {
    expect(new Set(claims.map(({ id }) => id)).size).toBe(claims.length);
    expect(check(block, points)).toHaveLength(claims.length * block.settings.length);
  });

  test('rows under a fixed cost are of its own setting only', () => {
    const costly = points.map((row) => ({
      ...row,
      'machine.block_ns': row['workload.variant'] === 'diem' ? '12000000' : '5000000',
    }));
    const [asItIs, fixed] = check(block, costly).filter(({ claim }) => claim === 'BSTM-1');
    expect([asItIs.verdict, fixed.verdict]).toEqual(['not testable', 'holds']);
  });
});

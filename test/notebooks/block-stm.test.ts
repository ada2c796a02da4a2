/** The claims of the Block-STM paper, held against the paper's own points and against damaged ones. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { linearRegression, mean } from 'simple-statistics';
import { describe, expect, test } from 'vitest';
import { type Claim, check, judge } from '../../harness/claims/claim.ts';
import { Rows } from '../../harness/claims/rows.ts';
import { readExperiment } from '../../harness/experiment/file/experiment.ts';
import { trialId } from '../../harness/experiment/identity.ts';
import type { Row } from '../../harness/experiment/row.ts';
import block from '../../notebooks/block-stm/claims.ts';
import { BLOCKS, overBlocks, published } from '../../notebooks/block-stm/paper.ts';
import { APTOS_BLOCK_NS, FITTED } from '../../notebooks/block-stm/settings.ts';

const FOLDER = fileURLToPath(new URL('../../notebooks/block-stm/', import.meta.url));
const points = published.flatMap(({ rows }) => rows);
const claims = block.claims as readonly Claim[];
/** Of a third party or our own, of which there are no points. */
const POINTLESS = /^BSTM-13|-why$/;
const pointed = claims.filter(({ id }) => !POINTLESS.test(id));

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

  test.each([
    [{}, 'as it is'],
    [{ 'machine.block_ns': '13000000' }, 'block cost'],
    [{ 'machine.block_ns': '13000000', 'machine.crowding': '0.4' }, 'block cost, crowding'],
    [{ 'machine.block_ns': '5000000' }, undefined],
  ])('rows with the figures %j are of the setting %s only', (figures, name) => {
    const rows = points.map((row) => ({ ...row, ...figures }));
    const held = check(block, rows).filter(({ claim, verdict }) => claim === 'BSTM-1' && verdict === 'holds');
    expect(held.map(({ setting }) => setting)).toEqual(name === undefined ? [] : [name]);
  });

  test('the fitted figures are what figures 5 and 8 come to on 32 threads', () => {
    const fitsOf = (wanted: string) =>
      overBlocks
        .filter(({ figure, threads }) => figure === wanted && threads === 32)
        .map(({ ktps }) => linearRegression(ktps.map((rate, at) => [BLOCKS[at], (1e6 * BLOCKS[at]) / rate])));
    const fits = fitsOf('5');
    expect(fits).toHaveLength(2);
    expect(Math.round(mean(fitsOf('8').map(({ b }) => b)) / 5e5) * 5e5).toBe(APTOS_BLOCK_NS);
    const blockCost = mean(fits.map(({ b }) => b));
    const crowding = mean(fits.map(({ m }) => (m * 32) / 200_000)) - 1;
    expect(Math.round(blockCost / 1e6) * 1e6).toBe(FITTED.block_ns);
    expect(Math.round(crowding * 10) / 10).toBe(FITTED.crowding);
  });

  test('the quick experiment is a part of the full one', async () => {
    const [quick, full] = await Promise.all(
      ['quick', 'experiment'].map((name) => readExperiment(join(FOLDER, `${name}.yaml`))),
    );
    const known = new Set(full.configurations.map((configuration) => trialId(configuration, 1)));
    expect(quick.configurations.length).toBeGreaterThan(50);
    expect(quick.configurations.filter((configuration) => !known.has(trialId(configuration, 1)))).toEqual([]);
  });
});

/** The claims table: complete, of bounded width, and the same facts in each of its forms. */
import { describe, expect, test } from 'vitest';
import { check } from '../../harness/claims/claim.ts';
import { claimsJson, claimsMarkdown, claimsTable, tally } from '../../harness/report/claims-table.ts';
import { plainPaint } from '../../harness/report/paint.ts';
import { textWidth } from '../../harness/report/table.ts';
import block from '../../notebooks/block-stm/claims.ts';
import { published } from '../../notebooks/block-stm/paper.ts';

const findings = check(
  block,
  published.flatMap(({ rows }) => rows),
);

describe('the claims table', () => {
  test.each([100, 120, 140])('keeps within %i columns, and has a line for each claim', (width) => {
    const text = claimsTable(block, findings, { width, paint: plainPaint });
    expect(textWidth(text)).toBeLessThanOrEqual(width);
    for (const { id } of block.claims) expect(text).toMatch(new RegExp(`^ ${id} `, 'm'));
  });

  test('shows values, how many they are, marks with their meaning, and what is missing', () => {
    const text = claimsTable(block, findings, { width: 130, paint: plainPaint });
    expect(claimsMarkdown(block, findings)).toContain('0.701 to 0.873 (16)');
    expect(text).toContain("[digitised]: digitised from the paper's vector figure");
    expect(text).toContain('BSTM-13: no rows for it');
  });

  test('as Markdown has as many cells in each line', () => {
    const lines = claimsMarkdown(block, findings)
      .split('\n')
      .filter((line) => line.startsWith('|'));
    const cells = lines.map((line) => line.split(/(?<!\\)\|/).length);
    expect(new Set(cells).size).toBe(1);
    expect(lines).toHaveLength(block.claims.length + 2);
  });

  test('as JSON has every claim with its findings and no functions', () => {
    const { claims } = JSON.parse(JSON.stringify(claimsJson(block, findings)));
    expect(claims).toHaveLength(block.claims.length);
    expect(claims[0]).toMatchObject({
      id: 'BSTM-1',
      threshold: 'at least 14',
      findings: [{ setting: 'as it is', verdict: 'holds' }, {}, { verdict: 'not testable' }],
    });
  });

  test('is summed up in a line', () => {
    expect(tally(block, findings)).toBe('11 holds, 5 not testable');
  });
});

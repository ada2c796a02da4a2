/** Pictures keep to the paper's width whatever they have to name, and to their own where the font is another. */
import { describe, expect, test } from 'vitest';
import type { Row } from '../../../harness/experiment/row.ts';
import type { Chart } from '../../../harness/report/charts/chart.ts';
import { DOUBLE } from '../../../harness/report/charts/frame.ts';
import { obviousCharts } from '../../../harness/report/charts/obvious.ts';
import { renderSvg } from '../../../harness/report/charts/render.ts';
import { drawnWidth } from '../../../harness/report/charts/type.ts';
import { gridRows } from './rows.ts';

/** The padding on both sides, and half of an axis' last label. */
const BESIDE = 6 + 15;

/** Seven places that differ in four settings, and algorithms with long names. */
const crowded = [0, 1, 2, 3, 4, 5, 6].flatMap((place) =>
  gridRows({
    algorithms: ['a', 'b', 'c'].map((end) => `an-algorithm-with-quite-a-long-name-${end}`),
    accounts: [10 ** place],
    cores: [1024],
  }).map((row) => ({
    ...row,
    'workload.operations': `${place}0000`,
    'workload.distribution': ['uniform', 'skewed'][place % 2],
    'machine.memory_ns': place < 3 ? '' : `${place}00`,
  })),
);

describe.each([
  ['a small grid', gridRows()],
  ['a crowded one', crowded],
])('of %s', async (_, rows) => {
  const drawn = await Promise.all(
    obviousCharts(rows).map(async ({ name, spec }) => ({ name, svg: await renderSvg(spec) })),
  );

  test.each(drawn)('$name fits both columns of a page', ({ svg }) => {
    const [, width] = /<svg [^>]*width="(\d+)"/.exec(svg) ?? [];
    expect(Number(width)).toBeLessThanOrEqual(DOUBLE + BESIDE);
  });

  test.each(drawn)('$name says how long its texts are', ({ svg }) => {
    const texts = [...svg.matchAll(/<(?:text|tspan)([^>]*)>([^<]{4,})</g)];
    expect(texts.length).toBeGreaterThan(2);
    for (const [, attributes, text] of texts) {
      const [, length] = /textLength="([\d.]+)"/.exec(attributes) ?? [];
      // Sizes are 8 to 10 pixels, regular or bold.
      expect(Number(length), text).toBeGreaterThan(drawnWidth(text.replaceAll(/&\w+;/g, '&'), { size: 7.9 }));
      expect(Number(length), text).toBeLessThan(drawnWidth(text, { size: 10.1, bold: true }));
    }
  });
});

test('heads of columns stand above the cells: on lines where they fit, else upright', () => {
  const headsOf = (rows: readonly Row[]): unknown => {
    const { spec } = obviousCharts(rows).find(({ name }) => name.startsWith('efficiency')) as Chart;
    const [panel] = (spec as unknown as { concat: { encoding: { x: { axis: unknown } } }[] }).concat;
    return panel.encoding.x.axis;
  };
  expect(headsOf(crowded)).toMatchObject({ labelAngle: -90 });
  const two = gridRows().map((row) => ({ ...row, 'workload.size': row['workload.accounts'] }));
  // A line more, a line higher.
  expect(headsOf(two)).toMatchObject({ labelAngle: 0, labelPadding: 12 });
});

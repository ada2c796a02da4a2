/** The page of charts, in a browser: it draws them all, asks for nothing from outside and takes no word for a tag. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { obviousCharts } from '../../../harness/report/charts/obvious.ts';
import { chartPage } from '../../../harness/report/charts/page.ts';
import { openFile } from '../../browser.ts';
import { gridRows } from './rows.ts';

const HOSTILE = '</script><script>document.title="taken"</script><b id="taken">"&';

test('a page opened from disk draws each chart, with nothing on the console and no request', async () => {
  const charts = obviousCharts(gridRows({ algorithms: ['one', HOSTILE], cores: [1, 4] }));
  const file = join(mkdtempSync(join(tmpdir(), 'contend-page-')), 'charts.html');
  writeFileSync(file, chartPage(HOSTILE, charts));
  const { page, faults, close } = await openFile(file);
  try {
    for (const { name } of charts) await page.waitForSelector(`figure#${name}[data-drawn] svg.marks`);
    expect(faults).toEqual([]);
    expect(await page.title()).toBe(HOSTILE);
    expect(await page.$('#taken')).toBeNull();
    await page.hover('figure.chart svg.marks .mark-symbol path');
    await page.waitForSelector('#vg-tooltip-element.visible');
    const told = await page.evaluate(`document.querySelector('#vg-tooltip-element').innerText`);
    expect(told).toMatch(/^one\s/);
    expect(told).not.toMatch(/null|NaN|undefined/);
    expect(told).toMatch(/95 % interval\s+[\d.]+k? to [\d.]+k?/);

    const inks = (): Promise<unknown> =>
      page.evaluate(`['.role-title-text text', '.role-axis-label text'].map((ink) =>
        getComputedStyle(document.querySelector('svg.marks ' + ink)).fill).concat(
        getComputedStyle(document.querySelector('svg.marks')).backgroundColor)`);
    const day = ['rgb(0, 0, 0)', 'rgb(0, 0, 0)', 'rgb(255, 255, 255)'];
    expect(await inks()).toEqual(day);
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }]);
    expect(await inks()).toEqual(['rgb(230, 232, 236)', 'rgb(230, 232, 236)', 'rgba(0, 0, 0, 0)']);
    // Paper is white whatever the screen is.
    await page.emulateMediaType('print');
    expect(await inks()).toEqual(day);
  } finally {
    await close();
  }
});

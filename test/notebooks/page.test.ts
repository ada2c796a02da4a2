/** The notebooks as a reader has them: one file each, opened from the disk. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Claims } from '../../harness/claims/claim.ts';
import { pageOf, papers } from '../../notebooks/build.ts';
import { type Opened, openFile } from '../browser.ts';

/** Each notebook's slider for how much transactions get in each other's way, and its place for the most. */
const CONTENTION: Readonly<Record<string, readonly [string, string]>> = {
  'block-stm': ['accounts', '0'],
  abyss: ['theta', '7'],
};

describe.each(papers())('the notebook of %s', (paper) => {
  const directory = mkdtempSync(join(tmpdir(), 'contend-notebook-'));
  let opened: Opened;

  beforeAll(async () => {
    const path = join(directory, `${paper}.html`);
    writeFileSync(path, await pageOf(paper));
    opened = await openFile(path);
  });
  afterAll(async () => {
    await opened?.close();
    rmSync(directory, { recursive: true });
  });

  const verdict = (state: string) => opened.find(`.verdict[data-state="${state}"]`);
  const drawn = async (figure: string): Promise<string> => {
    const found = await opened.find(`[data-live="${figure}"]`);
    return found.evaluate(({ outerHTML }) => outerHTML);
  };
  const set = async (name: string, value: string): Promise<void> => {
    const control = await opened.find(`.controls [name="${name}"]`);
    await control.evaluate((element, to) => {
      (element as unknown as { value: string }).value = to;
      element.dispatchEvent(new Event('input', { bubbles: true }));
    }, value);
  };

  test('simulates what its controls say, each run with a verdict', async () => {
    await set('transactions', '0');
    await verdict('good');
    const before = await drawn('speedup');
    await set(...CONTENTION[paper]);
    await verdict('going');
    await verdict('good');
    // The verdict's cell may be displayed before the figure's.
    await expect.poll(() => drawn('speedup'), { timeout: 10_000 }).not.toBe(before);
  });

  test('draws what the cores of a small block do, anew for each setting', async () => {
    const before = await drawn('timeline');
    expect(before).toContain('core 0');
    await set('small-cores', '0');
    await opened.find('[data-live="timeline"] [aria-label*=", 1 core;"]');
    expect(await drawn('timeline')).not.toContain('core 1');
  });

  test('draws nothing of a run that is refused', async () => {
    // In this order no other setting is refused, so what is told is of the last one.
    await set('beside', '');
    await set('algorithm', 'uncontrolled');
    await verdict('bad');
    const said = await opened.page.$eval('.verdict', ({ textContent }) => textContent ?? '');
    const [, refused, wanted] =
      /^(\d+) of (\d+) runs refused and not drawn \(uncontrolled\).*G/.exec(said) ?? [];
    const points = await opened.page.$$('[data-live="speedup"] circle');
    expect(points.length).toBe(Number(wanted) - Number(refused));
  });

  test.runIf(existsSync(`notebooks/${paper}/claims.ts`))(
    'has every claim and every figure of the paper',
    async () => {
      const { default: claims }: { default: Claims } = await import(`../../notebooks/${paper}/claims.ts`);
      const told = await opened.page.$$eval('.claims tbody .id', (ids) => ids.map((id) => id.textContent));
      expect(told).toEqual(claims.claims.map(({ id }) => id));
      if (!existsSync(`results/${paper}/runs.csv`) && claims.published === undefined) return;
      const titles = await opened.page.$$eval('.paper-figure strong', (all) =>
        all.map((one) => one.textContent),
      );
      expect(titles).toEqual((claims.figures ?? []).map(({ title }) => `${title}. `));
      const drawn = await opened.page.$$eval('.panels svg', (all) =>
        all.map((one) => one.querySelectorAll('path').length),
      );
      expect(Math.min(...drawn)).toBeGreaterThan(0);
    },
  );

  test('complains of nothing, and asks nobody for anything', () => expect(opened.faults).toEqual([]));
});

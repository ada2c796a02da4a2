/** The notebooks as a reader has them: one file each, opened from the disk. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pageOf, papers } from '../../notebooks/build.ts';
import { type Opened, openFile } from '../browser.ts';

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

  const verdict = (state: string) => opened.page.waitForSelector(`.verdict[data-state="${state}"]`);
  const curve = () => opened.page.$eval('[data-live="speedup"]', (figure) => figure.outerHTML);
  const set = (name: string, value: string): Promise<void> =>
    opened.page.$eval(
      `.controls [name="${name}"]`,
      (control, to) => {
        (control as unknown as { value: string }).value = to;
        control.dispatchEvent(new Event('input', { bubbles: true }));
      },
      value,
    );

  test('simulates what its controls say, each run with a verdict', async () => {
    await set('transactions', '0');
    await verdict('good');
    const before = await curve();
    await set('accounts', '0');
    await verdict('going');
    await verdict('good');
    expect(await curve()).not.toBe(before);
  });

  test('draws nothing of a run that is refused', async () => {
    await set('algorithm', 'uncontrolled');
    await verdict('bad');
    const said = await opened.page.$eval('.verdict', ({ textContent }) => textContent ?? '');
    expect(said).toMatch(/uncontrolled refused and not drawn.*G/);
    const drawn = await opened.page.$$('[data-live="speedup"] circle');
    expect(drawn.length).toBe(6 - Number(/^(\d+) runs?/.exec(said)?.[1]));
  });

  test('complains of nothing, and asks nobody for anything', () => expect(opened.faults).toEqual([]));
});

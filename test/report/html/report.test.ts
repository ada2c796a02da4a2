/** The report as a reader has it: one file, opened from the disk, used with the keyboard, and told nothing good. */
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { main } from '../../../harness/cli/main.ts';
import { readRows } from '../../../harness/experiment/results.ts';
import { type Opened, openFile } from '../../browser.ts';
import { fakeTerminal } from '../../cli/terminal.ts';

/** Ends scripts, attributes and elements, wherever it is put without care. */
const HOSTILE = `</script><script>window.hacked=1</script>"'><img src=x onerror="window.hacked=1"><!--`;
const EXPERIMENT = `name: hostile
question: ${JSON.stringify(HOSTILE)}
algorithms: [silo, uncontrolled]
workloads:
  - cycle: { keys: 4 }
`;

async function contend(...words: string[]) {
  const terminal = fakeTerminal();
  const status = await main(words, terminal);
  return { status, ...terminal.said };
}

/** Rows after the others, made from the last one. */
function append(path: string, ...changes: readonly Record<string, string>[]): void {
  const last = readRows(path).at(-1);
  appendFileSync(path, stringify(changes.map((changed) => Object.values({ ...last, ...changed }))));
}

const folder = mkdtempSync(join(tmpdir(), 'contend-report-'));
let opened: Opened;
/** Runs in the page. */
const inPage = <T>(code: string): Promise<T> => opened.page.evaluate(code) as Promise<T>;
const section = (id: string): string => `document.querySelector('section[data-table="${id}"]')`;
const column = (id: string, name: string): Promise<string[]> =>
  inPage(`(() => {
    const heads = [...${section(id)}.querySelectorAll('thead tr > *')].map((head) => head.textContent);
    const at = heads.indexOf(${JSON.stringify(name)});
    return [...${section(id)}.querySelectorAll('tbody tr')].map((row) => row.children[at].textContent);
  })()`);

beforeAll(async () => {
  const { status } = await contend(
    ...['compare', 'silo', 'block-stm', '2pl', 'uncontrolled', '--workload', 'cycle', '--set', 'keys=4'],
    ...['--transactions', '60', '--cores', '6', '--out', folder],
  );
  expect(status).toBe(0);
  writeFileSync(join(folder, 'experiment.yaml'), EXPERIMENT);
  append(join(folder, 'runs.csv'), { algorithm: HOSTILE, warnings: `short-run ${HOSTILE}` });
  append(join(folder, 'rejected.csv'), {
    algorithm: HOSTILE,
    guarantee: 'serializable',
    anomaly: HOSTILE,
    explanation: HOSTILE,
    counterexample: 'javascript:window.hacked=1',
  });
  // Enough rows for several pages of the table.
  const more = Array.from({ length: 120 }, (_, at) => ({ seed: `${at + 2}`, algorithm: 'silo' }));
  append(join(folder, 'summary.csv'), ...more);
  const { out } = await contend('report', folder);
  expect(out).toBe(` report in ${join(folder, 'report.html')}\n`);
  opened = await openFile(join(folder, 'report.html'));
  await opened.page.setViewport({ width: 1200, height: 900 });
  await opened.page.waitForFunction(
    `[...document.querySelectorAll('figure.chart')].every((figure) => figure.hasAttribute('data-drawn'))`,
  );
}, 120_000);

afterAll(async () => {
  await opened?.close();
  rmSync(folder, { recursive: true });
}, 60_000);

describe('the report', { timeout: 60_000 }, () => {
  test('holds its question, verdicts, charts, timelines, set-up and environment', async () => {
    const text = await inPage<string>('document.body.innerText');
    expect(text).toContain(HOSTILE);
    expect(text).toMatch(
      /4 trials of 6 are proved equivalent to a serial execution; 2 rejected, 1 of them unexpectedly/,
    );
    expect(text).toContain('a run took less than a millisecond');
    expect(text).toContain('cycle: { keys: 4 }');
    expect(text).toContain(process.version);
    expect(await inPage(`document.querySelectorAll('figure.chart svg').length`)).toBeGreaterThan(2);
    expect(await inPage(`document.querySelectorAll('figure.timeline svg').length`)).toBe(3);
    const ids = await inPage<string[]>(
      `[...document.querySelectorAll('nav a')].map((link) => link.getAttribute('href').slice(1))`,
    );
    expect(ids).toEqual([
      ...['charts', 'small-block', 'summary', 'runs', 'rejected', 'warnings', 'set-up', 'environment'],
    ]);
    expect(await inPage(`${JSON.stringify(ids)}.every((id) => document.getElementById(id))`)).toBe(true);
  });

  test('runs nothing that stands in a file, and links to nothing but the folder', async () => {
    expect(await inPage('window.hacked')).toBeUndefined();
    expect(await inPage(`document.querySelectorAll('body img').length`)).toBe(0);
    const links = await inPage<string[]>(
      `[...document.querySelectorAll('a')].map((link) => link.getAttribute('href'))`,
    );
    expect(links.filter((link) => !/^(#|counterexamples\/[0-9a-f]+\.json$)/.test(link))).toEqual([]);
  });

  test('sorts by the button that is pressed, up, down and back, and says so', async () => {
    const before = await column('runs', 'throughput_tps');
    const numbers = (cells: readonly string[]): number[] =>
      cells.map((cell) => Number(cell.replaceAll(',', '')));
    await inPage(`(() => {
      const find = (button) => button.textContent === 'throughput_tps';
      [...${section('runs')}.querySelectorAll('th button')].find(find).focus();
    })()`);
    const press = async (): Promise<[sort: string | null, cells: number[]]> => {
      await opened.page.keyboard.press('Enter');
      const sort = await inPage<string | null>(
        `document.activeElement.closest('th')?.getAttribute('aria-sort') ?? null`,
      );
      return [sort, numbers(await column('runs', 'throughput_tps'))];
    };
    const up = numbers(before).toSorted((a, b) => a - b);
    expect(new Set(up).size).toBeGreaterThan(2);
    expect(await press()).toEqual(['ascending', up]);
    expect(await press()).toEqual(['descending', up.toReversed()]);
    expect(await press()).toEqual([null, numbers(before)]);
  });

  test('filters by words and conditions, and counts what is left; pages hold fifty rows', async () => {
    const count = (): Promise<string> =>
      inPage(`${section('summary')}.querySelector('[data-part="count"]').textContent`);
    const filter = async (words: string): Promise<string> => {
      await opened.page.$eval(
        'section[data-table="summary"] [data-part="filter"]',
        (input, to) => {
          (input as unknown as { value: string }).value = to;
          input.dispatchEvent(new Event('input', { bubbles: true }));
        },
        words,
      );
      return count();
    };
    expect(await count()).toBe('124 of 124 rows, 1 to 50 shown');
    expect(await filter('SILO')).toBe('121 of 124 rows, 1 to 50 shown');
    expect(await filter('silo seed>100')).toBe('21 of 124 rows');
    expect(await filter('keys=4 algorithm!=silo')).toBe('3 of 124 rows');
    expect(await filter('keys=5')).toBe('0 of 124 rows');
    await filter('');
    await inPage(`${section('summary')}.querySelector('[data-part="on"]').click()`);
    await inPage(`${section('summary')}.querySelector('[data-part="on"]').click()`);
    expect(await count()).toBe('124 of 124 rows, 101 to 124 shown');
    expect(await inPage(`${section('summary')}.querySelectorAll('tbody tr').length`)).toBe(24);
    expect(await inPage(`${section('summary')}.querySelector('[data-part="on"]').disabled`)).toBe(true);
  });

  test('shows every column on demand, and the command of each row', async () => {
    const heads = (): Promise<number> => inPage(`${section('runs')}.querySelectorAll('th').length`);
    const few = await heads();
    await inPage(`${section('runs')}.querySelector('[data-part="all"]').click()`);
    expect(await heads()).toBeGreaterThan(few + 20);
    await inPage(`${section('runs')}.querySelector('[data-part="all"]').click()`);
    const [first] = await column('runs', 'algorithm');
    const commands = await inPage<
      string[]
    >(`[...${section('runs')}.querySelectorAll('button.again')].map((button) => {
      button.click();
      return button.closest('tr').nextSibling.textContent;
    })`);
    expect(commands[0]).toBe(
      `npx contend run ${first} --workload cycle --set keys=4 --machine server-32 --cores 6 --transactions 60 --seed 1`,
    );
    expect(commands.length).toBe(4);
  });

  test('is reached everywhere by the keyboard, and shows where the focus is', async () => {
    await inPage(`document.activeElement.blur(); window.scrollTo(0, 0);`);
    const wanted = await inPage<number>(
      `[...document.querySelectorAll('a, button, input, summary, [tabindex="0"]')]
        .filter((element) => element.checkVisibility() && !element.disabled && !element.closest('svg')).length`,
    );
    await inPage(`window.reached = new Set(); window.unseen = [];
      document.addEventListener('focusin', ({ target }) => {
        window.reached.add(target);
        if (getComputedStyle(target).outlineStyle === 'none') window.unseen.push(target.outerHTML.slice(0, 80));
      });`);
    for (let i = 0; i < wanted + 20; i++) await opened.page.keyboard.press('Tab');
    const reached = await inPage<number>(
      `[...window.reached].filter((element) => element.matches('a, button, input, summary, [tabindex="0"]') && !element.closest('svg')).length`,
    );
    expect(reached).toBe(wanted);
    expect(await inPage('window.unseen')).toEqual([]);
  });

  test.each(['light', 'dark'])('fits a phone, %s', async (scheme) => {
    await opened.page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    await opened.page.setViewport({ width: 390, height: 844 });
    expect(await inPage('document.documentElement.scrollWidth')).toBe(390);
    const ground = await inPage<string>('getComputedStyle(document.body).backgroundColor');
    expect(ground).toBe(scheme === 'dark' ? 'rgb(22, 24, 29)' : 'rgb(255, 255, 255)');
  });

  test('never asks the network for anything, and logs no error', () => {
    expect(opened.faults).toEqual([]);
  });

  test('is the same file for the same folder', async () => {
    const first = readFileSync(join(folder, 'report.html'), 'utf8');
    await contend('report', folder, '--out', join(folder, 'again.html'));
    expect(readFileSync(join(folder, 'again.html'), 'utf8')).toBe(first);
  });
});

test('a sweep ends with its charts and report, and so do its shards once they are merged', {
  timeout: 120_000,
}, async () => {
  const here = mkdtempSync(join(tmpdir(), 'contend-sweep-report-'));
  const file = join(here, 'one.yaml');
  writeFileSync(
    file,
    'name: one\nalgorithms: [silo, 2pl]\nworkloads: [cycle]\ncores: [2]\ntransactions: [20]\nmachines: [server-32]\n',
  );
  const [out, whole, ...shards] = ['results', 'merged', 'first', 'second'].map((name) => join(here, name));
  const sweep = (...words: string[]) => contend('sweep', file, '--workers', '1', ...words);
  expect(await sweep('--out', out, '--no-report')).toMatchObject({ status: 0 });
  expect(readdirSync(out)).not.toContain('charts');
  expect(readdirSync(out)).not.toContain('report.html');
  // Its trials are done already, so only the pictures are made.
  const { out: said } = await sweep('--out', out);
  expect(said).toContain(`charts in ${join(out, 'charts')}\nreport in ${join(out, 'report.html')}\n`);
  expect(readFileSync(join(out, 'report.html'), 'utf8')).toContain('<h1>one</h1>');

  for (const [at, shard] of shards.entries()) await sweep('--out', shard, '--shard', `${at + 1}/2`);
  // A part of a grid answers no question.
  expect(await contend('merge', shards[0], '--out', whole)).toMatchObject({ status: 1 });
  for (const part of [shards[0], whole]) expect(readdirSync(part)).not.toContain('report.html');
  expect(await contend('merge', ...shards, '--out', whole, '--no-report')).toMatchObject({ status: 0 });
  expect(readdirSync(whole)).not.toContain('report.html');
  const merged = await contend('merge', ...shards, '--out', whole);
  expect(merged.out).toContain(`report in ${join(whole, 'report.html')}\n`);
  expect(readdirSync(whole).sort()).toEqual(readdirSync(out).sort());
  const [charts, same] = [out, whole].map((folder) => readdirSync(join(folder, 'charts')));
  expect(same).toEqual(charts);
  expect(charts.filter((name) => name.endsWith('.png')).length).toBeGreaterThan(3);
  rmSync(here, { recursive: true });
});

test.each([
  [['report'], 'a report of what? give a results folder'],
  [['report', 'test'], 'test is no results folder: it has no environment.json'],
])('contend %s is refused', async (words, complaint) => {
  expect(await contend(...words)).toEqual({ status: 2, out: '', err: `contend: ${complaint}\n` });
});

/** reproduce: a paper of two cells, its claims, its reference, and what is refused. */
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { main } from '../../harness/cli/main.ts';
import { fakeTerminal } from './terminal.ts';

async function contend(...words: string[]) {
  const terminal = fakeTerminal();
  const status = await main(words, terminal);
  return { status, ...terminal.said };
}

const EXPERIMENT = `
name: mine
question: Is it so?
algorithms: [silo]
workloads: [transfers: { variant: plain, work: 1000, accounts: 100 }]
machines: [server-32]
cores: [1, 4]
transactions: [40]
`;

const CLAIMS = `
import { asItIs, defineClaims, every, ratio } from 'contend/claims';
export default defineClaims({
  paper: 'Somebody: Something. 2020',
  settings: [{ name: 'as it is', summary: 'the model', selects: asItIs }],
  claims: [{
    id: 'MINE-1', statement: 'four cores are faster than one', source: 'figure 1', mark: 'read',
    quantity: 'throughput on 4 cores / on 1', threshold: 'at least 2', paper: [{ text: '3.1', mark: 'by eye' }],
    values: (rows) => [ratio('4 cores', rows.where({ cores: 4 }), rows.where({ cores: 1 }))],
    holds: every((gain) => gain >= 2),
    weak: every((gain) => gain > 1),
  }],
});
`;

/** A folder of a paper inside one of papers. */
function paper(
  files: Readonly<Record<string, string>> = { 'experiment.yaml': EXPERIMENT, 'claims.ts': CLAIMS },
) {
  const root = mkdtempSync(join(tmpdir(), 'contend-reproduce-'));
  const folder = join(root, 'papers', 'mine');
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return { folder, out: join(root, 'out'), reference: join(root, 'results', 'mine') };
}

describe('reproduce', () => {
  const mine = paper();
  let first: Awaited<ReturnType<typeof contend>>;
  beforeAll(async () => {
    first = await contend('reproduce', mine.folder, '--out', mine.reference);
  });

  test('prints the claims and leaves them beside the rows', () => {
    expect(first.status).toBe(0);
    expect(first.out).toMatch(/^ MINE-1 +four cores .* 3\.1 \[by eye\] +at least 2 +holds/m);
    expect(first.out).toMatch(/^ 1 holds$/m);
    expect(first.out).toMatch(/^ no reference rows of these trials/m);
    const [{ findings }] = JSON.parse(readFileSync(join(mine.reference, 'claims.json'), 'utf8')).claims;
    expect(findings[0].values[0].trials).toHaveLength(2);
    expect(readFileSync(join(mine.reference, 'claims.md'), 'utf8')).toContain('| MINE-1 |');
  });

  test('again has the same rows, digit for digit', async () => {
    const { status, out } = await contend('reproduce', mine.folder, '--out', mine.out);
    expect(status).toBe(0);
    expect(out).toMatch(/^ 2 of 2 rows the same as in .*results\/mine, digit for digit$/m);
  });

  test('a trial is one command, whose row is the same again', async () => {
    const [, trial] = /--trial (\w{12})/.exec(first.out) as RegExpExecArray;
    const { out } = await contend('reproduce', mine.folder, '--trial', trial);
    const [, ...words] = out.trim().split(' ').slice(1);
    const again = await contend(...words, '--out', mine.out);
    expect(again.status).toBe(0);
    expect(readFileSync(join(mine.out, 'runs.csv'), 'utf8')).toContain(trial);
    expect(await contend('reproduce', mine.folder, '--trial', '0123456789ab')).toMatchObject({
      status: 2,
      err: 'contend: no trial 0123456789ab in mine: the column trial of its runs.csv has them\n',
    });
  });

  test('a claim that held and no longer does is an exit status of 1; rows that differ are named', async () => {
    const runs = join(mine.reference, 'runs.csv');
    const text = readFileSync(runs, 'utf8');
    const other = paper({ 'experiment.yaml': EXPERIMENT, 'claims.ts': CLAIMS.replaceAll('>= 2', '>= 100') });
    mkdirSync(other.reference, { recursive: true });
    for (const name of ['environment.json', 'summary.csv', 'rejected.csv']) {
      writeFileSync(join(other.reference, name), readFileSync(join(mine.reference, name)));
    }
    const [header, one, four] = text.trim().split('\n');
    const at = header.split(',').indexOf('throughput_tps');
    const cells = four.split(',');
    cells[at] = `${1000 * Number(cells[at])}`;
    writeFileSync(join(other.reference, 'runs.csv'), `${[header, one, cells.join(',')].join('\n')}\n`);
    const { status, out } = await contend('reproduce', other.folder, '--out', other.out);
    expect(status).toBe(1);
    expect(out).toContain(' MINE-1 held in the reference and now weak (as it is)');
    expect(out).toMatch(/^ 1 of 2 rows the same as in .*; \w{12} differs in throughput_tps$/m);
    const json = await contend('reproduce', other.folder, '--out', other.out, '--json');
    expect(json.status).toBe(1);
    expect(JSON.parse(json.out)).toMatchObject({
      regressions: [{ claim: 'MINE-1', verdict: 'weak' }],
      rows: { same: 1, added: 0, rejected: 0 },
    });
  });

  test.each([
    ['no paper', [], 'which paper? known: '],
    ['a misspelt paper', ['blok-stm'], 'unknown paper: blok-stm (did you mean block-stm? known: '],
    ['a folder that is not there', ['./nowhere'], 'no such folder of a paper: ./nowhere'],
  ])('refuses %s', async (_, words, message) => {
    const { status, err } = await contend('reproduce', ...words);
    expect(status).toBe(2);
    expect(err).toContain(`contend: ${message}`);
    expect(err.trim().split('\n')).toHaveLength(1);
  });

  test.each<[string, Record<string, string>, RegExp]>([
    ['without claims', { 'experiment.yaml': EXPERIMENT }, /is no paper's folder: it has no claims\.ts/],
    [
      'whose claims do not load',
      { 'claims.ts': "throw new Error('mine')" },
      /cannot load .*claims\.ts: mine/,
    ],
    ['whose claims are none', { 'claims.ts': 'export default {}' }, /should export defineClaims/],
    ['without an experiment', { 'claims.ts': CLAIMS }, /cannot read the experiment .*experiment\.yaml/],
  ])('refuses a folder %s', async (_, files, message) => {
    const { status, err } = await contend('reproduce', paper(files).folder);
    expect(status).toBe(2);
    expect(err).toMatch(message);
    expect(err.trim().split('\n')).toHaveLength(1);
  });
});

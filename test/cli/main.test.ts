/** The command line, in this process: what it refuses and how, and what its commands print and leave behind. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse as parseCsv } from 'csv-parse/sync';
import { expect, test, vi } from 'vitest';
import { algorithms } from '../../algorithms/index.ts';
import { nameOf } from '../../harness/cli/command.ts';
import { commands } from '../../harness/cli/commands/index.ts';
import { main } from '../../harness/cli/main.ts';
import { models } from '../../harness/machine/simulated/models/index.ts';
import { workloads } from '../../workloads/index.ts';
import { fakeTerminal } from './terminal.ts';

const SMALL = ['--transactions', '40', '--cores', '4', '--set', 'accounts=4', '--set', 'work=100'];

async function contend(...words: string[]) {
  const terminal = fakeTerminal();
  const status = await main(words, terminal);
  return { status, ...terminal.said };
}

const scratch = (): string => mkdtempSync(join(tmpdir(), 'contend-cli-'));
const rows = (folder: string, name: string): Record<string, string>[] =>
  parseCsv(readFileSync(join(folder, name), 'utf8'), { columns: true });

test.each([
  ['rnu', 'unknown command: rnu (did you mean run? '],
  ['run', 'which algorithm? known: '],
  ['run silo silo', 'unexpected argument: silo (contend run --help shows what it takes)'],
  ['run sillo', 'unknown algorithm: sillo (did you mean silo? known: '],
  ['run silo --machin threads', 'unknown option: --machin (did you mean --machine? known: '],
  ['run silo --machine=server-23', 'unknown machine: server-23 (did you mean server-32? known: '],
  ['run silo --workload trasfers', 'unknown workload: trasfers (did you mean transfers? known: '],
  ['run silo --set acounts=3', 'unknown parameter of transfers: acounts (did you mean accounts? known: '],
  ['run silo --set accounts', '--set takes name=value, not "accounts"'],
  ['run silo --set =3', '--set takes name=value, not "=3"'],
  ['run silo --set accounts=', '--set takes name=value, not "accounts="'],
  ['run silo --set accounts=1', 'parameter of transfers accounts: accounts must be at least 2'],
  ['run silo --set accounts=many', 'parameter of transfers accounts: must be a number, not "many"'],
  ['run silo --set accounts=2.5', 'parameter of transfers accounts: must be a whole number, not 2.5'],
  [
    'run silo --set variant=no',
    'parameter of transfers variant: must be one of diem, aptos, plain, not "no"',
  ],
  ['run silo --set accounts=[', '--set accounts: [ is no value: '],
  ['run silo --set accounts=2 --set accounts=3', '--set accounts is given more than once'],
  ['run silo --set __proto__=3', 'unknown parameter of transfers: __proto__ '],
  ['run silo --set', 'Not enough arguments following: set'],
  ['run silo --option polcy=x', 'unknown option of silo: polcy '],
  ['run silo --cores abc', 'cores must be an integer from 1 to 32 (server-32 has 32), not abc'],
  ['run silo --cores 33', 'cores must be an integer from 1 to 32 (server-32 has 32), not 33'],
  ['run silo --cores 0', 'cores must be an integer from 1 to 32 (server-32 has 32), not 0'],
  ['run silo --cores 1.5', 'cores must be an integer from 1 to 32 (server-32 has 32), not 1.5'],
  ['run silo --model hot_ns=3', 'unknown figure of server-32: hot_ns (did you mean hit_ns? known: '],
  ['run silo --model hit_ns=-1', 'figure of server-32 hit_ns: must be at least 0, not -1'],
  ['run silo --model domains=[{"cores":3,"transfer_ns":1}]', 'figure of server-32 domains: '],
  ['run silo --machine threads --model hit_ns=1', 'figure of threads hit_ns: real threads have no model'],
  ['run silo --cores 2 --cores 3', '--cores is given more than once'],
  ['run silo --cores=', '--cores has no value'],
  ['run silo --transactions 1e12', 'transactions must be an integer from 1 to 1000000, not 1000000000000'],
  ['run silo --transactions NaN', 'transactions must be an integer from 1 to 1000000, not NaN'],
  ['run silo --seed -1', 'seed must be an integer from 0 to 2147483647, not -1'],
  ['run silo --repetitions 0', 'repetitions must be an integer from 1 to 10000, not 0'],
  ['run ./mine.ts', 'no such algorithm file: ./mine.ts'],
  ['run mine.ts', 'no such algorithm file: mine.ts'],
  ['run ./test', './test is not a file, so it holds no algorithm'],
  ['run silo --workload ./mine.ts', 'no such workload file: ./mine.ts'],
  ['run silo --out package.json/below', 'cannot write results to package.json/below: '],
  ['run silo --machine ./mine.json', 'no such machine file: ./mine.json'],
  ['calibrate --machine host', '--machine names a model to judge: give --judge too'],
  ['calibrate --judge --machine hots', 'unknown machine: hots (did you mean host? '],
  ['calibrate --out package.json/below.json', 'cannot write the model to package.json/below.json: '],
  ['compare silo sillo', 'unknown algorithm: sillo (did you mean silo? known: '],
  ['compare --option polcy=x', 'unknown option of these algorithms: polcy '],
  [
    'compare ./test/cli/fixtures/liar.ts ./test/cli/fixtures/other-liar.ts',
    'two algorithms call themselves liar: ',
  ],
  [
    'list algoritms',
    'unknown list: algoritms (did you mean algorithms? known: algorithms, machines, workloads)',
  ],
])('contend %s: %s', async (line, complaint) => {
  const { status, out, err } = await contend(...line.split(' '));
  expect({ status, out }).toEqual({ status: 2, out: '' });
  expect(err.startsWith(`contend: ${complaint}`), err).toBe(true);
  expect(err.trimEnd()).not.toContain('\n');
});

test("a file that is called as a registered algorithm is goes by its file's name", async () => {
  const out = scratch();
  const file = './test/cli/fixtures/namesake.ts';
  const { status } = await contend('compare', 'sequential', file, '--seeds', '1', ...SMALL, '--out', out);
  expect(status).toBe(0);
  expect(
    rows(out, 'runs.csv')
      .map(({ algorithm }) => algorithm)
      .sort(),
  ).toEqual(['namesake.ts', 'sequential']);
});

test('a run whose attempts nobody counted has no row, and the reason says so', async () => {
  const out = scratch();
  const ran = await contend('run', './test/cli/fixtures/uncounted.ts', ...SMALL, '--out', out);
  expect(ran.status).toBe(1);
  expect(ran.out).toContain('0 attempts were begun, but 40 transactions were completed');
  expect(rows(out, 'runs.csv')).toEqual([]);
  expect(rows(out, 'rejected.csv')).toHaveLength(1);
});

test('how long to wait for a silent file is a number of seconds', async () => {
  vi.stubEnv('CONTEND_PATIENCE', 'soon');
  const { status, err } = await contend('run', './test/cli/fixtures/liar.ts', ...SMALL);
  vi.unstubAllEnvs();
  expect({ status, err }).toEqual({
    status: 2,
    err: 'contend: CONTEND_PATIENCE is a number of seconds, not "soon"\n',
  });
});

test('without a command: help on the other stream, and wrong usage', async () => {
  const { status, out, err } = await contend();
  expect({ status, out }).toEqual({ status: 2, out: '' });
  expect(err).toMatch(/contend compare[\s\S]*which command\? known: list, run, compare/);
});

test('help of a command shows examples, options and exit status, and is no error', async () => {
  const { status, out, err } = await contend('run', '--help');
  expect({ status, err }).toEqual({ status: 0, err: '' });
  expect(out).toMatch(/Examples:[\s\S]*contend run /);
  // Each on a line of its own, so that it can be copied.
  for (const [name, load] of Object.entries(commands)) {
    const command = await load();
    expect(nameOf(command)).toBe(name);
    const lines = (await contend(name, '--help')).out.split('\n');
    for (const [example] of command.examples) expect(lines).toContain(`  contend ${example}`);
  }
  expect(out).toMatch(/--transactions .*\[default: 1000\]/);
  expect(out).toContain('Exit status: ');
  expect(out).not.toContain('[string]');
});

test('a version is that of the package', async () => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  expect(await contend('--version')).toEqual({ status: 0, out: `${version}\n`, err: '' });
});

test('list names everything that is registered, with its options', async () => {
  const { status, out } = await contend('list');
  expect(status).toBe(0);
  for (const name of [
    ...Object.keys(algorithms),
    ...Object.keys(workloads),
    ...Object.keys(models),
    'threads',
  ]) {
    expect(out).toMatch(new RegExp(`^ +${name}\\b`, 'm'));
  }
  expect(out).toMatch(/accounts +1000 +2 to \d+ +accounts to pay between/);
});

test('list as JSON holds defaults and descriptions', async () => {
  const { out } = await contend('list', 'workloads', '--json');
  const listed = JSON.parse(out);
  expect(Object.keys(listed)).toEqual(['workloads']);
  const transfers = listed.workloads.find(({ name }: { name: string }) => name === 'transfers');
  expect(transfers.parameters[0]).toMatchObject({ name: 'accounts', default: 1000, description: /./ });
});

test('run prints the result, and the command that repeats it', async () => {
  const { status, out } = await contend('run', 'sequential', ...SMALL);
  expect(status).toBe(0);
  expect(out).toContain('sequential on transfers accounts=4 variant=diem work=100');
  expect(out).toMatch(/speed-up +1\.00×|speed-up +0\.\d\d×/);
  expect(out).toContain('verdict       valid');
  expect(out).toContain(
    'npx contend run sequential --workload transfers --set accounts=4 --set work=100 --machine server-32 --cores 4 --transactions 40 --seed 1',
  );
});

test('run as JSON is one document, with every number of the trial', async () => {
  const { status, out } = await contend('run', 'sequential', ...SMALL, '--json');
  expect(status).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    configuration: { algorithm: 'sequential', machine: 'server-32', cores: 4 },
    n: 1,
    medians: { committed: 40, aborts: 0 },
    trials: [{ repetition: 1, verdict: { verdict: 'valid' } }],
  });
});

test('a rejected run is explained, kept out of runs.csv, and fails', async () => {
  const out = scratch();
  const result = await contend('run', 'uncontrolled', ...SMALL, '--out', out);
  expect(result.status).toBe(1);
  expect(result.out).toMatch(/verdict +invalid +G[-\w]+, /);
  expect(rows(out, 'runs.csv')).toEqual([]);
  const [row] = rows(out, 'rejected.csv');
  expect(row).toMatchObject({ algorithm: 'uncontrolled', verdict: 'invalid', 'workload.accounts': '4' });
  expect(result.out).toContain(join(out, row.counterexample));
  const { command, evidence } = JSON.parse(readFileSync(join(out, row.counterexample), 'utf8'));
  expect(result.out).toContain(command);
  expect(Object.keys(evidence).length).toBeGreaterThan(0);
});

test('compare shows a rejected control and does not fail for it', async () => {
  const out = scratch();
  const result = await contend(
    'compare',
    'uncontrolled',
    'sequential',
    ...SMALL,
    '--seeds',
    '1',
    '--out',
    out,
  );
  expect(result.status).toBe(0);
  expect(result.out).toMatch(/^ {2}uncontrolled .* rejected \(G[-\w]+\)$/m);
  expect(result.out).toMatch(/^ {2}sequential .* valid$/m);
  expect(rows(out, 'runs.csv').map((row) => row.algorithm)).toEqual(['sequential']);
  expect(rows(out, 'rejected.csv').map((row) => row.algorithm)).toEqual(['uncontrolled']);
  expect(rows(out, 'summary.csv').map((row) => [row.algorithm, row.n, row.rejected])).toEqual([
    ['uncontrolled', '0', '1'],
    ['sequential', '1', '0'],
  ]);
});

test('compare fails where what claims to be serializable is not', async () => {
  const result = await contend('compare', 'sequential', './test/cli/fixtures/liar.ts', ...SMALL);
  expect(result.status).toBe(1);
  expect(result.out).toContain('failed: 1 configuration without a valid verdict');
  expect(result.out).toMatch(/liar: rejected/);
});

test('simulated rows are the same bytes each time', async () => {
  const folders = [scratch(), scratch()];
  for (const out of folders)
    await contend('compare', 'silo', 'block-stm', ...SMALL, '--seeds', '1', '--out', out);
  const [first, second] = folders.map((out) =>
    ['runs.csv', 'summary.csv', 'rejected.csv'].map((name) => readFileSync(join(out, name), 'utf8')),
  );
  expect(first).toEqual(second);
  expect(first[0].split('\n')).toHaveLength(4);
});

test('an option goes to the algorithms that have it', async () => {
  const words = [
    'compare',
    'silo',
    'sequential',
    ...SMALL,
    '--seeds',
    '1',
    '--option',
    'backoff=7',
    '--json',
  ];
  const all = JSON.parse((await contend(...words)).out) as { configuration: { options: object } }[];
  expect(all.map(({ configuration }) => configuration.options)).toEqual([
    expect.objectContaining({ backoff: 7 }),
    {},
  ]);
});

test("a fault of an algorithm's is told with its message and its place, as no misuse", async () => {
  const { status, out } = await contend('run', './test/cli/fixtures/throws.ts', ...SMALL);
  expect(status).toBe(1);
  expect(out).toContain('the fixture is at fault');
  expect(out).toMatch(/fixtures\/throws\.ts:\d+:\d+/);
});

test('a broken file is told as what it is', async () => {
  const SEQUENTIAL = `import sequential from '${new URL('../../algorithms/sequential.ts', import.meta.url).href}';`;
  const complaints: [content: string, complaint: RegExp][] = [
    ['export default { name: "x" };', /is no algorithm: it lacks guarantee/],
    ['export const x = 1;', /has no default export; it should export defineAlgorithm/],
    [
      '\nthrow new Error("at loading");',
      /^contend: cannot load the algorithm \/.*broken\.ts: at loading \(\/.*broken\.ts:2\)\n$/,
    ],
    ["export default {\n  name: 'x\n};", /: Unterminated string constant \(\/.*broken\.ts:2\)\n$/],
    [
      "import 'contend/parts/access-sets';",
      /: there is no contend\/parts\/access-sets to import \(known: contend\/algorithm, .*contend\/parts\/access-set, /,
    ],
    [
      `${SEQUENTIAL} export default { ...sequential, witness: 'point' };`,
      /broken\.ts: witness is point, which is none of preset, points, versions\n$/,
    ],
    [
      `${SEQUENTIAL} export default { ...sequential, options: 3 };`,
      /broken\.ts: its options are no z\.strictObject/,
    ],
  ];
  for (const [content, complaint] of complaints) {
    const path = join(scratch(), 'broken.ts');
    writeFileSync(path, content);
    const { status, err } = await contend('run', path);
    expect(status).toBe(2);
    expect(err).toMatch(complaint);
  }
});

/** Experiment files: what they mean, what is refused and where, and that writing one out loses nothing. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import type { Configuration } from '../../../harness/experiment/configuration.ts';
import { type Experiment, readExperiment, resolved } from '../../../harness/experiment/file/experiment.ts';
import { configurationId, requestOf } from '../../../harness/experiment/identity.ts';

const FIXTURE = fileURLToPath(new URL('../../cli/fixtures/liar.ts', import.meta.url));

function written(text: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'contend-experiment-')), 'e.yaml');
  writeFileSync(path, text);
  return path;
}

const read = (text: string): Promise<Experiment> => readExperiment(written(text));

/** The complaint about a file, without the folder that the file lies in. */
async function complaint(text: string): Promise<string[]> {
  const error = await read(text).then(
    () => new Error('accepted'),
    (thrown: Error) => thrown,
  );
  return error.message.split('\n').map((line) => line.replace(/^.*\/(e\.yaml)/, '$1'));
}

const SMALL = `name: small
algorithms: [silo]
workloads: [cycle]
machines: [server-32]
cores: [2]
`;

const ids = ({ configurations }: Experiment): string[] => configurations.map(configurationId);

describe('law: written out with every default, an experiment reads back as the same grid', () => {
  const some = <T>(values: readonly T[]) =>
    fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 2 });
  const axes = {
    algorithms: some([
      'silo',
      { '2pl': { policy: ['no-wait', 'wait-die'], timeout: [0, 50] } },
      { 'block-stm': { estimates: [true, false] } },
      { 'static-dag': null },
      FIXTURE,
    ]),
    workloads: some([
      'cycle',
      { transfers: { accounts: [2, 10], variant: ['diem', 'plain'] } },
      { ycsb: { theta: [0, 0.9], keys: 100 } },
    ]),
    machines: some(['server-32', 'threads', { 'two-socket': { block_ns: [0, 5e6], transfer_ns: 100 } }]),
    cores: some([1, 2, 4]),
    transactions: some([10, 20]),
    seeds: some([1, 2, 3]),
  };
  const file = fc.record(
    {
      ...axes,
      name: fc.constantFrom('a', 'b-2', 'no', '1'),
      question: fc.constantFrom('why: # so?', ' '),
      repetitions: fc.integer({ min: 1, max: 9 }),
      until: fc.constant({ percent: 2.5, most: 30 }),
      include: fc.array(fc.record(axes, { requiredKeys: [] }), { maxLength: 2 }),
      exclude: fc.constantFrom([], [{ cores: [1, 2, 4], seed: 1, transactions: 10 }]),
    },
    { requiredKeys: ['name', 'algorithms', 'workloads', 'machines', 'cores'] },
  );

  test('for any file', async () => {
    await fc.assert(
      fc.asyncProperty(file, async (content) => {
        const experiment = await read(stringify(content)).catch((error: Error) => {
          // An exclusion may happen to match nothing, or all.
          expect(error.message).toMatch(/excludes (nothing|every cell)/);
          return undefined;
        });
        if (experiment === undefined) return;
        const folder = mkdtempSync(join(tmpdir(), 'contend-resolved-'));
        const again = join(folder, 'experiment.yaml');
        writeFileSync(again, resolved(experiment, folder));
        const copy = await readExperiment(again);
        expect(ids(copy)).toEqual(ids(experiment));
        expect(new Set(ids(copy)).size).toBe(copy.configurations.length);
        const { name, question, repetitions, until } = experiment;
        expect(copy).toMatchObject({ name, question, repetitions, until });
        expect(resolved(copy, folder)).toBe(resolved(experiment, folder));
      }),
      { seed: 4, numRuns: 60 },
    );
  });
});

describe('what a file means', () => {
  test('lists multiply, and cells come block by block, then by cores, then by algorithm', async () => {
    const { configurations } = await read(`name: x
algorithms: [silo, 2pl: { policy: [no-wait, wait-die] }]
workloads: [transfers: { accounts: [2, 10] }]
machines: [server-32]
cores: [1, 4]
seeds: [1, 2]
`);
    const told = ({ algorithm, cores, options, parameters, seed, transactions }: Configuration) =>
      [parameters.accounts, transactions, seed, cores, algorithm.reference, options.policy].join(' ');
    expect(configurations).toHaveLength(2 * 2 * 2 * 3);
    expect(configurations.slice(0, 7).map(told)).toEqual([
      '2 1000 1 1 silo ',
      '2 1000 1 1 2pl no-wait',
      '2 1000 1 1 2pl wait-die',
      '2 1000 1 4 silo ',
      '2 1000 1 4 2pl no-wait',
      '2 1000 1 4 2pl wait-die',
      '2 1000 2 1 silo ',
    ]);
  });

  test('an inclusion adds cells and takes the axes that it leaves out from the experiment', async () => {
    const experiment = await read(
      `${SMALL}include:\n  - { cores: [2, 8] }\n  - { algorithms: [sequential] }\n`,
    );
    const cells = experiment.configurations.map(({ algorithm, cores }) => `${algorithm.reference} ${cores}`);
    expect(cells).toEqual(['silo 2', 'silo 8', 'sequential 2']);
  });

  test('an exclusion leaves out what matches all that it names', async () => {
    const experiment =
      await read(`${SMALL.replace('[2]', '[1, 2]').replace('[silo]', '[silo, 2pl: { policy: [no-wait, wait-die] }]')}exclude:
  - { algorithm: 2pl, cores: 1 }
  - { algorithm.policy: no-wait, cores: [2, 3] }
`);
    const cells = experiment.configurations.map(({ algorithm, cores }) => `${algorithm.reference} ${cores}`);
    expect(cells).toEqual(['silo 1', 'silo 2', '2pl 2']);
  });

  test('a setting whose value is a list itself is written as a list of one', async () => {
    const experiment = await read(`name: x
algorithms: [silo]
workloads: [cycle]
machines:
  - two-socket: { domains: [[{ cores: 8, transfer_ns: 40 }, { cores: 32, transfer_ns: 90 }]] }
cores: [32]
`);
    const [{ model }] = experiment.configurations;
    expect(model?.domains).toEqual([
      { cores: 8, transfer_ns: 40 },
      { cores: 32, transfer_ns: 90 },
    ]);
    expect((await read(resolved(experiment, '/'))).configurations.map(requestOf)).toEqual(
      experiment.configurations.map(requestOf),
    );
  });

  test("a file's paths are relative to its own folder, and are rewritten for the folder of the results", async () => {
    const path = written('');
    writeFileSync(path.replace('e.yaml', 'mine.ts'), `export { default } from '${FIXTURE}';`);
    writeFileSync(path, SMALL.replace('[silo]', '[./mine.ts]'));
    const experiment = await readExperiment(path);
    expect(resolved(experiment, join(path, '../results/x'))).toContain('- ../../mine.ts\n');
  });

  test('JSON is YAML too', async () => {
    const experiment = await read(
      '{"name":"j","algorithms":["silo"],"workloads":["cycle"],"machines":["threads"],"cores":[1]}',
    );
    expect(experiment).toMatchObject({ name: 'j', repetitions: 5 });
  });
});

describe('a wrong file is refused before anything runs: file, line, column, path, and what is allowed', () => {
  test.each([
    ['no YAML', 'name: [', /^e\.yaml:1:8: Flow sequence in block collection must be/],
    ['a key given twice', `${SMALL}name: b\n`, /^e\.yaml:6:1: Map keys must be unique/],
    ['an empty file', '', /^e\.yaml:1:1: name: is missing: a text$/],
    ['a list', '- a\n', /^e\.yaml:1:1: must be names with values, not \["a"\]$/],
    ['a missing axis', SMALL.replace(/cores.*\n/, ''), /^e\.yaml:1:1: cores: missing; write it as \[1, 2\]/],
    [
      'an unknown field',
      `${SMALL}repetition: 3\n`,
      /^e\.yaml:6:1: repetition: unknown field: repetition \(did you mean repetitions\? known: /,
    ],
    [
      'an unknown field of an inclusion',
      `${SMALL}include:\n  - core: [1]\n`,
      /^e\.yaml:7:5: include\.0\.core: unknown field: core \(did you mean cores\? /,
    ],
    [
      'an unknown field of until',
      `${SMALL}until: { percents: 1, percent: 1, most: 9 }\n`,
      /^e\.yaml:6:10: until\.percents: unknown field: percents \(did you mean percent\? known: most, percent\)/,
    ],
    ['a name that is a path', SMALL.replace('small', '..'), /^e\.yaml:1:1: name: a name is of letters/],
    [
      'an unknown algorithm',
      SMALL.replace('[silo]', '\n  - silo\n  - sillo'),
      /^e\.yaml:4:5: algorithms\.1: unknown algorithm: sillo \(did you mean silo\? known: 2pl/,
    ],
    [
      'an unknown option',
      SMALL.replace('[silo]', '\n  - 2pl: { polcy: no-wait }'),
      /^e\.yaml:3:12: algorithms\.0\.2pl\.polcy: unknown option of 2pl: polcy \(did you mean policy\?/,
    ],
    [
      'a value that an option does not have',
      SMALL.replace('[silo]', '\n  - 2pl: { policy: [no-wait, maybe] }'),
      /^e\.yaml:3:12: algorithms\.0\.2pl\.policy: option of 2pl policy: must be one of no-wait, .*, not "maybe"$/,
    ],
    [
      'an unknown machine',
      SMALL.replace('server-32', 'server-23'),
      /^e\.yaml:4:12: machines\.0: unknown machine: server-23 \(did you mean server-32\?/,
    ],
    [
      'figures of real threads',
      SMALL.replace('[server-32]', '[threads: { hit_ns: 1 }]'),
      /^e\.yaml:4:23: machines\.0\.threads\.hit_ns: .*real threads have no model/,
    ],
    [
      'more cores than the machine has',
      SMALL.replace('[2]', '[2, 64]'),
      /^e\.yaml:5:12: cores\.1: cores must be an integer from 1 to 32 \(server-32 has 32\), not 64$/,
    ],
    [
      'a file that is not there',
      SMALL.replace('silo', './no.ts'),
      /^e\.yaml:2:14: algorithms\.0: no such algorithm file/,
    ],
    [
      'two names in one entry',
      SMALL.replace('[silo]', '\n  - silo: {}\n    2pl: {}'),
      /^e\.yaml:3:5: algorithms\.0: an entry is one name with its settings/,
    ],
    [
      'a number for a list',
      SMALL.replace('[2]', '2'),
      /^e\.yaml:5:1: cores: not a list; write it as \[1, 2\]/,
    ],
    [
      'an exclusion by a column that there is not',
      `${SMALL}exclude:\n  - { core: 1 }\n`,
      /^e\.yaml:7:7: exclude\.0\.core: unknown column: core \(did you mean cores\?/,
    ],
    [
      'an exclusion that matches nothing, since a mistyped value must not run what was to be left out',
      `${SMALL}exclude:\n  - { algorithm: sillo }\n`,
      /^e\.yaml:7:5: exclude\.0: excludes nothing: no cell matches/,
    ],
    [
      'an exclusion of everything',
      `${SMALL}exclude:\n  - { algorithm: silo }\n`,
      /^e\.yaml:6:1: exclude: excludes every cell/,
    ],
  ])('%s', async (_, text, expected) => {
    const [first] = await complaint(text);
    expect(first).toMatch(expected);
  });

  test('every fault is told, each once', async () => {
    const text = SMALL.replace('[silo]', '[silo: { x: 1 }, sillo]').replace('[2]', '[2, 64, 65]');
    expect(await complaint(text)).toEqual([
      expect.stringMatching(/^e\.yaml:2:22: algorithms\.0\.silo\.x: unknown option of silo: x/),
      expect.stringMatching(/^e\.yaml:2:30: algorithms\.1: unknown algorithm: sillo/),
    ]);
  });

  test('two algorithms of one name', async () => {
    const path = written('');
    const twin = path.replace('e.yaml', 'twin.ts');
    writeFileSync(twin, `export { default } from '${FIXTURE}';`);
    writeFileSync(path, SMALL.replace('[silo]', `[${FIXTURE}, ./twin.ts]`));
    await expect(readExperiment(path)).rejects.toThrow(/two algorithms call themselves /);
  });

  test('a file that cannot be read', async () => {
    await expect(readExperiment('/no/such.yaml')).rejects.toThrow('cannot read the experiment /no/such.yaml');
  });
});

/** The printed command repeats the configuration: a shell and the command line's own parser read it back. */
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse as yaml } from 'yaml';
import { settings } from '../../harness/cli/arguments.ts';
import { parse } from '../../harness/cli/main.ts';
import { configurationOf, repetitionsOf } from '../../harness/cli/trials.ts';
import { type Configuration, configure, type Request } from '../../harness/experiment/configuration.ts';
import { requestOf } from '../../harness/experiment/identity.ts';
import { commandFor, scalar } from '../../harness/report/command.ts';
import { fakeTerminal } from '../cli/terminal.ts';

fc.configureGlobal({ seed: 42 });

const TEXTS = new URL('../cli/fixtures/texts.ts', import.meta.url);

/** Words that shells and YAML take for something else, and any others. */
const text = fc.oneof(
  fc.constantFrom(
    'true',
    'null',
    '~',
    '1e3',
    '0x10',
    '-',
    '--out',
    '$(date)',
    '`x`',
    "it's",
    '"',
    '#x',
    'a: b',
    '*',
    '!',
    '&a',
  ),
  fc.stringMatching(/^[ "'$`\\|&;<>(){}[\]*?!#~=%:,\n\ta-z0-9é-]{0,8}$/),
);

const places: fc.Arbitrary<Pick<Request, 'machine' | 'model'>> = fc.oneof(
  fc.constant({ machine: 'threads' }),
  fc.record({
    machine: fc.constantFrom('server-32', 'two-socket'),
    model: fc.record(
      {
        transfer_ns: fc.double({ noNaN: true, min: 0, max: 1e12 }),
        block_ns: fc.integer({ min: 0, max: 1e7 }),
        domains: fc.constant([{ cores: 32, transfer_ns: 5 }]),
      },
      { requiredKeys: [] },
    ),
  }),
);

const requests: fc.Arbitrary<Request> = fc
  .record({
    algorithm: fc.constant(TEXTS.href),
    options: fc.record(
      {
        text,
        ratio: fc.double({ noNaN: true, noDefaultInfinity: true }),
        flag: fc.boolean(),
        list: fc.array(
          fc.oneof(text, fc.double({ noNaN: true, noDefaultInfinity: true, min: 1 }), fc.constant(null)),
          { maxLength: 3 },
        ),
      },
      { requiredKeys: [] },
    ),
    workload: fc.constant('transfers'),
    parameters: fc.record(
      { accounts: fc.integer({ min: 2, max: 1000 }), variant: fc.constantFrom('diem', 'aptos', 'plain') },
      { requiredKeys: [] },
    ),
    cores: fc.integer({ min: 1, max: 32 }),
    transactions: fc.integer({ min: 1, max: 1e6 }),
    seed: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
  })
  .chain((request) => places.map((place) => ({ ...request, ...place })));

/** The words of each command, as a shell splits them: one shell for all. */
function words(commands: readonly string[]): string[][] {
  const script = commands.map((command) => `printf '%s\\0' ${command}; printf '\\0'`).join('\n');
  const out = execFileSync('sh', ['-s'], { input: script, encoding: 'utf8' });
  return out
    .split('\0\0')
    .slice(0, -1)
    .map((line) => line.split('\0'));
}

async function readBack(typed: readonly string[]): Promise<Configuration> {
  const [npx, contend, ...rest] = typed;
  expect([npx, contend]).toEqual(['npx', 'contend']);
  const chosen = await parse(rest, fakeTerminal());
  const args = chosen?.args ?? {};
  expect(repetitionsOf(args)).toBe(args.machine === 'threads' ? 7 : 5);
  return configurationOf(args, { algorithm: String(args.algorithm), options: settings(args, 'option') });
}

test('any configuration survives being printed, split by a shell and parsed', {
  timeout: 30_000,
}, async () => {
  const sample = fc.sample(requests, { numRuns: 60, seed: 42 });
  const configurations = await Promise.all(sample.map(configure));
  const split = words(configurations.map((one) => commandFor(one, { repetitions: 7 })));
  expect(split).toHaveLength(configurations.length);
  for (const [at, configuration] of configurations.entries()) {
    expect(requestOf(await readBack(split[at]))).toEqual(requestOf(configuration));
  }
});

test('any value survives as a YAML scalar on one line', () => {
  const value = fc.oneof(text, fc.string(), fc.double(), fc.boolean(), fc.constantFrom(null, '', ' ', -0));
  fc.assert(
    fc.property(value, (given) => {
      expect(scalar(given)).not.toMatch(/\n/);
      expect(yaml(scalar(given))).toEqual(given);
    }),
  );
});

test('defaults are left out, a file is told by its path, and only threads have repetitions', async () => {
  const request = {
    algorithm: 'sequential',
    options: {},
    workload: 'transfers',
    parameters: { accounts: 10, work: 10_000 },
  };
  const simulated = await configure({
    ...request,
    machine: 'server-32',
    cores: 4,
    transactions: 100,
    seed: 1,
  });
  expect(commandFor(simulated)).toBe(
    'npx contend run sequential --workload transfers --set accounts=10 --machine server-32 --cores 4 --transactions 100 --seed 1',
  );
  const threads = await configure({ ...requestOf(simulated), algorithm: TEXTS.href, machine: 'threads' });
  expect(commandFor(threads, { repetitions: 3 })).toBe(
    'npx contend run ./test/cli/fixtures/texts.ts --workload transfers --set accounts=10 ' +
      '--machine threads --cores 4 --transactions 100 --seed 1 --repetitions 3',
  );
});

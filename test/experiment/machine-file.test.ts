/** Machine models in files: what they hold, and what is said of those that hold something else. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { configure, machineName, type Request } from '../../harness/experiment/configuration.ts';
import { refuseNamesakes } from '../../harness/experiment/identity.ts';
import { machineRequest, readModel } from '../../harness/experiment/machine-file.ts';
import { configurationRow } from '../../harness/experiment/row.ts';
import { models } from '../../harness/machine/simulated/models/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'contend-machines-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
/** The URL of a new file with this content. */
function file(content: string, ending = 'json'): string {
  const path = join(folder, `${files++}.${ending}`);
  writeFileSync(path, content);
  return pathToFileURL(path).href;
}

const {
  access_ns: _,
  attempt_ns: __,
  shared_ns: ______,
  shared_bytes: _______,
  operation_ns: _____,
  block_ns: ___,
  crowding: ____,
  ...laptop
} = { ...models['server-32'], name: 'laptop' };
const asked: Request = {
  algorithm: 'sequential',
  options: {},
  workload: 'cycle',
  parameters: {},
  machine: 'server-32',
  cores: 1,
  transactions: 10,
  seed: 1,
};

test.each(Object.values(models))('$name reads back from JSON and from YAML', (model) => {
  expect(readModel(file(JSON.stringify(model)))).toEqual(model);
  expect(readModel(file(stringify(model), 'yaml'))).toEqual(model);
});

test("an engine's own costs are nothing unless a file says so; neither are sources and summary needed", () => {
  const { sources, summary, ...figures } = laptop;
  expect(readModel(file(JSON.stringify(figures)))).toEqual({
    ...figures,
    summary: '',
    access_ns: 0,
    operation_ns: 0,
    shared_ns: 0,
    shared_bytes: 0,
    attempt_ns: 0,
    block_ns: 0,
    crowding: 0,
    sources: {},
  });
});

describe('what is wrong is said, with the place', () => {
  test.each<[string, string, RegExp]>([
    ['not JSON', '{"name": ', /is neither JSON nor YAML/],
    ['no figures', '[1, 2]', /is no machine model/],
    [
      'a misspelt figure',
      JSON.stringify({ ...laptop, hitns: 1 }),
      /figure .*: hitns \(did you mean hit_ns\?/,
    ],
    ['a figure that is missing', JSON.stringify({ ...laptop, pause_ns: undefined }), /it lacks pause_ns$/],
    ['a negative time', JSON.stringify({ ...laptop, hit_ns: -1 }), /: hit_ns: must be at least 0, not -1$/],
    [
      'a text for a number',
      JSON.stringify({ ...laptop, hit_ns: 'fast' }),
      /: hit_ns: must be a number, not "fast"$/,
    ],
    [
      'groups that are no powers of two',
      JSON.stringify({ ...laptop, domains: [{ cores: 3, transfer_ns: 1 }] }),
      /powers of two/,
    ],
    ['more cores than the groups hold', JSON.stringify({ ...laptop, cores: 33 }), /: domains: the outermost/],
    ['no groups', JSON.stringify({ ...laptop, domains: [] }), /: domains: /],
    [
      'a name of several words',
      JSON.stringify({ ...laptop, name: 'my laptop' }),
      /: name: a name has letters/,
    ],
    ['a source of nothing', JSON.stringify({ ...laptop, sources: { speed: 'me' } }), /: sources/],
  ])('%s', (_what, content, message) => {
    expect(() => readModel(file(content))).toThrow(message);
  });

  test('a model that calls itself as the real cores are called', async () => {
    const machine = file(JSON.stringify({ ...laptop, name: 'threads' }));
    await expect(configure({ ...asked, ...machineRequest(machine) })).rejects.toThrow(
      /cannot be called threads/,
    );
  });
});

test('a trial on it runs with its figures, and its rows carry its name', async () => {
  const machine = machineRequest(file(JSON.stringify({ ...laptop, cores: 6 })));
  const configuration = await configure({ ...asked, ...machine, cores: 6, model: { hit_ns: 9 } });
  expect(configuration.model).toMatchObject({ name: 'laptop', cores: 6, hit_ns: 9 });
  expect(machineName(configuration)).toBe('laptop');
  expect(configurationRow('some', configuration).machine).toBe('laptop');
  await expect(configure({ ...asked, ...machine, cores: 7 })).rejects.toThrow(/cores .*laptop has 6/);
});

test('two machines of one name are refused, as their rows would be taken for one another', async () => {
  const machines = [1, 2].map(() => file(JSON.stringify(laptop)));
  const [one, other] = await Promise.all(
    machines.map((machine) => configure({ ...asked, ...machineRequest(machine) })),
  );
  expect(() => refuseNamesakes([one, one])).not.toThrow();
  expect(() => refuseNamesakes([one, other])).toThrow(/two machines call themselves laptop/);
});

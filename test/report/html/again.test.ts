/** From a row back to its configuration: what the files say of a trial is enough to run it again. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { settings } from '../../../harness/cli/arguments.ts';
import { parse } from '../../../harness/cli/main.ts';
import { configurationOf } from '../../../harness/cli/trials.ts';
import { type Configuration, configure, type Request } from '../../../harness/experiment/configuration.ts';
import { requestOf } from '../../../harness/experiment/identity.ts';
import { configurationRow, type Row } from '../../../harness/experiment/row.ts';
import { Again, referencesOf } from '../../../harness/report/html/again.ts';
import { fakeTerminal } from '../../cli/terminal.ts';

const TEXTS = new URL('../../cli/fixtures/texts.ts', import.meta.url).href;

const places: fc.Arbitrary<Pick<Request, 'machine' | 'model'>> = fc.oneof(
  fc.constant({ machine: 'threads' }),
  fc.record({
    machine: fc.constantFrom('server-32', 'two-socket'),
    model: fc.record({ transfer_ns: fc.integer({ min: 0, max: 900 }) }, { requiredKeys: [] }),
  }),
);

const requests: fc.Arbitrary<Request> = fc
  .record({
    what: fc.oneof(
      fc.record({
        algorithm: fc.constant('2pl'),
        options: fc.record(
          { policy: fc.constantFrom('no-wait', 'wait-die', 'ordered') },
          { requiredKeys: [] },
        ),
      }),
      fc.record({
        algorithm: fc.constant('block-stm'),
        options: fc.record({ estimates: fc.boolean(), backoff: fc.nat(99) }, { requiredKeys: [] }),
      }),
      fc.record({
        algorithm: fc.constant(TEXTS),
        options: fc.record(
          {
            text: fc.oneof(
              fc.constantFrom('true', '12', '"quoted"', '[1]', 'null', '</b>'),
              fc.string({ minLength: 1 }),
            ),
            ratio: fc.double({ noNaN: true, min: -5, max: 5 }),
            list: fc.array(fc.oneof(fc.string(), fc.integer(), fc.constant(null)), { maxLength: 3 }),
          },
          { requiredKeys: [] },
        ),
      }),
    ),
    ycsb: fc.record({ theta: fc.constantFrom(0, 0.6, 0.9), keys: fc.integer({ min: 16, max: 9999 }) }),
    place: places,
    seed: fc.nat(1000),
  })
  .map(({ what, ycsb, place, seed }) => ({
    ...what,
    workload: 'ycsb',
    parameters: ycsb,
    ...place,
    cores: 2,
    transactions: 100,
    seed,
  }));

/** The row as it is read back: every column of the file, empty where it says nothing. */
function row(configuration: Configuration): Row {
  return { ...configurationRow('again', configuration), 'algorithm.of-another': '', repetition: '3' };
}

test("a row's configuration is the one that it is a row of", async () => {
  await fc.assert(
    fc.asyncProperty(requests, async (request) => {
      const configuration = await configure(request);
      const own = row(configuration);
      const again = await Again.of([own], referencesOf([configuration]));
      const found = again.configuration(own);
      expect(found && requestOf(found)).toEqual(requestOf(configuration));
      if (request.machine === 'threads') expect(again.command(own)).toMatch(/ --repetitions 3$/);
    }),
    { numRuns: 150, seed: 8 },
  );
});

test('what this place does not know is told as the row has it, as one shell word each', async () => {
  const strange: Row = {
    algorithm: "mine; rm -rf '/'",
    'algorithm.depth': '3',
    workload: 'transfers',
    'workload.accounts': '7',
    machine: 'server-32',
    'machine.hit_ns': '2',
    ...{ cores: '2', transactions: '10', seed: '1' },
  };
  const again = await Again.of([strange], new Map());
  expect(again.configuration(strange)).toBeUndefined();
  expect(again.command(strange)).toBe(
    `npx contend run 'mine; rm -rf '\\''/'\\''' --option depth=3 --workload transfers --set accounts=7 --machine server-32 --model hit_ns=2 --cores 2 --transactions 10 --seed 1`,
  );
});

test('the command of a row is understood by the command line, and means the same', async () => {
  const configuration = await configure({
    algorithm: '2pl',
    options: { policy: 'ordered' },
    workload: 'transfers',
    parameters: { accounts: 7 },
    machine: 'two-socket',
    model: { hit_ns: 2 },
    cores: 5,
    transactions: 30,
    seed: 9,
  });
  const again = await Again.of([row(configuration)], new Map());
  const [, , ...words] = again.command(row(configuration)).split(' ');
  const { args } = (await parse(words, fakeTerminal())) ?? {};
  const parsed = await configurationOf(args!, {
    algorithm: `${args!.algorithm}`,
    options: settings(args!, 'option'),
  });
  expect(requestOf(parsed)).toEqual(requestOf(configuration));
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ORDERS, POLICIES } from '../../algorithms/2pl/policy.ts';
import type { Run } from '../../harness/machine/run.ts';
import { ADD } from '../../harness/machine/simulated/access.ts';
import { simulate } from '../../harness/machine/simulated/simulate.ts';
import { cases, jobOf } from './cases.ts';
import { aborted, model, RUNS, verdictOf, walk } from './judge.ts';
import { play } from './scripted.ts';

const options = fc.record({
  policy: fc.constantFrom(...POLICIES),
  order: fc.constantFrom(...ORDERS),
  upgrades: fc.constantFrom('remembered', 'plain'),
  timeout: fc.constantFrom(0, 5000),
});

function counted(run: Run, counter: string): number {
  return run.cores.reduce((sum, { counters }) => sum + counters[counter], 0);
}

/** How attempts ended that did not commit, and how often somebody waited: `die 1, waits 2`. */
function account(run: Run): string {
  const parts: string[] = [];
  for (const cause of Object.keys(run.cores[0].aborts)) {
    const times = aborted(run, cause);
    if (times > 0) parts.push(`${cause} ${times}`);
  }
  return [...parts, `waits ${counted(run, 'waits')}`].join(', ');
}

test('keeps its guarantee under all options together', async () => {
  await fc.assert(
    fc.asyncProperty(cases, options, async (drawn, chosen) => {
      // A random walk gives time no meaning, so that timeouts would come at any moment.
      const job = await jobOf(drawn, '2pl', chosen);
      const run = chosen.timeout > 0 ? simulate(job, { model }) : walk(job);
      expect(verdictOf(job, run)).toMatchObject({ verdict: 'valid' });
    }),
    { numRuns: 2 * RUNS, seed: 4 },
  );
});

describe('who asks while who holds', () => {
  const older = ['w1 >1 w0', 'w0 >0 w2'];
  const younger = ['w0 >1 w1', 'w0'];
  const deadlock = ['w0 >1 w1', 'w1 w0'];
  const upgrade = ['r0 >1 w0', 'r0 w0'];
  test.each([
    ['no-wait: the younger one asks and gives up', 'no-wait', younger, 'conflict 1, waits 0'],
    ['no-wait: the older one asks and gives up', 'no-wait', older, 'conflict 1, waits 0'],
    ['no-wait: a deadlock cannot form', 'no-wait', deadlock, 'conflict 1, waits 0'],
    ['no-wait: nor by two upgrades', 'no-wait', upgrade, 'conflict 1, waits 0'],
    ['wait-die: the younger one asks and dies', 'wait-die', younger, 'die 1, waits 0'],
    ['wait-die: the older one asks and waits', 'wait-die', older, 'waits 1'],
    ['wait-die: a deadlock cannot form', 'wait-die', deadlock, 'die 1, waits 0'],
    ['wait-die: nor by two upgrades', 'wait-die', upgrade, 'die 1, waits 0'],
    ['wound-wait: the younger one asks and waits', 'wound-wait', younger, 'waits 1'],
    ['wound-wait: the older one asks and wounds', 'wound-wait', older, 'wound 1, waits 1'],
    ['wound-wait: a deadlock cannot form', 'wound-wait', deadlock, 'wound 1, waits 2'],
    ['wound-wait: nor by two upgrades', 'wound-wait', upgrade, 'wound 1, waits 2'],
    ['detection: the younger one asks and waits', 'detection', younger, 'waits 1'],
    ['detection: the older one asks and waits', 'detection', older, 'waits 1'],
    ['detection: a deadlock is broken', 'detection', deadlock, 'deadlock 1, waits 2'],
    ['detection: one by two upgrades as well', 'detection', upgrade, 'deadlock 1, waits 2'],
    ['ordered: the younger one asks and waits', 'ordered', younger, 'waits 1'],
    ['ordered: all is locked before the older one can lose', 'ordered', older, 'waits 1'],
    ['ordered: a deadlock cannot form', 'ordered', deadlock, 'waits 2'],
    ['ordered: nothing is upgraded', 'ordered', upgrade, 'waits 1'],
  ])('%s', async (_, policy, scripts, expected) => {
    const { job, run } = await play(scripts, '2pl', { policy });
    expect(verdictOf(job, run)).toMatchObject({ verdict: 'valid' });
    expect(account(run)).toBe(expected);
  });

  test('wounds the younger one, which then comes second', async () => {
    const { run } = await play(older, '2pl', { policy: 'wound-wait' });
    expect(run.cores.map(({ attempts }) => attempts)).toEqual([1, 2]);
    expect(run.state[0]).toBe(100);
  });
});

describe('a reader does not pass a writer that waits', () => {
  const behind = ['r0 >1 r1', 'w0', 'r0'];
  test.each(['wound-wait', 'detection', 'ordered'])('%s: it waits behind', async (policy) => {
    const { job, run } = await play(behind, '2pl', { policy });
    expect(verdictOf(job, run)).toMatchObject({ verdict: 'valid' });
    expect(account(run)).toBe('waits 2');
    // Transaction 2, with 1 read and no write: of key 0, the version that transaction 1 wrote.
    expect([...run.cores[2].versions]).toEqual([2, 1, 0, 0, 2]);
  });

  test('wait-die: it dies, the first time before the writer is let in', async () => {
    const { job, run } = await play(['>1', '>2 w0', 'r0 >1 r1', 'r0'], '2pl', { policy: 'wait-die' });
    expect(verdictOf(job, run)).toMatchObject({ verdict: 'valid' });
    expect(account(run)).toBe('die 2, waits 1');
  });
});

test('the preset order: whoever waits for its turn gives way to an older one', async () => {
  for (const policy of POLICIES.filter((name) => name !== 'ordered')) {
    const { job, run } = await play(['>1 w0', 'w0'], '2pl', { policy, order: 'preset' });
    expect(verdictOf(job, run)).toMatchObject({ verdict: 'valid' });
    expect(aborted(run, 'wound')).toBe(1);
    expect(run.state[0]).toBe(100);
  }
});

test('who has waited too long gives up', async () => {
  const parameters = { accounts: 2, variant: 'plain', work: 10_000 };
  const drawn = { workload: 'transfers', parameters, transactions: 20, cores: 4, seed: 1 };
  const job = await jobOf(drawn, '2pl', { policy: 'ordered', timeout: 5000 });
  const run = simulate(job, { model });
  expect(verdictOf(job, run)).toMatchObject({ verdict: 'valid' });
  expect(aborted(run, 'timeout')).toBeGreaterThan(0);
  const patient = simulate(await jobOf(drawn, '2pl', { policy: 'ordered', timeout: 1_000_000 }), { model });
  expect(account(patient)).toMatch(/^waits/);
});

test('readers share their locks', async () => {
  const parameters = { keys: 4, operations: 4, reads: 1 };
  const drawn = { workload: 'ycsb', parameters, transactions: 60, cores: 8, seed: 1 };
  for (const policy of POLICIES) {
    expect(account(simulate(await jobOf(drawn, '2pl', { policy }), { model }))).toBe('waits 0');
  }
});

test('a retry that remembers its writes is not refused the upgrade again', async () => {
  const parameters = { accounts: 2, variant: 'plain', work: 10_000 };
  const drawn = { workload: 'transfers', parameters, transactions: 100, cores: 16, seed: 1 };
  const conflicts = async (upgrades: string): Promise<number> =>
    aborted(simulate(await jobOf(drawn, '2pl', { policy: 'no-wait', upgrades }), { model }), 'conflict');
  expect(await conflicts('remembered')).toBeLessThan(0.5 * (await conflicts('plain')));
});

test('a retry remembers all that it may write, also when it is refused a key that it remembers', async () => {
  // Refused key 3, then twice key 0, which the other has taken meanwhile.
  const scripts = ['w3 >1 w0 >1', 'r0 w0 r1 w1 r2 w2 w3'];
  const shared = new Int32Array(4);
  const { run } = await play(
    scripts,
    '2pl',
    { policy: 'wait-die' },
    (core, operation, place, key, before) => {
      if (core !== 1 || place?.name !== 'rows.lock' || operation !== ADD) return;
      if (place.elements[key * place.stride + place.offset] > before) shared[key]++;
    },
  );
  expect(aborted(run, 'die')).toBe(3);
  expect([...shared]).toEqual([1, 1, 1, 0]);
});

test('refuses access sets that declare too little', async () => {
  const drawn = { workload: 'cycle', parameters: { keys: 4 }, transactions: 2, cores: 1, seed: 1 };
  const job = await jobOf(drawn, '2pl', { policy: 'ordered' });
  const none = { from: new Int32Array(3), keys: new Int32Array(0) };
  const reads = { from: Int32Array.of(0, 4, 8), keys: Int32Array.of(0, 1, 2, 3, 0, 1, 2, 3) };
  const block = { ...job.block, accessSets: { reads: none, writes: none } };
  expect(() => simulate({ ...job, block }, { model })).toThrow(/access of key \d that .* do not declare/);
  const readOnly = { ...job.block, accessSets: { reads, writes: none } };
  expect(() => simulate({ ...job, block: readOnly }, { model })).toThrow(
    /write of key \d that .* do not declare/,
  );
  const unsorted = { ...reads, keys: reads.keys.toReversed() };
  const disorder = { ...job.block, accessSets: { reads: unsorted, writes: none } };
  expect(() => simulate({ ...job, block: disorder }, { model })).toThrow(
    'declared keys must ascend: 2 comes after 3',
  );
});

/** By default the conformance suite sees to that, on a model with more cores. */
describe('three keys and 32 cores, all in preset order, come to an end', () => {
  test.each(POLICIES)('%s', async (policy) => {
    const drawn = { workload: 'cycle', parameters: { keys: 3 }, transactions: 100, cores: 32, seed: 1 };
    const job = await jobOf(drawn, '2pl', { policy, order: 'preset' });
    const run = simulate(job, { model, stepLimit: 10_000_000 });
    expect(verdictOf(job, run)).toMatchObject({ verdict: 'valid' });
  });
});

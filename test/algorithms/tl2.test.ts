import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { COMPARE_EXCHANGE, LOAD, STORE } from '../../harness/machine/simulated/access.ts';
import { models } from '../../harness/machine/simulated/models/index.ts';
import { simulate } from '../../harness/machine/simulated/simulate.ts';
import { cases, jobOf } from './cases.ts';
import { aborted, RUNS, verdictOf, versionsWritten, walk } from './judge.ts';

const clocks = ['gv1', 'gv4', 'gv5', 'gv6'] as const;
const clock = fc.constantFrom(...clocks);

const rotations = (transactions: number, keys: number) => ({
  workload: 'cycle',
  parameters: { keys },
  transactions,
  seed: 1,
});

test('every clock keeps the block order, and no turn fails more than once', async () => {
  await fc.assert(
    fc.asyncProperty(cases, clock, fc.constantFrom(0, 100), async (drawn, kind, backoff) => {
      const job = await jobOf(drawn, 'tl2', { clock: kind, order: 'preset', backoff });
      const run = walk(job);
      expect(verdictOf(job, run)).toMatchObject({ verdict: 'valid' });
      // An attempt that starts in its own turn is alone; transaction 0 is never late.
      expect(aborted(run, 'validation')).toBeLessThanOrEqual(Math.max(0, drawn.transactions - 1));
    }),
    { numRuns: RUNS, seed: 5 },
  );
});

/** Counts the accesses to a region, by operation. */
async function accesses(options: Record<string, unknown>, drawn: Parameters<typeof jobOf>[0]) {
  const counts: Record<string, number> = {};
  const run = simulate(await jobOf(drawn, 'tl2', options), {
    model: models['server-32'],
    stepLimit: 100_000,
    observer: (_core, operation, place) => {
      const name = `${place?.name} ${operation}`;
      counts[name] = (counts[name] ?? 0) + 1;
    },
  });
  return { counts, run };
}

describe('the paper', () => {
  test('a transaction that only reads takes no lock, and looks at the clock once and at nothing twice', async () => {
    const parameters = { keys: 64, operations: 4, reads: 1, repeats: 'redrawn' };
    const { counts } = await accesses(
      {},
      { workload: 'ycsb', parameters, transactions: 50, cores: 4, seed: 1 },
    );
    expect(counts).toEqual({
      [`clock ${LOAD}`]: 50,
      // Before the value and after it.
      [`rows.lock ${LOAD}`]: 50 * 4 * 2,
      [`rows.value ${LOAD}`]: 50 * 4,
      'next 2': 54,
    });
  });

  test('a writer with wv = rv + 1 validates nothing', async () => {
    const alone = { ...rotations(20, 12), cores: 1 };
    const { counts } = await accesses({ clock: 'gv1' }, alone);
    // Two loads a read and one to lock each of three keys: none to validate.
    expect(counts[`rows.lock ${LOAD}`]).toBe(20 * (3 * 2 + 3));
    expect((await accesses({ clock: 'gv4' }, alone)).counts[`rows.lock ${LOAD}`]).toBe(20 * 9);
  });

  test('one core aborts on its own writes with gv5, whose clock only they move, and with no other', async () => {
    // With three keys each rotation reads all that the one before it wrote.
    const alone = { ...rotations(20, 3), cores: 1 };
    for (const kind of ['gv1', 'gv4', 'gv5'] as const) {
      const { counts, run } = await accesses({ clock: kind }, alone);
      expect(aborted(run, 'read')).toBe(kind === 'gv5' ? 19 : 0);
      expect(counts[`clock ${COMPARE_EXCHANGE}`] ?? 0).toBe({ gv1: 0, gv4: 20, gv5: 19 }[kind]);
      expect(counts[`clock ${STORE}`]).toBeUndefined();
    }
  });
});

test('gv6 is gv5 but for one writer in 32, which moves the clock', async () => {
  // One core on many keys: nobody aborts, so whoever moves the clock is a writer.
  const parameters = { keys: 4096, operations: 1, reads: 0, writes: 'blind' };
  const drawn = { workload: 'ycsb', parameters, transactions: 3200, cores: 1, seed: 1 };
  const moves = (await accesses({ clock: 'gv6' }, drawn)).counts[`clock ${COMPARE_EXCHANGE}`];
  expect(moves).toBeGreaterThan(60);
  expect(moves).toBeLessThan(140);
  expect((await accesses({ clock: 'gv5' }, drawn)).counts[`clock ${COMPARE_EXCHANGE}`]).toBeUndefined();
});

describe('versions', () => {
  /** How often two transactions wrote the same version, over many schedules of transactions that hardly meet. */
  async function shared(kind: string): Promise<number> {
    let count = 0;
    for (let seed = 0; seed < 30; seed++) {
      const parameters = { keys: 64, operations: 2, reads: 0, repeats: 'redrawn' };
      const drawn = { workload: 'ycsb', parameters, transactions: 16, cores: 8, seed };
      const run = walk(await jobOf(drawn, 'tl2', { clock: kind }));
      const writers = new Map<number, Set<number>>();
      for (const [t, , version] of versionsWritten(run)) {
        writers.set(version, (writers.get(version) ?? new Set()).add(t));
      }
      for (const transactions of writers.values()) count += transactions.size - 1;
    }
    return count;
  }

  test('are adopted with gv4, freely shared with gv5, and never shared with gv1', async () => {
    expect(await shared('gv1')).toBe(0);
    const adopted = await shared('gv4');
    expect(adopted).toBeGreaterThan(0);
    expect(await shared('gv5')).toBeGreaterThan(adopted);
  });
});

describe.each([
  ['server-32', 32],
  ['two-socket', 64],
] as const)('on %s with %i cores', (machine, cores) => {
  test('rotations of a ring of three come to an end', async () => {
    for (const options of [...clocks.map((kind) => ({ clock: kind })), { order: 'preset' }, { backoff: 0 }]) {
      const job = await jobOf({ ...rotations(200, 3), cores }, 'tl2', options);
      const run = simulate(job, { model: models[machine], stepLimit: 2_000_000 });
      expect(verdictOf(job, run)).toMatchObject({ verdict: 'valid' });
    }
  });
});

import { describe, expect, it } from 'vitest';
import { loadAlgorithm, loadWorkload } from '../../../harness/machine/load.ts';
import { openThreads, type ThreadsSession } from '../../../harness/machine/threads/threads.ts';
import { Workers } from '../../../harness/machine/threads/workers.ts';
import { seededRandom } from '../../../workloads/random.ts';
import { fixture, onLentWorkers, setupFor, withSession } from './fixtures/sessions.ts';

describe('a session', { timeout: 30_000 }, () => {
  it.each([1, 3])(
    'runs the sequential algorithm on %i cores to the right state, again and again',
    async (cores) => {
      const setup = setupFor(await loadAlgorithm('sequential'), {}, cores, 10);
      const runs = await onLentWorkers(setup, async (session) => [
        await session.run(0),
        await session.run(1),
      ]);
      for (const run of runs) {
        // Transaction t adds 2t + 1 to key t % 4, which starts at 1000 times itself.
        expect([...run.state]).toEqual([1 + 9 + 17, 1000 + 3 + 11 + 19, 2000 + 5 + 13, 3000 + 7 + 15]);
        expect([...run.outcomes]).toEqual(Array(10).fill(0));
        expect(new Set(run.digests).size).toBe(10);
        expect(run.cores.map(({ attempts }) => attempts)).toEqual([10, ...Array(cores - 1).fill(0)]);
        expect(run.witness).toBe('preset');
        expect(run.makespan_ns).toBeGreaterThan(0);
        for (const [t, latency] of run.latency_ns.entries()) {
          expect(latency).toBeGreaterThanOrEqual(run.useful_ns[t]);
          expect(latency).toBeLessThanOrEqual(run.makespan_ns);
        }
      }
      expect([...runs[0].digests]).toEqual([...runs[1].digests]);
    },
  );

  it('counts a core as idle from its end to that of the last', async () => {
    const setup = setupFor(await loadAlgorithm('sequential'), {}, 2, 5000);
    const run = await onLentWorkers(setup, (session) => session.run(0));
    const idle = run.cores.map(({ idle_ns }) => idle_ns);
    expect(Math.min(...idle)).toBe(0);
    expect(Math.max(...idle)).toBeGreaterThan(0);
    expect(Math.max(...idle)).toBeLessThanOrEqual(run.makespan_ns);
  });

  it('stamps only the transactions that it is told to', async () => {
    const setup = { ...setupFor(await loadAlgorithm('sequential'), {}, 1, 10), stampEvery: 4 };
    const run = await onLentWorkers(setup, (session) => session.run(0));
    expect([...run.latency_ns].map(Number.isNaN)).toEqual(
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((t) => t % 4 !== 0),
    );
  });

  it('reads nothing for digests without the audit', async () => {
    const setup = { ...setupFor(await loadAlgorithm('sequential'), {}, 1, 10), audit: false };
    const run = await onLentWorkers(setup, (session) => session.run(0));
    expect(new Set(run.digests).size).toBe(1);
  });

  it('rehearses with an eighth of the work', async () => {
    const setup = setupFor(await loadAlgorithm('sequential'), {}, 1);
    const workload = await loadWorkload('transfers');
    // Some 40 ms a run, so that whatever else it takes hardly counts.
    const parameters = workload.declaration.parameters.parse({ accounts: 2, work: 20_000_000 });
    const block = workload.declaration.generate(parameters, 2, seededRandom(1));
    const [rehearsed, ran] = await onLentWorkers({ ...setup, workload, block }, async (session) => {
      const rehearsals: number[] = [];
      const runs: number[] = [];
      for (let repetition = 0; repetition < 3; repetition++) {
        rehearsals.push(await session.rehearse(repetition));
        runs.push((await session.run(repetition)).makespan_ns);
      }
      return [Math.min(...rehearsals), Math.min(...runs)];
    });
    expect(rehearsed).toBeLessThan(ran / 2);
  });
});

describe('the cores of a session', { timeout: 30_000 }, () => {
  it('start after the load, stay on their threads, and draw from streams that the seed and the repetition pick', async () => {
    const setup = setupFor(await fixture('pinned'), {}, 3);
    const states = await withSession(setup, async (session) => {
      const repetitions = [0, 1, 2, 0];
      const runs: Float64Array[] = [];
      for (const repetition of repetitions) runs.push((await session.run(repetition)).state);
      return runs.map((state) => [...state]);
    });
    const threads = states.map((state) => state.slice(0, 3));
    expect(new Set(threads[0]).size).toBe(3);
    expect(threads).toEqual(Array(4).fill(threads[0]));
    const [first, second, third, again] = states.map((state) => state[3]);
    expect(new Set([first, second, third]).size).toBe(3);
    expect(again).toBe(first);
  });
});

describe('on real threads', { timeout: 30_000 }, () => {
  it('a lock that sleeps excludes, on more cores than there are', async () => {
    const rounds = 5000;
    const setup = setupFor(await fixture('locked'), { rounds }, 4);
    const run = await onLentWorkers(setup, (session) => session.run(0));
    expect(run.state[0]).toBe(5 + 4 * rounds);
    expect(run.cores.map(({ counters }) => counters.rounds)).toEqual(Array(4).fill(rounds));
    expect(run.cores.some(({ idle_ns }) => idle_ns > 0)).toBe(true);
  });

  it('no wake-up is lost and no clock goes back when cores take turns', async () => {
    const rounds = 2000;
    const setup = setupFor(await fixture('turns'), { rounds }, 4);
    const runs = await onLentWorkers(setup, async (session) => [await session.run(0), await session.run(1)]);
    expect(runs.map(({ state }) => state[0])).toEqual([rounds, rounds]);
    const waited = runs[1].cores.reduce((sum, { idle_ns }) => sum + idle_ns, 0);
    expect(waited).toBeGreaterThan(runs[1].makespan_ns / 2);
  });

  it('cores, more than there are, meet at a barrier after each phase', async () => {
    const phases = 200;
    const setup = setupFor(await fixture('phases'), { phases }, 5);
    const run = await onLentWorkers(setup, (session) => session.run(0));
    expect(run.state[0]).toBe(phases);
  });
});

describe('workers that are lent', { timeout: 30_000 }, () => {
  const threadsOf = (session: ThreadsSession) =>
    session.run(0).then(({ state }) => [...state.subarray(0, 3)]);

  it('are the same for one session after another, whatever each runs', async () => {
    const workers = new Workers(3);
    const pinned = setupFor(await fixture('pinned'), {}, 3);
    const before = await withSession(pinned, threadsOf, workers);
    const other = setupFor(await loadAlgorithm('sequential'), {}, 3, 10);
    const { outcomes } = await withSession(other, (session) => session.run(0), workers);
    expect([...outcomes]).toEqual(Array(10).fill(0));
    const after = await withSession(pinned, threadsOf, workers);
    expect(new Set(after).size).toBe(3);
    expect(new Set([...before, ...after]).size).toBe(3);
    await workers.end();
  });

  it('are replaced after one has failed or died', async () => {
    const workers = new Workers(2);
    const failing = await fixture('failing');
    for (const how of ['throw', 'throw-later'])
      await withSession(
        setupFor(failing, { how }, 2),
        (session) => expect(session.run(0)).rejects.toThrow(),
        workers,
      );
    const sound = setupFor(failing, { how: 'nothing' }, 2);
    await withSession(sound, (session) => session.run(0), workers);
    await workers.end();
  });

  it('are refused for another number of cores', async () => {
    const setup = setupFor(await fixture('failing'), { how: 'nothing' }, 2);
    await expect(openThreads(setup, new Workers(3))).rejects.toThrow('3 workers are not for 2 cores');
  });
});

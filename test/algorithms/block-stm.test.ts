import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Algorithm, Context, Instance, Words } from '../../algorithms/algorithm.ts';
import { watched } from '../../harness/check/watch.ts';
import type { Job } from '../../harness/machine/job.ts';
import { loadAlgorithm } from '../../harness/machine/load.ts';
import {
  ADD,
  COMPARE_EXCHANGE,
  type Observer,
  type Operation,
  STORE,
} from '../../harness/machine/simulated/access.ts';
import type { Schedule } from '../../harness/machine/simulated/schedules/schedule.ts';
import { simulate } from '../../harness/machine/simulated/simulate.ts';
import { mutate } from '../mutants/mutate.ts';
import { type Script, workloadOf } from '../verify/scripts.ts';
import { cases, jobOf } from './cases.ts';
import { aborted, jobOn, model, RUNS, verdictOf, walk } from './judge.ts';
import { scripted } from './known-sets.ts';

const options = fc.record({
  dependency: fc.constantFrom('restart', 'suspend'),
  estimates: fc.boolean(),
  hints: fc.constantFrom('none', 'declared', 'exact'),
  commit: fc.constantFrom('block', 'rolling'),
  backoff: fc.constantFrom(0, 100),
});

test('keeps its guarantee with any combination of its options', async () => {
  await fc.assert(
    fc.asyncProperty(cases, options, async (drawn, given) => {
      const job = await jobOf(drawn, 'block-stm', given);
      expect(verdictOf(job, walk(job))).toMatchObject({ verdict: 'valid' });
    }),
    { numRuns: 2 * RUNS, seed: 1 },
  );
});

describe('starvation: an attempt that begins once all transactions below are final is the last one', () => {
  /** The most attempts at one transaction that began after the one before it was committed. */
  function mostAfterAllBelow(job: Job): number {
    let committed = 0;
    const late = new Int32Array(job.block.transactions);
    walk(
      watched(job, {
        begin: (t) => {
          if (t === committed) late[t]++;
        },
        commit: (t) => expect(t).toBe(committed++), // in the block's order
      }),
    );
    expect(committed).toBe(job.block.transactions);
    return Math.max(0, ...late);
  }

  test('whatever the options', async () => {
    let most = 0;
    await fc.assert(
      fc.asyncProperty(cases, options, async (drawn, given) => {
        const job = await jobOf(drawn, 'block-stm', { ...given, commit: 'rolling' });
        most = Math.max(most, mostAfterAllBelow(job));
        expect(most).toBeLessThanOrEqual(1);
      }),
      { numRuns: RUNS, seed: 2 },
    );
    expect(most).toBe(1);
  });

  test('which would not be so if a validation failed that need not', async () => {
    const suspicious = mutate({
      of: 'block-stm',
      file: 'algorithms/block-stm/block-stm.ts',
      what: 'the first three validations of a transaction fail',
      find: '!valid && (yield* this.#scheduler.tryValidationAbort(txn, incarnation));',
      replace:
        '(!valid || incarnation < 3) && (yield* this.#scheduler.tryValidationAbort(txn, incarnation));',
      expect: [],
    });
    const drawn = { workload: 'cycle', parameters: { keys: 3 }, transactions: 10, cores: 3, seed: 1 };
    const job = await jobOf(drawn, 'block-stm', { commit: 'rolling' });
    expect(mostAfterAllBelow({ ...job, algorithm: await loadAlgorithm(suspicious) })).toBeGreaterThan(1);
  });
});

/** The instance for a context, with so many waves of validation behind it. */
function afterWaves({ create }: Algorithm, context: Context<never>, waves: number): Instance {
  const { memory } = context;
  let wave: Words | undefined;
  const instance = create({
    ...context,
    memory: {
      words(...region) {
        const words = memory.words(...region);
        if (region[0] === 'wave') wave = words;
        return words;
      },
      values: (...region) => memory.values(...region),
      records: (...region) => memory.records(...region),
    },
  });
  return {
    load() {
      instance.load();
      wave?.poke(0, waves);
    },
    state: (key) => instance.state(key),
    run: (core) => instance.run(core),
  };
}

test('a rolling commit counts as many waves as a block may need', async () => {
  const drawn = { workload: 'cycle', parameters: { keys: 3 }, transactions: 20, cores: 4, seed: 1 };
  const job = await jobOf(drawn, 'block-stm', { commit: 'rolling' });
  const { declaration } = job.algorithm;
  // As after a block of a million transactions, each of which has written and some of which were aborted.
  const late = {
    ...declaration,
    create: (context: Context<never>) => afterWaves(declaration, context, 2_000_000),
  };
  const run = walk({ ...job, algorithm: { ...job.algorithm, declaration: late as Algorithm } });
  expect(aborted(run, 'validation')).toBeGreaterThan(0);
  expect(verdictOf(job, run)).toMatchObject({ verdict: 'valid' });
});

/** A core goes first until it has made an access; the last one goes first to the end. Where it cannot, others go on. */
interface Scene {
  readonly core: number;
  readonly until: readonly [operation: Operation, word: string, index: number, result?: number];
}

class Scenes implements Schedule {
  readonly #scenes: readonly Scene[];
  readonly #ready = new Set<number>();
  #scene = 0;

  constructor(scenes: readonly Scene[]) {
    this.#scenes = scenes;
  }

  readonly observer: Observer = (core, operation, place, index, result) => {
    const scene = this.#scenes[this.#scene];
    if (scene === undefined || core !== scene.core) return;
    const [wanted, word, at, expected = result] = scene.until;
    if (operation === wanted && place?.name === word && index === at && result === expected) this.#scene++;
  };

  get allPlayed(): boolean {
    return this.#scene === this.#scenes.length;
  }

  add(core: number): void {
    this.#ready.add(core);
  }

  next(): number {
    const { core } = this.#scenes[Math.min(this.#scene, this.#scenes.length - 1)];
    const chosen = this.#ready.has(core) ? core : Math.max(-1, ...this.#ready);
    this.#ready.delete(chosen);
    return chosen;
  }

  horizon(): number {
    return Number.NEGATIVE_INFINITY;
  }
}

describe('rolling: what only a certain schedule shows', () => {
  const scheduler = 'algorithms/block-stm/scheduler.ts';
  const begins = 'if (wroteNewLocation && this.#commits !== undefined) yield* this.#commits.trigger(txn);';

  test.each<{ what: string; scripts: Script[]; scenes: Scene[]; find: string; replace: string }>([
    {
      what: 'an abort begins a wave: who has read what was aborted is not final by an older validation (R1)',
      scripts: [
        [['write', 0, 7]],
        [
          ['read', 0],
          ['add', 1, 1],
        ],
        [
          ['read', 1],
          ['add', 2, 1],
        ],
      ],
      scenes: [
        { core: 0, until: [ADD, 'executionIdx', 0, 0] },
        // 1 and 2 execute, on the initial state, and are valid.
        { core: 1, until: [COMPARE_EXCHANGE, 'validated', 2] },
        // 0 executes and is final; 1 is going to be found invalid,
        { core: 0, until: [ADD, 'validationIdx', 0, 1] },
        // and 2 is found valid once more before that.
        { core: 1, until: [COMPARE_EXCHANGE, 'validated', 2] },
        { core: 0, until: [COMPARE_EXCHANGE, 'txns.status', 1] },
      ],
      find: '      if (this.#commits !== undefined) yield* this.#commits.trigger(txn + 1);\n',
      replace: '',
    },
    {
      what: 'a new location begins a wave before its transaction can be final (R1)',
      scripts: [
        [['write', 2, 7]],
        [['write', 0, 5]],
        [
          ['read', 0],
          ['add', 1, 1],
        ],
      ],
      scenes: [
        { core: 2, until: [ADD, 'executionIdx', 0, 0] },
        { core: 0, until: [COMPARE_EXCHANGE, 'txns.status', 1] },
        // 2 executes, on the initial state, and is valid.
        { core: 1, until: [COMPARE_EXCHANGE, 'validated', 2] },
        // 0 executes and is final; 1 is going to be validated,
        { core: 2, until: [ADD, 'validationIdx', 0, 1] },
        // 2 is found valid once more,
        { core: 1, until: [COMPARE_EXCHANGE, 'validated', 2] },
        // and 1 has executed in the meantime.
        { core: 0, until: [STORE, 'txns.status', 1] },
        { core: 2, until: [COMPARE_EXCHANGE, 'txns.status', 1] },
      ],
      find: `    ${begins}
    yield* status.store(txn, (incarnation << STATE_BITS) | EXECUTED);
    yield* status.wake(txn);
`,
      replace: `    yield* status.store(txn, (incarnation << STATE_BITS) | EXECUTED);
    yield* status.wake(txn);
    ${begins}
`,
    },
  ])('$what', async ({ scripts, scenes, what, find, replace }) => {
    const verdict = async (algorithm: string) => {
      const setting = { algorithm, options: { commit: 'rolling' }, cores: 3, seed: 1 };
      const job = await jobOn(workloadOf(), scripted(scripts, 3), setting);
      const schedule = new Scenes(scenes);
      const run = simulate(job, { model, schedule, observer: schedule.observer, stepLimit: 100_000 });
      expect(schedule.allPlayed).toBe(true);
      return verdictOf(job, run);
    };
    expect(await verdict('block-stm')).toMatchObject({ verdict: 'valid' });
    const mutant = mutate({ of: 'block-stm', file: scheduler, what, find, replace, expect: [] });
    expect(await verdict(mutant)).toMatchObject({ verdict: 'invalid', anomaly: 'block-order' });
  });
});

/**
 * Who is promised to get done. Three kinds of promise: whoever is the oldest under way is never given up; or each
 * attempt that is given up is paid for by somebody else's commit; or none, and then a schedule shows it.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ORDERS, POLICIES } from '../../algorithms/2pl/policy.ts';
import { watched } from '../../harness/check/watch.ts';
import type { Job } from '../../harness/machine/job.ts';
import type { Schedule } from '../../harness/machine/simulated/schedules/schedule.ts';
import { simulate } from '../../harness/machine/simulated/simulate.ts';
import { mutate } from '../mutants/mutate.ts';
import { blockOf, type Script, workloadOf } from '../verify/scripts.ts';
import { cases, jobOf } from './cases.ts';
import { jobOn, model, RUNS, verdictOf, walk } from './judge.ts';

type Options = Record<string, unknown>;

/** The transactions whose attempt was given up though all older ones had committed before it began. */
function oldestGivenUp(job: Job): number[] {
  const committed = new Set<number>();
  const oldest = new Set<number>();
  const givenUp: number[] = [];
  let first = 0;
  walk(
    watched(job, {
      begin: (t) => {
        if (t === first) oldest.add(t);
      },
      abort: (t) => {
        if (oldest.has(t)) givenUp.push(t);
      },
      commit: (t) => {
        committed.add(t);
        while (committed.has(first)) first++;
      },
    }),
  );
  return givenUp;
}

/** How many attempts were given up beyond one on each other core for every commit. */
function unpaid(job: Job): number {
  let aborts = 0;
  walk(watched(job, { abort: () => aborts++ }));
  return aborts - job.block.transactions * (job.cores - 1);
}

/** Cases in which a law fails, as few as fast-check needs to find one. */
async function counterexample(algorithm: string, options: Options, holds: (job: Job) => boolean) {
  const property = fc.asyncProperty(cases, async (drawn) => holds(await jobOf(drawn, algorithm, options)));
  return await fc.check(property, { numRuns: 12 * RUNS, seed: 8, endOnFailure: true });
}

describe('the oldest transaction under way is never given up', () => {
  const upgrades = ['remembered', 'plain', 'declared'];
  const locking = ['wait-die', 'wound-wait', 'detection'].flatMap((policy) =>
    ORDERS.flatMap((order) => upgrades.map((kind) => ({ policy, order, upgrades: kind }))),
  );
  const inOrder = ['no-wait', 'ordered'].map((policy) => ({ policy, order: 'preset' }));
  test.each<[string, Options]>([
    ...[...locking, ...inOrder].map((options): [string, Options] => ['2pl', options]),
    ['silo', { order: 'preset' }],
    ['silo', { order: 'preset', tid: 'counter' }],
    ['tl2', { order: 'preset' }],
    ['tl2', { order: 'preset', clock: 'gv4' }],
  ])('%s %o', async (algorithm, options) => {
    await fc.assert(
      fc.asyncProperty(cases, async (drawn) => {
        expect(oldestGivenUp(await jobOf(drawn, algorithm, options))).toEqual([]);
      }),
      { numRuns: RUNS, seed: 7 },
    );
  });

  test.each([
    [
      'wait-die goes by age the wrong way round',
      'algorithms/2pl/locker.ts',
      'return this.#age < (yield* this.#table.lockers.age.load(other));',
      'return this.#age > (yield* this.#table.lockers.age.load(other));',
      { policy: 'wait-die' },
    ],
    [
      'wound-wait goes by age the wrong way round',
      'algorithms/2pl/locker.ts',
      'return this.#age < (yield* this.#table.lockers.age.load(other));',
      'return this.#age > (yield* this.#table.lockers.age.load(other));',
      { policy: 'wound-wait' },
    ],
    [
      'the victim of a deadlock is its oldest member',
      'algorithms/2pl/waits-for.ts',
      'if (age > youngest) {',
      'if (youngest < 0 || age < youngest) {',
      { policy: 'detection' },
    ],
    [
      'wait-die lets no reader queue behind a writer, not even an older one',
      'algorithms/2pl/locker.ts',
      'if (place === HEAD && free) {',
      'if (free && !this.#policy.wounds) place = NOWHERE;\n    if (place === HEAD && free) {',
      { policy: 'wait-die' },
    ],
  ])('unless %s', async (_, file, find, replace, options) => {
    const mutant = mutate({ of: '2pl', file, what: _, find, replace, expect: [] });
    const { failed } = await counterexample(mutant, options, (job) => oldestGivenUp(job).length === 0);
    expect(failed).toBe(true);
  });
});

describe('a commit costs each other core one attempt at most', () => {
  test.each<[string, Options]>([
    ['norec', {}],
    ['bocc', {}],
    ['bocc', { validation: 'multistage' }],
    ['occ', {}],
    ['occ', { timestamps: 'mutex' }],
    ['partition-locking', {}],
    ['2pl', { policy: 'ordered' }],
    ['snapshot-isolation', {}],
  ])('%s %o', async (algorithm, options) => {
    await fc.assert(
      fc.asyncProperty(cases, async (drawn) => {
        expect(unpaid(await jobOf(drawn, algorithm, options))).toBeLessThanOrEqual(0);
      }),
      { numRuns: RUNS, seed: 9 },
    );
  });

  test.each([
    [
      'occ',
      'marks the rows that it latched as changed even if it fails',
      'algorithms/occ.ts',
      '    if (valid) yield* this.#install(t);\n',
      `    if (valid) yield* this.#install(t);
    else {
      const end = yield* this.#timestamps.draw();
      for (let i = 0; i < latched; i++) yield* rows.wts.store(keys[i], end);
    }
`,
    ],
    [
      'bocc',
      'takes a number even if it fails, so that others fail on what it never wrote',
      'algorithms/bocc/bocc.ts',
      `      this.#point = finishTn + 1;
    }
`,
      `      this.#point = finishTn + 1;
    } else if (finishTn < this.#shared.numbered.length - 1) yield* this.#number(t, finishTn);
`,
    ],
    [
      'snapshot-isolation',
      'gives up on a version that is as old as its snapshot',
      'algorithms/snapshot-isolation.ts',
      `      if (version !== INITIAL && (yield* this.#entries.timestamp.load(version - 1)) > this.#start)
        return false;
`,
      `      if (version !== INITIAL && (yield* this.#entries.timestamp.load(version - 1)) >= this.#start)
        return false;
`,
    ],
  ])('unless %s %s', async (of, what, file, find, replace) => {
    const mutant = mutate({ of, file, what, find, replace, expect: [] });
    const { failed } = await counterexample(mutant, {}, (job) => unpaid(job) <= 0);
    expect(failed).toBe(true);
  });

  test('nor with timestamps=batched, where occ also fails on earlier commits', async () => {
    const { failed } = await counterexample('occ', { timestamps: 'batched' }, (job) => unpaid(job) <= 0);
    expect(failed).toBe(true);
  });
});

/** The most attempts at one transaction. */
function most(job: Job): number {
  const attempts = new Int32Array(job.block.transactions);
  walk(watched(job, { begin: (t) => attempts[t]++ }));
  return Math.max(0, ...attempts);
}

describe('2pl in preset order gives up no transaction more than 8 times', () => {
  test.each(POLICIES)('%s', async (policy) => {
    await fc.assert(
      fc.asyncProperty(cases, async (drawn) => {
        expect(most(await jobOf(drawn, '2pl', { policy, order: 'preset' }))).toBeLessThanOrEqual(9);
      }),
      { numRuns: RUNS, seed: 11 },
    );
  });

  test.each([
    ['it never waits for its turn before it tries again', '2pl.ts', 'failures < MOST_EARLY', 'failures > 0'],
    [
      'its turn does not help it against older ones',
      'locker.ts',
      'waitsForOlder || this.#due;',
      'waitsForOlder;',
    ],
  ])('unless %s', async (what, name, find, replace) => {
    const mutant = mutate({ of: '2pl', file: `algorithms/2pl/${name}`, what, find, replace, expect: [] });
    const { failed } = await counterexample(mutant, { order: 'preset' }, (job) => most(job) <= 9);
    expect(failed).toBe(true);
  });
});

describe('bocc gives up no transaction more often than it is told', () => {
  test.each(['serial', 'multistage'])('%s', async (validation) => {
    await fc.assert(
      fc.asyncProperty(cases, fc.integer({ min: 1, max: 3 }), async (drawn, starvation) => {
        const job = await jobOf(drawn, 'bocc', { validation, starvation });
        expect(most(job)).toBeLessThanOrEqual(starvation + 1);
        expect(verdictOf(job, walk(job))).toMatchObject({ verdict: 'valid' });
      }),
      { numRuns: RUNS, seed: 10 },
    );
  });

  test('unless who starves is not let in', async () => {
    const file = 'algorithms/bocc/bocc.ts';
    const [find, replace] = ['if (this.#failures === this.#starvation) {', 'if (this.#failures < 0) {'];
    const mutant = mutate({ of: 'bocc', file, what: 'lets nobody in', find, replace, expect: [] });
    const { failed } = await counterexample(mutant, { starvation: 1 }, (job) => most(job) <= 2);
    expect(failed).toBe(true);
  });
});

/** Core 0 is A, core 1 is B and so on: they step as a text says, which is repeated for ever from some place on. */
class Told implements Schedule {
  readonly #ready = new Set<number>();
  readonly #start: string;
  readonly #cycle: string;
  #step = 0;

  constructor(start: string, cycle: string) {
    this.#start = start;
    this.#cycle = cycle;
  }

  add(core: number): void {
    this.#ready.add(core);
  }

  /** Passes over who cannot step; whoever the text does not name steps when nobody else can. */
  next(): number {
    for (let passed = 0; passed <= this.#start.length + this.#cycle.length; passed++) {
      const step = this.#step++;
      const { length } = this.#start;
      const name = step < length ? this.#start[step] : this.#cycle[(step - length) % this.#cycle.length];
      const core = name.charCodeAt(0) - 'A'.charCodeAt(0);
      if (this.#ready.delete(core)) return core;
    }
    const [core = -1] = this.#ready;
    this.#ready.delete(core);
    return core;
  }

  horizon(): number {
    return Number.NEGATIVE_INFINITY;
  }
}

describe('under a schedule that is made for it', () => {
  const pair: Script[] = [
    [
      ['read', 1],
      ['write', 0, 1],
    ],
    [
      ['read', 0],
      ['write', 1, 1],
    ],
  ];
  const third: Script = [
    ['read', 0],
    ['write', 2, 1],
  ];
  const crossed: Script[] = [
    [
      ['write', 0, 1],
      ['write', 1, 1],
    ],
    [
      ['write', 1, 1],
      ['write', 0, 1],
    ],
  ];

  async function play(algorithm: string, options: Options, scripts: readonly Script[], schedule: Schedule) {
    const cores = scripts.length;
    const { procedures: _, ...block } = blockOf(scripts, cores);
    const from = Int32Array.from({ length: cores + 1 }, (__, t) => t * cores);
    const keys = Int32Array.from({ length: cores ** 2 }, (__, i) => i % cores);
    const accessSets = { reads: { from, keys }, writes: { from, keys } };
    const setting = { algorithm, options, cores, seed: 1 };
    const job = await jobOn(workloadOf(), { ...block, accessSets }, setting);
    return verdictOf(job, simulate(job, { model, schedule, stepLimit: 20_000 })).verdict;
  }

  test.each<[string, Options, readonly Script[]]>([
    ['silo', { backoff: 0 }, pair],
    ['silo', { tid: 'counter', backoff: 0 }, pair],
    ['tictoc', { backoff: 0 }, pair],
    ['tictoc', { locking: 'wait', backoff: 0 }, pair],
    ['tl2', { clock: 'gv5', backoff: 0 }, pair],
    ['2pl', { policy: 'no-wait', backoff: 0 }, crossed],
  ])('%s %o: two in step make each other fail for ever', async (algorithm, options, scripts) => {
    await expect(play(algorithm, options, scripts, new Told('', 'AB'))).rejects.toThrow(
      /no end after 20,000 steps/,
    );
  });

  test.each([
    ['gv1', 'C'],
    ['gv4', 'CC'],
  ])('tl2 %s: three make each other fail for ever', async (clock, draw) => {
    const [drawA, drawB] = [draw.replaceAll('C', 'A'), draw.replaceAll('C', 'B')];
    // A and B begin and read; C draws; A locks; C fails on that and begins again; A draws; B locks and draws;
    // both fail on each other's locks; C reads and locks.
    const cycle = `AAAABBBB${draw}AACCC${drawA}BB${drawB}ABABCCCCC`;
    // A core's first step leads up to its first access. D draws once, and commits, after C has begun.
    const schedule = new Told(`AABBCCC${'D'.repeat(10)}CCCCC`, cycle);
    await expect(
      play('tl2', { clock, backoff: 0 }, [...pair, third, [['write', 3, 1]]], schedule),
    ).rejects.toThrow(/no end after 20,000 steps/);
  });

  const locking = ['wait-die', 'wound-wait', 'detection', 'ordered'];
  test.each<[string, Options]>([
    ['silo', { order: 'preset' }],
    ...['gv1', 'gv4', 'gv5'].map((clock): [string, Options] => ['tl2', { order: 'preset', clock }]),
    ['norec', {}],
    ['occ', {}],
    ['bocc', {}],
    ['bocc', { validation: 'multistage' }],
    ['bocc', { validation: 'parallel' }],
    ['timestamp-ordering', { patience: 1 }],
    ['mvto', { patience: 1 }],
    ['block-stm', {}],
    ['block-stm', { commit: 'rolling', dependency: 'suspend' }],
    ...locking.map((policy): [string, Options] => ['2pl', { policy }]),
    ...['no-wait', ...locking].map((policy): [string, Options] => ['2pl', { policy, order: 'preset' }]),
  ])('%s %o gets them done', async (algorithm, options) => {
    const scripts = [[...pair, third], pair, crossed];
    const hasty = algorithm === 'norec' ? options : { backoff: 0, ...options };
    for (const cycle of ['ABC', 'AABBCC', 'AAAABBBBCAACCCABBBABABCCCCC']) {
      for (const some of scripts) {
        expect(await play(algorithm, hasty, some, new Told('AABBCCCCCCCC', cycle))).toBe('valid');
      }
    }
  });
});

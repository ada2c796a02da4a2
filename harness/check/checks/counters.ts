/** Whether what an algorithm counts, and where its time went, adds up. */
import fc from 'fast-check';
import type { Job } from '../../machine/job.ts';
import type { Run } from '../../machine/run.ts';
import { configurationOf, jobOf, randomCases } from '../cases.ts';
import { type Finding, judge, MODEL } from '../judge.ts';
import type { Check, Report } from '../result.ts';

const STEP_LIMIT = 3_000_000;
const SHARE = 1 / 10;
const ROUNDING = 1e-9;

export const counters: Check = {
  name: 'counters',
  law: 'attempts either stand or are undone, and no time is counted twice',

  async run(variant, { runs: most, seed }, tick): Promise<Report> {
    const sample = fc.sample(await randomCases(), { numRuns: Math.ceil(most * SHARE), seed: seed + 2 });
    let runs = 0;
    for (const drawn of sample) {
      tick(++runs);
      const configuration = configurationOf(drawn, variant, MODEL);
      const job = jobOf(configuration);
      const { run, finding } = judge(job, { stepLimit: STEP_LIMIT });
      const broken = run === undefined ? finding : (doesNotAddUp(job, run) ?? spendsTooMuch(run));
      if (broken !== undefined) {
        return { runs, finding: broken, configuration, origin: { kind: 'virtual-time' } };
      }
    }
    return { runs };
  },
};

function doesNotAddUp({ block }: Job, { cores }: Run): Finding | undefined {
  const attempts = sum(cores.map((core) => core.attempts));
  const aborts = sum(cores.flatMap((core) => Object.values(core.aborts)));
  if (attempts === block.transactions + aborts) return undefined;
  const explanation =
    `${attempts} attempts were begun and ${aborts} aborted, which should leave one for each of the ` +
    `${block.transactions} transactions: is there a core.begin without its core.abort or core.commit, or the reverse?`;
  return { kind: 'law', name: 'miscounted', explanation };
}

function spendsTooMuch({ cores, makespan_ns }: Run): Finding | undefined {
  const most = makespan_ns * (1 + ROUNDING) + ROUNDING;
  const at = cores.findIndex((core) => core.attempt_ns + core.blocked_ns + core.idle_ns > most);
  if (at < 0) return undefined;
  const { attempt_ns, blocked_ns, idle_ns } = cores[at];
  const explanation =
    `Core ${at} spent ${attempt_ns} ns in attempts, ${blocked_ns} ns blocked and ${idle_ns} ns idle, in a run of ` +
    `${makespan_ns} ns: some time is counted twice.`;
  return { kind: 'law', name: 'time counted twice', explanation };
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

/** Random cases in virtual time: the verdict, the bound, and that a run repeats itself. */
import fc from 'fast-check';
import type { Configuration } from '../../experiment/configuration.ts';
import { resolve } from '../../machine/declared.ts';
import { mix } from '../../machine/digest.ts';
import type { Job } from '../../machine/job.ts';
import type { Run } from '../../machine/run.ts';
import { bound, costsOf } from '../../verify/bound.ts';
import type { Verdict } from '../../verify/verdict.ts';
import { configurationOf, jobOf, randomCases } from '../cases.ts';
import { type Finding, isControl, judge, MODEL } from '../judge.ts';
import type { Check, Report } from '../result.ts';

const STEP_LIMIT = 3_000_000;
/** A share of the random schedules, since each case is run twice and is drawn from the same kind. */
const SHARE = 1 / 4;
/** What of the bound floating-point sums may lack. */
const ROUNDING = 1e-9;

export const virtualTime: Check = {
  name: 'virtual time',
  law: 'runs are what was promised, repeat exactly, and beat no bound',

  async run(variant, { runs: most, seed }, tick): Promise<Report> {
    const control = isControl(variant);
    const sample = fc.sample(await randomCases(), { numRuns: Math.ceil(most * SHARE), seed: seed + 1 });
    let runs = 0;
    for (const drawn of sample) {
      tick(++runs);
      const configuration = configurationOf(drawn, variant, MODEL);
      const finding = examined(configuration);
      if (finding === undefined || (control && finding.kind === 'invalid')) continue;
      return { runs, finding, configuration, origin: { kind: 'virtual-time' } };
    }
    return { runs };
  },
};

function examined(configuration: Configuration): Finding | undefined {
  const job = jobOf(configuration);
  const first = traced(job);
  const { run, finding } = first.judged;
  if (run === undefined || finding !== undefined) return finding;
  const second = traced(jobOf(configuration));
  if (first.digest !== second.digest || first.accesses !== second.accesses) {
    const explanation =
      `Two runs of the same case differ: ${first.accesses} and ${second.accesses} accesses. Something outside of ` +
      'the seed decides: Math.random, a clock, or state that outlives a run.';
    return { kind: 'law', name: 'not deterministic', explanation };
  }
  return tooFast(job, run, first.judged.verdict);
}

function tooFast(job: Job, run: Run, verdict: Verdict): Finding | undefined {
  if (verdict.verdict !== 'valid') return undefined;
  const { guarantee } = resolve(job.algorithm.declaration, job.options);
  const block = { ...job.block, procedures: job.workload.declaration.procedures };
  const costs = costsOf(MODEL);
  const { bound_ns } = bound(block, verdict.order, guarantee, job.cores, costs);
  if (run.makespan_ns >= bound_ns * (1 - ROUNDING)) return undefined;
  const explanation =
    `The run took ${run.makespan_ns} ns, and no schedule can take less than ${bound_ns} ns: work was left out, ` +
    'or done where nobody counts it.';
  return { kind: 'law', name: 'faster than its bound', explanation };
}

/** A run with a digest of all its accesses and their times. */
function traced(job: Job) {
  let digest = 0;
  let accesses = 0;
  const judged = judge(job, {
    stepLimit: STEP_LIMIT,
    observer: (core, operation, _place, index, result, time_ns) => {
      accesses++;
      digest = mix(mix(mix(digest ^ (core * 8 + operation), index), result), time_ns);
    },
  });
  return { judged, digest, accesses };
}

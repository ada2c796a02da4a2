/** Small blocks on real threads, more of them than cores, so that the system interrupts them anywhere. */
import { availableParallelism } from 'node:os';
import { type Configuration, THREADS } from '../../experiment/configuration.ts';
import { loadWorkload } from '../../machine/load.ts';
import type { Run } from '../../machine/run.ts';
import { openThreads } from '../../machine/threads/threads.ts';
import { Workers } from '../../machine/threads/workers.ts';
import { jobOf, type Variant } from '../cases.ts';
import { type Finding, failure, findingOf, isControl, verdictOf } from '../judge.ts';
import type { Check, Report } from '../result.ts';

const BLOCKS = [
  { workload: 'cycle', parameters: { keys: 4 }, transactions: 300 },
  { workload: 'mixed', parameters: { keys: 3 }, transactions: 300 },
  { workload: 'transfers', parameters: { accounts: 3, work: 500 }, transactions: 100 },
] as const;
/** Threads a core. */
const CROWD = 2;
const CORES = CROWD * availableParallelism();
const TIMEOUT_MS = 20_000;
/** What the clocks of two threads, and timers, may be off by. */
const TIMES = { stampEvery: 1, timeout_ms: TIMEOUT_MS };

/** Of all that are checked, one after the other, since none is measured. Idle, they keep no process from its end. */
const workers = new Workers(CORES);

export const realThreads: Check = {
  name: 'real threads',
  law: 'twice as many threads as cores: runs are what was promised, none hangs',

  async run(variant, { repetitions, seed }, tick): Promise<Report> {
    let runs = 0;
    for (const { workload: name, parameters: given, transactions } of BLOCKS.slice(0, repetitions)) {
      const workload = await loadWorkload(name);
      const parameters = workload.declaration.parameters.parse(given);
      const configuration: Configuration = {
        algorithm: variant.algorithm,
        options: variant.options,
        workload,
        parameters,
        transactions,
        machine: THREADS,
        model: undefined,
        figures: {},
        cores: CORES,
        seed,
      };
      const finding = await stressed(configuration, variant, repetitions, () => tick(++runs));
      if (finding !== undefined) return { runs, finding, configuration, origin: { kind: 'threads' } };
    }
    return { runs };
  },
};

async function stressed(
  configuration: Configuration,
  variant: Variant,
  repetitions: number,
  tick: () => void,
): Promise<Finding | undefined> {
  const job = jobOf(configuration);
  try {
    const session = await openThreads({ ...job, ...TIMES }, workers);
    try {
      for (let repetition = 1; repetition <= repetitions; repetition++) {
        tick();
        const run: Run = await session.run(repetition);
        const finding = findingOf(verdictOf(job, run));
        if (finding !== undefined && !(isControl(variant) && finding.kind === 'invalid')) return finding;
      }
    } finally {
      await session.close();
    }
  } catch (error) {
    return failure(error);
  }
  return undefined;
}

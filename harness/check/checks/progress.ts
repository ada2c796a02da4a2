/** Whether the block gets done where everything stands against it: many cores, three keys. */
import type { Algorithm, Instance } from '../../../algorithms/algorithm.ts';
import type { Job, Loaded } from '../../machine/job.ts';
import { loadWorkload } from '../../machine/load.ts';
import type { Core } from '../../machine/machine.ts';
import { models } from '../../machine/simulated/models/index.ts';
import { configurationOf, jobOf } from '../cases.ts';
import { isControl, judge } from '../judge.ts';
import type { Check, Report } from '../result.ts';

const MODEL = models['two-socket'];
const STEP_LIMIT = 20_000_000;

export const progress: Check = {
  name: 'progress',
  law: `${MODEL.cores} cores that all want the same three keys get done`,

  async run(variant, { seed }, tick): Promise<Report> {
    tick(1);
    const workload = await loadWorkload('cycle');
    const parameters = workload.declaration.parameters.parse({ keys: 3 });
    const { cores } = MODEL;
    const drawn = { workload, parameters, transactions: cores, cores, seed };
    const configuration = configurationOf(drawn, variant, MODEL);
    const attempts = new Int32Array(drawn.transactions);
    const { finding } = judge(counting(jobOf(configuration), attempts), {
      model: MODEL,
      stepLimit: STEP_LIMIT,
    });
    if (finding !== undefined && !(isControl(variant) && finding.kind === 'invalid')) {
      return { runs: 1, finding, configuration, origin: { kind: 'virtual-time' } };
    }
    const mean = attempts.reduce((sum, count) => sum + count, 0) / attempts.length;
    return { runs: 1, attempts: { most: Math.max(...attempts), mean } };
  },
};

/** The job, with the attempts at each transaction counted. */
function counting(job: Job, attempts: Int32Array): Job {
  const { declaration } = job.algorithm;
  const algorithm: Loaded<Algorithm> = {
    ...job.algorithm,
    declaration: { ...declaration, create: (context) => observed(declaration.create(context), attempts) },
  };
  return { ...job, algorithm };
}

function observed(instance: Instance, attempts: Int32Array): Instance {
  return {
    load: () => instance.load(),
    state: (key) => instance.state(key),
    run(core) {
      const begin = core.begin.bind(core);
      (core as { -readonly [K in keyof Core]: Core[K] }).begin = (transaction) => {
        attempts[transaction]++;
        begin(transaction);
      };
      return instance.run(core);
    },
  };
}

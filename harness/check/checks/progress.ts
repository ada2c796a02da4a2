/** Whether the block gets done where everything stands against it: many cores, three keys. */
import { loadWorkload } from '../../machine/load.ts';
import { models } from '../../machine/simulated/models/index.ts';
import { configurationOf, jobOf } from '../cases.ts';
import { isControl, judge } from '../judge.ts';
import type { Check, Report } from '../result.ts';
import { watched } from '../watch.ts';

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
    const job = watched(jobOf(configuration), { begin: (transaction) => attempts[transaction]++ });
    const { finding } = judge(job, { model: MODEL, stepLimit: STEP_LIMIT });
    if (finding !== undefined && !(isControl(variant) && finding.kind === 'invalid')) {
      return { runs: 1, finding, configuration, origin: { kind: 'virtual-time' } };
    }
    const mean = attempts.reduce((sum, count) => sum + count, 0) / attempts.length;
    return { runs: 1, attempts: { most: Math.max(...attempts), mean } };
  },
};

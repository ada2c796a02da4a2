/** An outcome counts once its transaction has committed: an algorithm that forgets one is found out. */
import { expect, test } from 'vitest';
import type { Context, Core, Instance } from '../../algorithms/algorithm.ts';
import { models } from '../../harness/machine/simulated/models/index.ts';
import { simulate } from '../../harness/machine/simulated/simulate.ts';
import { verify } from '../../harness/verify/verify.ts';
import { jobOf } from '../algorithms/cases.ts';

const drawn = {
  workload: 'transfers',
  parameters: { accounts: 4, variant: 'plain' },
  transactions: 5,
  cores: 1,
  seed: 1,
};

test.each([
  ['all', -1, { verdict: 'valid' }],
  ['all but one', 3, { verdict: 'invalid', anomaly: 'incomplete' }],
])('committing %s', async (_, forgotten, expected) => {
  const honest = await jobOf(drawn, 'sequential');
  const { declaration } = honest.algorithm;
  const create = (context: Context<Record<string, unknown>>): Instance => {
    const instance = declaration.create(context);
    const run = instance.run.bind(instance);
    instance.run = (core: Core) => {
      const commit = core.commit.bind(core);
      core.commit = (t, point) => (t === forgotten ? core.finish(t) : commit(t, point));
      return run(core);
    };
    return instance;
  };
  const job = { ...honest, algorithm: { reference: 'forgetful', declaration: { ...declaration, create } } };
  const run = simulate(job, { model: models['server-32'] });
  const workload = job.workload.declaration;
  const block = { ...job.block, procedures: workload.procedures };
  expect(verify(workload, block, 'block-order', run)).toMatchObject(expected);
});

/** What names trials: all that decides a run, and nothing else. */
import { expect, test } from 'vitest';
import { type Configuration, configure } from '../../harness/experiment/configuration.ts';
import { configurationId, trialId } from '../../harness/experiment/identity.ts';
import type { MachineModel } from '../../harness/machine/simulated/model.ts';

const configuration: Configuration = await configure({
  ...{ algorithm: 'silo', options: {}, workload: 'transfers', parameters: {} },
  ...{ machine: 'server-32', cores: 2, transactions: 10, seed: 1 },
});

function withModel(parts: object): Configuration {
  return { ...configuration, model: { ...(configuration.model as MachineModel), ...parts } };
}

test('a repetition has a name of its own, and so has every figure of the model that decides the run', () => {
  const names = [
    trialId(configuration, 1),
    trialId(configuration, 2),
    trialId(withModel({ hit_ns: 2 }), 1),
    trialId(withModel({ domains: [{ cores: 32, transfer_ns: 1 }] }), 1),
    configurationId(configuration),
    configurationId(withModel({ block_ns: 1 })),
  ];
  expect(new Set(names).size).toBe(names.length);
});

test('what is said of a model names nothing, nor does a figure that is nothing', () => {
  for (const parts of [{ sources: { hit_ns: 'measured' } }, { summary: 'other' }, { new_ns: 0 }]) {
    expect(trialId(withModel(parts), 1)).toBe(trialId(configuration, 1));
  }
});

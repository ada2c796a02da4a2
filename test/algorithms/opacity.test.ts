/**
 * The suite's check of opacity (harness/check/checks/opacity.ts) can see what it is there for: algorithms that are
 * not opaque pass it as they are, and fail as soon as they say that they are. That those that say so are, and what
 * comes of zombies where they may be, is tested with all other laws.
 */
import { expect, test } from 'vitest';
import { variantsOf } from '../../harness/check/cases.ts';
import { opacity } from '../../harness/check/checks/opacity.ts';
import { loadAlgorithm } from '../../harness/machine/load.ts';
import { RUNS } from './judge.ts';

const EFFORT = { runs: 4 * RUNS, seed: 1, repetitions: 0 };

/** Zombies are common here; in others that are not opaque either they may take more luck. */
const ZOMBIES = ['block-stm', 'bocc', 'silo', 'tictoc', 'uncontrolled'];

test.each(ZOMBIES)('%s would not pass for opaque', async (name) => {
  const { reference, declaration } = await loadAlgorithm(name);
  expect(declaration.opaque ?? false).toBe(false);
  const [usual] = variantsOf({ reference, declaration: { ...declaration, opaque: true } });
  const { finding, configuration, origin } = await opacity.run(usual, EFFORT, () => {});
  expect(finding).toMatchObject({ kind: 'law', name: 'inconsistent state' });
  // Shrunk: somebody writes, and somebody else reads; Block-STM also needs an estimate of what is written.
  expect(configuration?.cores).toBe(2);
  expect(configuration?.transactions).toBeLessThan(4);
  expect(origin).toMatchObject({ kind: 'choices' });
});

/**
 * The laws of the conformance suite (harness/check) hold for every algorithm in the registry and each of its
 * variants; the controls, which promise less, are caught. CONTEND_CASES=1000 tries as much as `contend check` does.
 */
import { expect, test } from 'vitest';
import { algorithms } from '../../algorithms/index.ts';
import { variantsOf } from '../../harness/check/cases.ts';
import { realThreads } from '../../harness/check/checks/real-threads.ts';
import type { CheckResult } from '../../harness/check/result.ts';
import { checkAlgorithm } from '../../harness/check/suite.ts';
import { loadAlgorithm } from '../../harness/machine/load.ts';

/** Random schedules a variant. */
const RUNS = Number(process.env.CONTEND_CASES ?? 10);
const PATIENCE = { timeout: 60_000 + 1000 * RUNS };
const names = Object.keys(algorithms);

test.each(names)('%s keeps every law', PATIENCE, async (name) => {
  const results: CheckResult[] = [];
  const effort = { runs: RUNS, seed: 1, repetitions: 0 };
  for await (const result of checkAlgorithm(await loadAlgorithm(name), effort)) results.push(result);
  const failures = results.flatMap((result) => result.failures);
  const told = failures.map(({ check, configuration, finding }) => [check, finding, configuration?.options]);
  expect(told).toEqual([]);
  expect(results.map(({ check, passed }) => [check, passed])).toEqual(
    ['declaration', 'edges', 'any schedule', 'virtual time', 'opacity', 'progress', 'counters'].map(
      (check) => [check, true],
    ),
  );
});

test.each(names)('%s is as good on real threads', PATIENCE, async (name) => {
  const [usual] = variantsOf(await loadAlgorithm(name));
  const { finding, runs } = await realThreads.run(usual, { runs: RUNS, seed: 1, repetitions: 1 }, () => {});
  expect(finding).toBeUndefined();
  expect(runs).toBe(1);
});

/**
 * The conformance suite: takes any algorithm, its own tests' and a user's alike, and says of each law whether it
 * holds. Prints nothing. A control, which promises less than serializability, passes if verification rejects it.
 */
import type { Algorithm } from '../../algorithms/algorithm.ts';
import type { Loaded } from '../machine/job.ts';
import { type Variant, variantsOf } from './cases.ts';
import { anySchedule } from './checks/any-schedule.ts';
import { counters } from './checks/counters.ts';
import { DECLARATION, faultsOf } from './checks/declaration.ts';
import { edges } from './checks/edges.ts';
import { opacity } from './checks/opacity.ts';
import { progress } from './checks/progress.ts';
import { realThreads } from './checks/real-threads.ts';
import { virtualTime } from './checks/virtual-time.ts';
import type { Check, CheckResult, Effort, Failure, OnProgress, Report } from './result.ts';

const CHECKS: readonly Check[] = [edges, anySchedule, virtualTime, opacity, progress, counters, realThreads];

/** Yields the result of each check as it ends. The variants are all of the algorithm's, unless given. */
export async function* checkAlgorithm(
  algorithm: Loaded<Algorithm>,
  effort: Effort,
  onProgress: OnProgress = () => {},
  chosen?: readonly Variant[],
): AsyncGenerator<CheckResult> {
  const declared = declarationResult(algorithm);
  yield declared;
  if (!declared.passed) return;
  const variants = chosen ?? variantsOf(algorithm);
  for (const check of CHECKS) {
    if (check === realThreads && effort.repetitions === 0) continue;
    yield await resultOf(check, variants, effort, onProgress);
  }
}

function declarationResult(algorithm: Loaded<Algorithm>): CheckResult {
  const start_ms = performance.now();
  const { name: check, law } = DECLARATION;
  const faults = faultsOf(algorithm);
  const failures = faults.map(
    (explanation): Failure => ({ check, law, finding: { kind: 'law', name: check, explanation } }),
  );
  return {
    check,
    law,
    passed: faults.length === 0,
    runs: 0,
    variants: 0,
    elapsed_ms: performance.now() - start_ms,
    notes: [],
    failures,
  };
}

async function resultOf(
  check: Check,
  variants: readonly Variant[],
  effort: Effort,
  onProgress: OnProgress,
): Promise<CheckResult> {
  const start_ms = performance.now();
  const reports: Report[] = [];
  let runs = 0;
  for (const variant of variants) {
    const before = runs;
    const report = await check.run(variant, effort, (done) =>
      onProgress({ check: check.name, variant, runs: before + done }),
    );
    runs += report.runs;
    reports.push(report);
  }
  const failures = reports.flatMap((report) => failureOf(check, report));
  return {
    check: check.name,
    law: check.law,
    passed: failures.length === 0,
    runs,
    variants: variants.length,
    elapsed_ms: performance.now() - start_ms,
    notes: [...attemptNotes(reports), ...anomalyNotes(reports)],
    failures,
  };
}

function failureOf({ name, law }: Check, { finding, configuration, origin }: Report): Failure[] {
  if (finding === undefined) return [];
  return [{ check: name, law, finding, ...(configuration && { configuration }), ...(origin && { origin }) }];
}

/** The variant that fared worst. */
function attemptNotes(reports: readonly Report[]): string[] {
  const all = reports.flatMap(({ attempts }) => attempts ?? []);
  if (all.length === 0) return [];
  const worst = all.reduce((one, other) => (other.most > one.most ? other : one));
  return [`at the worst ${worst.most} attempts at one transaction, ${worst.mean.toFixed(1)} on average`];
}

/** What controls were rejected for. */
function anomalyNotes(reports: readonly Report[]): string[] {
  const counts = new Map<string, number>();
  for (const { anomalies = new Map<string, number>() } of reports) {
    for (const [name, count] of anomalies) counts.set(name, (counts.get(name) ?? 0) + count);
  }
  if (counts.size === 0) return [];
  const found = [...counts].sort(([, a], [, b]) => b - a).map(([name, count]) => `${name} ${count} times`);
  return [`a control, rejected as it should be: ${found.join(', ')}`];
}

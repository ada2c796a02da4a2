/** "Staring into the Abyss": its claims over the committed rows and over damaged ones, and rows that come out again. */
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { type Claim, check, judge } from '../../harness/claims/claim.ts';
import { Rows } from '../../harness/claims/rows.ts';
import { readExperiment } from '../../harness/experiment/file/experiment.ts';
import { trialId } from '../../harness/experiment/identity.ts';
import { readResults } from '../../harness/experiment/results.ts';
import { type Row, trialRow } from '../../harness/experiment/row.ts';
import { simulatedTrial } from '../../harness/experiment/trials/simulated.ts';
import abyss from '../../notebooks/abyss/claims.ts';

const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const { runs, rejected } = readResults(at('results/abyss'));
const claims = abyss.claims as readonly Claim[];
const own = new Rows(runs.filter(abyss.settings[0].selects));

/** The rows with the speed of some changed by a factor, and shares of time and counts of attempts with it. */
function damaged(factor: (row: Row) => number): Rows {
  return new Rows(
    own.all.map((row) => {
      const changed = ['throughput_tps', 'blocked_ns', 'attempts'].map((column) => [
        column,
        `${Number(row[column]) * factor(row)}`,
      ]);
      return { ...row, ...Object.fromEntries(changed) };
    }),
  );
}

const isPolicy = (row: Row, policy: string): boolean => row['algorithm.policy'] === policy;
const manyCores = ({ cores }: Row): boolean => Number(cores) > 64;

/** What makes each claim untrue. */
const DAMAGE: Readonly<Record<string, (row: Row) => number>> = {
  'ABY-1': (row) => (manyCores(row) ? 1e4 : 1),
  'ABY-2': (row) => (isPolicy(row, 'no-wait') ? 0.01 : 1),
  'ABY-3': (row) => (row['algorithm.timestamps'] === 'clock' ? 0.01 : 1),
  'ABY-4': ({ cores }) => (cores === '1024' ? 1e4 : 1),
  'ABY-5': (row) => (row['algorithm.timeout'] === '100000000' ? 1e4 : 1),
  'ABY-6': (row) => (isPolicy(row, 'no-wait') ? 1e-4 : 1),
  'ABY-7': (row) => (manyCores(row) ? 1e4 : 1),
  'ABY-8': (row) => (isPolicy(row, 'no-wait') ? 1e4 : 1),
  'ABY-10': (row) => (row.algorithm === 'partition-locking' ? 1e-4 : 1),
  'ABY-11': (row) => (row['workload.theta'] === '0.8' ? 1e4 : 1),
  'ABY-12': (row) => (isPolicy(row, 'detection') ? 0 : 1),
  'ABY-8-why': (row) => (isPolicy(row, 'no-wait') && row['algorithm.backoff'] === '10' ? 1e9 : 1),
  'ABY-X': (row) => (isPolicy(row, 'no-wait') && row['machine.domains'].length > 50 ? 1e9 : 1),
  'ABY-X-why': (row) => (isPolicy(row, 'no-wait') && row['machine.domains'].length > 50 ? 1e9 : 1),
};

test('every trial of the reference has a valid verdict', () => {
  expect(rejected).toEqual([]);
  expect(new Set(runs.map(({ verdict }) => verdict))).toEqual(new Set(['valid']));
});

describe('claims', () => {
  test('have a name each, and rows that they can be checked by', () => {
    expect(claims.map(({ id }) => id)).toEqual(Object.keys(DAMAGE));
    const decisive = abyss.settings[0].name;
    const findings = check(abyss, runs);
    expect(
      findings.filter(({ setting, verdict }) => setting === decisive && verdict === 'not testable'),
    ).toEqual([]);
  });

  test.each(claims.map((claim): [string, Claim] => [claim.id, claim]))('damage refutes %s', (id, claim) => {
    expect(judge(claim, damaged(DAMAGE[id])).verdict).toBe('fails');
  });
});

test('the reference has the rows of the experiment, and some of them run again come out the same', async () => {
  const { configurations, name } = await readExperiment(at('notebooks/abyss/experiment.yaml'));
  const committed = new Map(runs.map((row) => [row.trial, row]));
  expect([...committed.keys()].sort()).toEqual(configurations.map((one) => trialId(one, 1)).sort());
  const soon = configurations.filter(
    ({ cores, parameters, workload, figures }) =>
      cores === 16 && parameters.theta === 0.6 && workload.reference === 'ycsb' && !('domains' in figures),
  );
  const slice = soon.filter(({ algorithm }) => ['mvto', 'occ', '2pl'].includes(algorithm.declaration.name));
  expect(slice.length).toBeGreaterThan(2);
  for (const configuration of slice.slice(0, 2)) {
    const row = trialRow(name, simulatedTrial(configuration));
    const reference = committed.get(row.trial) as Row;
    for (const [column, cell] of Object.entries(row))
      expect([column, reference[column] ?? '']).toEqual([column, cell]);
  }
});

/** Saved runs: what is written is read back, runs again to the same end, and whatever else a file holds is refused. */
import { expect, test } from 'vitest';
import { configurationOf as caseConfiguration } from '../../harness/check/cases.ts';
import { judgeConfiguration, MODEL, randomWalk } from '../../harness/check/judge.ts';
import type { Origin } from '../../harness/check/result.ts';
import {
  canBeSaved,
  configurationOf,
  parseSavedRun,
  replaySaved,
  type SavedRun,
  savedRun,
} from '../../harness/check/schedule-file.ts';
import { StepLog, transactionsIn } from '../../harness/check/steps.ts';
import { UserError } from '../../harness/experiment/user-error.ts';
import { loadAlgorithm, loadWorkload } from '../../harness/machine/load.ts';
import { models } from '../../harness/machine/simulated/models/index.ts';

const LIMIT = { stepLimit: 1_000_000 };

async function recorded(transactions = 20) {
  const algorithm = await loadAlgorithm('uncontrolled');
  const workload = await loadWorkload('cycle');
  const drawn = { workload, parameters: { keys: 3, work: 0 }, transactions, cores: 4, seed: 3 };
  const configuration = caseConfiguration(drawn, { algorithm, options: {} }, MODEL);
  const walk = randomWalk(1);
  const judged = judgeConfiguration(configuration, { schedule: walk, ...LIMIT });
  const origin: Origin = { kind: 'choices', choices: walk.choices };
  const saved = savedRun(configuration, origin, { check: 'a check', law: 'a law', finding: judged.finding });
  return { configuration, judged, saved };
}

async function again(saved: SavedRun) {
  return replaySaved(saved, await configurationOf(saved), LIMIT);
}

test('a saved run is read back as it was, and ends the same', async () => {
  const { judged, saved } = await recorded();
  expect(judged.finding).toMatchObject({ kind: 'invalid' });
  const read = parseSavedRun(JSON.stringify(saved), 'x.json');
  expect(read).toEqual(saved);
  const replayed = await again(read);
  expect(replayed.judged).toEqual(judged);
  expect(replayed.taken).toBe(replayed.recorded);
});

test('an empty block and virtual time can be saved, too', async () => {
  const { saved } = await recorded(0);
  expect((await again({ ...saved, schedule: 'virtual-time' })).judged.finding).toBeUndefined();
});

test('steps that do not fit are refused, and steps that are left over are told', async () => {
  const { saved } = await recorded();
  const { steps } = saved.schedule as { steps: string };
  await expect(again({ ...saved, schedule: { steps: `${steps.slice(0, 9)}z` } })).rejects.toThrow(
    /^the schedule does not fit: step 9 is core 35's.*has changed since it was saved$/,
  );
  const longer = await again({ ...saved, schedule: { steps: `${steps}00` } });
  expect(longer.recorded - longer.taken).toBe(2);
});

test('loosely, steps that do not fit are passed over, and those that do are taken', async () => {
  const { judged, saved } = await recorded();
  const { steps } = saved.schedule as { steps: string };
  const disturbed = { ...saved, schedule: { steps: `z${steps.slice(0, 9)}zz${steps.slice(9)}` } };
  const { judged: again } = replaySaved(disturbed, await configurationOf(saved), { ...LIMIT, loose: true });
  expect(again).toEqual(judged);
});

test.each([
  ['', /^f is no saved schedule, nor any JSON/],
  ['[]', /^f is no saved schedule: /],
  ['{"schema":7}', /^f has schema version 7, and this program reads version 1$/],
  ['{"schema":1}', /^f is no saved schedule: check: /],
  [{ cores: 0 }, /^f is no saved schedule: cores: /],
  [{ schedule: { steps: '0 1' } }, /^f is no saved schedule: schedule/],
  [{ more: 1 }, /^f is no saved schedule: .*more/],
])('a file with %j is refused', async (content, complaint) => {
  const { saved } = await recorded(2);
  const text = typeof content === 'string' ? content : JSON.stringify({ ...saved, ...content });
  expect(() => parseSavedRun(text, 'f')).toThrow(complaint);
  expect(() => parseSavedRun(text, 'f')).toThrow(UserError);
});

test.each([
  [{ algorithm: 'nobody' }, /^unknown algorithm: nobody/],
  [{ workload: 'nothing' }, /^unknown workload: nothing/],
  [{ parameters: { keys: 1 } }, /keys must be at least 3/],
  [{ model: 'threads' }, /^a saved schedule cannot run on threads$/],
  [{ cores: 33 }, /^cores must be an integer from 1 to 32/],
])('what a file asks for is checked: %j', async (changes, complaint) => {
  const { saved } = await recorded(2);
  await expect(configurationOf({ ...saved, ...changes })).rejects.toThrow(complaint);
});

test('runs on real threads, and choices among more cores than there are digits, cannot be saved', async () => {
  const { configuration } = await recorded(2);
  const many = { ...configuration, cores: 37, model: models['two-socket'] };
  expect(canBeSaved(configuration, { kind: 'choices', choices: [] })).toBe(true);
  expect(canBeSaved(many, { kind: 'choices', choices: [] })).toBe(false);
  expect(canBeSaved(many, { kind: 'virtual-time' })).toBe(true);
  expect(canBeSaved(configuration, { kind: 'threads' })).toBe(false);
});

test('a step tells who did what where, what was there and what is now; only the last ones are kept', () => {
  const place = { name: 'w', elements: new Int32Array([0, 5]), stride: 1, offset: 0, line: 0, lineShift: 4 };
  const log = new StepLog(2);
  for (let i = 0; i < 9; i++) log.observer(0, 7, undefined, 0, 0, i);
  log.observer(3, 0, place, 1, 5, 1234.56);
  log.observer(3, 2, place, 1, 4, 1300);
  expect(log.count).toBe(11);
  expect(log.steps).toEqual([
    ['10', '3', '', 'load', 'w[1]', '5', '1,234.6 ns'],
    ['11', '3', '', 'add', 'w[1]', '4 → 5', '1,300 ns'],
  ]);
});

test('steps can be those of some transactions alone, by whose attempt their core began last', () => {
  const log = new StepLog(9, new Set([7]));
  log.watcher.begin?.(7, 1);
  log.watcher.begin?.(8, 2);
  for (const core of [0, 1, 2]) log.observer(core, 7, undefined, 0, 0, 5);
  expect(log.count).toBe(3);
  expect(log.steps).toEqual([['2', '1', '7', 'pause', '', '', '5 ns']]);
});

test('evidence names transactions in several places, and other numbers', () => {
  const evidence = {
    read: { transaction: 3, key: 9 },
    cycle: [{ from: 1, to: 2, key: 8 }],
    count: 4,
    transactions: [5],
  };
  expect([...transactionsIn(evidence)].sort()).toEqual([1, 2, 3, 5]);
});

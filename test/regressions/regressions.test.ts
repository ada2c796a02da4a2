/**
 * Each file here is a run that failed once, or one that is worth keeping, as `contend check` saves them; all are valid
 * now. Whoever mends a fault changes the steps, so they are replayed as far as they still fit.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { configurationOf, parseSavedRun, replaySaved } from '../../harness/check/schedule-file.ts';

const FOLDER = new URL('.', import.meta.url);
const files = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));

test.each(files)('%s', async (name) => {
  const saved = parseSavedRun(readFileSync(new URL(name, FOLDER), 'utf8'), name);
  const configuration = await configurationOf(saved);
  const { judged } = replaySaved(saved, configuration, { stepLimit: 3_000_000, loose: true });
  expect(judged.finding).toBeUndefined();
});

test('there are some', () => expect(files.length).toBeGreaterThan(0));

/**
 * Each file here is a run that failed once, or one that is worth keeping, as `contend check` saves them; all are valid
 * now. Where an algorithm changed so that its recorded steps do not fit any more, take a new record or remove the file.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { configurationOf, parseSavedRun, replaySaved } from '../../harness/check/schedule-file.ts';

const FOLDER = new URL('.', import.meta.url);
const files = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));

test.each(files)('%s', async (name) => {
  const saved = parseSavedRun(readFileSync(new URL(name, FOLDER), 'utf8'), name);
  const { judged, recorded, taken } = replaySaved(saved, await configurationOf(saved), {
    stepLimit: 1_000_000,
  });
  expect(judged.finding).toBeUndefined();
  expect(taken).toBe(recorded);
});

test('there are some', () => expect(files.length).toBeGreaterThan(0));

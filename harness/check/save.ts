/** Writes failures to a folder, as saved runs that `contend replay` takes. */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../experiment/user-error.ts';
import { commandFor } from '../report/command.ts';
import type { Failure } from './result.ts';
import { canBeSaved, savedRun } from './schedule-file.ts';

/** Saves it if it can be; returns the one command that shows it again, or nothing if there is none. */
export function saveFailure(failure: Failure, folder: string): string | undefined {
  const { check, configuration, origin } = failure;
  if (configuration === undefined || origin === undefined) return undefined;
  // A run on real threads never comes again, but such runs do.
  if (!canBeSaved(configuration, origin)) return commandFor(configuration, { repetitions: 50 });
  const saved = `${JSON.stringify(savedRun(configuration, origin, failure), null, 2)}\n`;
  const hash = createHash('sha256').update(saved).digest('hex').slice(0, 8);
  const { name } = configuration.algorithm.declaration;
  const path = join(folder, `${name}-${check.replaceAll(' ', '-')}-${hash}.json`);
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path, saved);
  } catch (error) {
    throw new UserError(`cannot write to ${folder}: ${(error as Error).message}`);
  }
  return `npx contend replay ${/^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`}`;
}

/** Gives the tests a temporary folder of their own, and takes it away with all that they leave in it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where `tmpdir()` looks, here and in every process that a test starts. */
const PLACES = ['TMPDIR', 'TMP', 'TEMP'] as const;

export default function setUp(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'contend-test-'));
  for (const place of PLACES) process.env[place] = folder;
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}

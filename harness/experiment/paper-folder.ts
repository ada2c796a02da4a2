/**
 * A paper's folder: its experiment and its claims, as `notebooks/` has one a paper.
 *
 *   experiment.yaml   the paper's evaluation, in full
 *   quick.yaml        some cells of the same grid, for a first look
 *   claims.ts         what the paper says of it (harness/claims/claim.ts), the default export
 *
 * Reference results, those that are committed, lie beside the folder of all papers: `results/<the folder's name>`.
 */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Claims } from '../claims/claim.ts';
import { unknown } from './configuration.ts';
import { UserError } from './user-error.ts';

const PAPERS = fileURLToPath(new URL('../../notebooks/', import.meta.url));

export interface PaperFolder {
  readonly name: string;
  readonly directory: string;
  /** Where reference results are, if there are any. */
  readonly reference: string;
  readonly claims: Claims;
}

/** The papers that come along. */
export function knownPapers(): string[] {
  return readdirSync(PAPERS)
    .filter((name) => existsSync(join(PAPERS, name, 'claims.ts')))
    .sort();
}

/** @param given a known paper's name, or the path of a folder; throws a UserError where it is neither */
export async function paperFolder(given: string): Promise<PaperFolder> {
  const directory = locate(given);
  const name = basename(directory);
  return {
    name,
    directory,
    reference: join(dirname(dirname(directory)), 'results', name),
    claims: await claimsOf(directory),
  };
}

function locate(given: string): string {
  if (!/[/\\]/.test(given) && given !== '.') {
    if (knownPapers().includes(given)) return join(PAPERS, given);
    throw unknown('paper', given, knownPapers());
  }
  const directory = resolve(given);
  if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory()) {
    throw new UserError(`no such folder of a paper: ${given}`);
  }
  return directory;
}

const FIELDS = ['paper', 'settings', 'claims'] as const;

async function claimsOf(directory: string): Promise<Claims> {
  const path = join(directory, 'claims.ts');
  if (!existsSync(path)) throw new UserError(`${directory} is no paper's folder: it has no claims.ts`);
  let found: Claims | undefined;
  try {
    found = (await import(pathToFileURL(path).href)).default;
  } catch (error) {
    const [reason] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw new UserError(`cannot load ${path}: ${reason}`);
  }
  if (found !== undefined && FIELDS.every((field) => found[field] !== undefined)) return found;
  throw new UserError(`${path} should export defineClaims({ ${FIELDS.join(', ')} }) by default`);
}

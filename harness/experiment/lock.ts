/** One process at a time writes to a results folder. Nothing has to be cleared away by hand after a kill. */
import { readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { makeFolder } from './record.ts';
import { UserError } from './user-error.ts';

/** Who holds a lock says so every so often; without a sign for so long it is gone, whatever host it is on. */
const BEAT_MS = 10_000;
const STALE_MS = 60_000;

/** By this process. */
const held = new Set<string>();

interface Holder {
  readonly host: string;
  readonly pid: number;
}

/** Takes the folder. Throws a UserError where another process has it. */
export function lockFolder(directory: string): { release(): void } {
  const path = join(resolve(directory), '.lock');
  const content = JSON.stringify({ host: hostname(), pid: process.pid } satisfies Holder);
  take(path, content, directory);
  held.add(path);
  const beat = setInterval(() => touch(path), BEAT_MS);
  beat.unref();
  return {
    release(): void {
      clearInterval(beat);
      held.delete(path);
      rmSync(path, { force: true });
    },
  };
}

function take(path: string, content: string, directory: string): void {
  try {
    makeFolder(directory);
    writeFileSync(path, content, { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
      throw new UserError(`cannot write results to ${directory}: ${(error as Error).message}`);
    }
    const holder = holderOf(path);
    if (holder !== undefined) {
      throw new UserError(
        `${directory} is being written to by process ${holder.pid} on ${holder.host}; wait for it, or end it`,
      );
    }
    rmSync(path, { force: true });
    take(path, content, directory);
  }
}

/** Who has the lock, unless whoever had it is gone. */
function holderOf(path: string): Holder | undefined {
  try {
    const holder: Holder = JSON.parse(readFileSync(path, 'utf8'));
    if (Date.now() - statSync(path).mtimeMs > STALE_MS) return undefined;
    if (holder.host !== hostname()) return holder;
    // Containers give the same number again and again.
    const isOurs = holder.pid === process.pid;
    return (isOurs ? held.has(path) : isAlive(holder.pid)) ? holder : undefined;
  } catch {
    // Half-written, or taken away meanwhile.
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function touch(path: string): void {
  const now = new Date();
  try {
    utimesSync(path, now, now);
  } catch {
    // Taken away with its folder; the next row will say so.
  }
}

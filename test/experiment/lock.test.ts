/** A folder is one process's at a time. */
import { existsSync, mkdtempSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lockFolder } from '../../harness/experiment/lock.ts';

const folder = (): string => mkdtempSync(join(tmpdir(), 'contend-lock-'));
/** No process has it: the largest number that Linux gives is 2^22. */
const NOBODY = 2 ** 22 + 1;

test('taken twice it is refused, with whom to wait for; released it is free', () => {
  const directory = folder();
  const lock = lockFolder(directory);
  expect(() => lockFolder(directory)).toThrow(
    `is being written to by process ${process.pid} on ${hostname()}`,
  );
  lock.release();
  expect(existsSync(join(directory, '.lock'))).toBe(false);
  lockFolder(directory).release();
});

test.each([
  ['a process that is gone', { host: hostname(), pid: NOBODY }, 0, false],
  [
    'a process of the same number that a container had before',
    { host: hostname(), pid: process.pid },
    0,
    false,
  ],
  ['another that lives', { host: hostname(), pid: process.ppid }, 0, true],
  ['one that lives and gave no sign for two minutes', { host: hostname(), pid: process.ppid }, 120, false],
  ['another host', { host: 'elsewhere', pid: 1 }, 0, true],
  ['another host that gave no sign for two minutes', { host: 'elsewhere', pid: 1 }, 120, false],
])('of %s', (_, holder, silent_s, isHeld) => {
  const directory = folder();
  const path = join(directory, '.lock');
  writeFileSync(path, JSON.stringify(holder));
  const sign = Date.now() / 1000 - silent_s;
  utimesSync(path, sign, sign);
  if (isHeld) expect(() => lockFolder(directory)).toThrow(`process ${holder.pid} on ${holder.host}`);
  else {
    const lock = lockFolder(directory);
    expect(JSON.parse(readFileSync(path, 'utf8')).pid).toBe(process.pid);
    lock.release();
  }
});

test('a lock that was not written whole is nobody’s', () => {
  const directory = folder();
  writeFileSync(join(directory, '.lock'), '{"ho');
  lockFolder(directory).release();
});

/** What a command has to load before it does anything: nothing that it only draws with, and no other command. */
import { posix } from 'node:path';
import { expect, test } from 'vitest';
import { type Source, sources } from '../tidy/source.ts';

/** Packages that take tens to hundreds of milliseconds to load. */
const HEAVY = ['vega', 'vega-lite', 'vega-embed', '@resvg/resvg-js'];

/** What the file imports when it is loaded; what it imports later, in a function, is no such thing. */
function importsOf({ path, program }: Source): string[] {
  return program.body.flatMap((node) => {
    const from =
      node.type === 'ImportDeclaration' || node.type === 'ExportNamedDeclaration'
        ? node.source?.value
        : undefined;
    if (typeof from !== 'string') return [];
    return [from.startsWith('.') ? posix.join(posix.dirname(path), from) : from];
  });
}

test('no command waits for what another draws or searches with', () => {
  const files = new Map(sources().map((source) => [source.path, source]));
  const load = (name: string, loaded = new Set<string>()): Set<string> => {
    if (loaded.has(name)) return loaded;
    loaded.add(name);
    const source = files.get(name);
    if (source !== undefined) for (const from of importsOf(source)) load(from, loaded);
    return loaded;
  };
  const commands = [...files.keys()].filter((path) => path.startsWith('harness/cli/commands/'));
  expect(commands).toContain('harness/cli/commands/chart.ts');
  for (const command of commands) {
    expect([...load(command)].filter((name) => HEAVY.includes(name))).toEqual([]);
  }
  expect([...load('harness/cli/main.ts')].filter((name) => commands.includes(name))).toEqual([
    'harness/cli/commands/index.ts',
  ]);
  expect(load('harness/cli/commands/check.ts')).toContain('fast-check');
  expect(load('harness/cli/commands/run.ts')).not.toContain('fast-check');
});

/** What every command has to load before it does anything: nothing that only one of them draws with. */
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

test('no command waits for what another draws with', () => {
  const files = new Map(sources().map((source) => [source.path, source]));
  const loaded = new Set<string>();
  const load = (name: string): void => {
    if (loaded.has(name)) return;
    loaded.add(name);
    const source = files.get(name);
    if (source !== undefined) for (const from of importsOf(source)) load(from);
  };
  load('harness/cli/main.ts');
  expect(loaded).toContain('harness/cli/commands/chart.ts');
  expect([...loaded].filter((name) => HEAVY.includes(name))).toEqual([]);
});

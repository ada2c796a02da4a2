/** What a page on disk cannot load: modules of Node end its build, those of a network say that they are not there. */
import { expect, test } from 'vitest';
import { offline } from '../../notebooks/offline.ts';

const { resolveId, load } = offline() as unknown as {
  resolveId: (id: string, importer: string) => string | null;
  load: (id: string) => string | null;
};

test('a module of Node ends the build, and says who wants it', () => {
  expect(() => resolveId('node:fs', '/harness/a.ts')).toThrow('/harness/a.ts imports node:fs');
});

test('a module from a network is replaced by one that says that it is not there', () => {
  const id = resolveId('https://cdn.example/npm/xlsx/+esm', '/kit/xlsx.js');
  expect(load(id ?? '')).toContain('not in this page: /npm/xlsx/+esm');
});

test('all else is left to others', () => {
  expect(resolveId('./sampleDatasets.js', '/notebooks/mine.ts')).toBeNull();
  expect(load('/notebooks/mine.ts')).toBeNull();
});

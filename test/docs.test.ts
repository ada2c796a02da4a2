/** What the documents name is there: links and their headings, files and folders, npm scripts. */
import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOT, tree } from './tidy/source.ts';

interface Project {
  /** All files, from the root. */
  readonly files: ReadonlySet<string>;
  readonly scripts: readonly string[];
  readonly read: (path: string) => string;
}

/** The project's own folders: a path that starts with one is meant to be there. Results come and go. */
const FOLDERS = 'algorithms|workloads|harness|notebooks|test';
/** Stands for a name in a path. */
const PLACEHOLDER = /\b(NAME|DIR|FILE|PAPER)\b/;

function findings(path: string, project: Project): string[] {
  return project
    .read(path)
    .split('\n')
    .flatMap((line, i) =>
      [...links(path, line, project), ...paths(line, project), ...scripts(line, project)].map(
        (what) => `${path}:${i + 1}: ${what}`,
      ),
    );
}

/** Links and images that lead nowhere; those to other sites are nobody's to check here. */
function links(from: string, line: string, project: Project): string[] {
  const prose = line.replaceAll(/`[^`]*`/g, '');
  const targets = [...prose.matchAll(/\]\(([^()\s]+)[^()]*\)|\b(?:src|srcset|href)="([^"]+)"/g)].map(
    ([, markdown, html]) => markdown ?? html,
  );
  return targets.flatMap((target) => {
    if (/^[a-z]+:/.test(target)) return [];
    const [path, heading] = target.split('#');
    const to = path === '' ? from : posix.normalize(posix.join(posix.dirname(from), path));
    if (!exists(to, project)) return [`links to ${target}, which is not there`];
    if (heading === undefined || headings(project.read(to)).includes(heading)) return [];
    return [`links to ${target}, but ${to} has no such heading`];
  });
}

/** Paths that start at the root; and in backticks also the ends of paths, as `simulated/access.ts`. */
function paths(line: string, project: Project): string[] {
  const full = [...line.matchAll(new RegExp(`(?<![\\w./-])(?:${FOLDERS})/[\\w./-]*`, 'g'))]
    .map(([path]) => path.replace(/\.+$/, ''))
    .filter((path) => !PLACEHOLDER.test(path) && !exists(path, project));
  const ends = [...line.matchAll(/`([\w-][\w.-]*(?:\/[\w.-]+)*\.(?:ts|js|md))`/g)]
    .map(([, path]) => path)
    .filter((path) => !PLACEHOLDER.test(path) && !endsSome(path, project));
  return [...new Set([...full, ...ends])].map((path) => `names ${path}, which is not there`);
}

function scripts(line: string, project: Project): string[] {
  return [
    ...line.matchAll(/\bnpm (?:run )?(?!ci\b|install\b|i\b|pack\b|link\b|exec\b|scripts\b)([a-z][\w:-]*)/g),
  ]
    .filter(([, script]) => !project.scripts.includes(script))
    .map(([, script]) => `says npm run ${script}, but package.json has no such script`);
}

function exists(path: string, { files }: Project): boolean {
  const bare = path.replace(/\/$/, '');
  return files.has(bare) || [...files].some((file) => file.startsWith(`${bare}/`));
}

function endsSome(path: string, { files }: Project): boolean {
  return [...files].some((file) => file === path || file.endsWith(`/${path}`));
}

/** The headings of a document as links name them. */
function headings(markdown: string): string[] {
  return [...markdown.replaceAll(/^```.*?^```/gms, '').matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading
      .trim()
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  );
}

describe('what the documents name is there', () => {
  const files = tree();
  const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
  const project: Project = {
    files: new Set(files),
    scripts: Object.keys((JSON.parse(read('package.json')) as { scripts: object }).scripts),
    read,
  };
  const documents = files.filter((path) => path.endsWith('.md') && !path.startsWith('results/'));

  test('there are some', () => {
    expect(documents).toEqual(expect.arrayContaining(['CONTRIBUTING.md', 'DESIGN.md']));
  });

  test.each(documents)('%s', (path) => {
    expect(findings(path, project)).toEqual([]);
  });
});

describe('a finding tells what is missing, and where', () => {
  const project = (text: string): Project => ({
    files: new Set(['A.md', 'docs/B.md', 'algorithms/silo.ts', 'harness/machine/core.ts']),
    scripts: ['test', 'bench'],
    read: (path) => (path === 'A.md' ? text : '# The *one*: it\n\n```sh\n# no heading\n```\n'),
  });

  test.each([
    [
      'a link',
      'see [b](docs/B.md) and\n[c](docs/C.md "c")',
      ['A.md:2: links to docs/C.md, which is not there'],
    ],
    [
      'an image',
      '<img src="x.svg">![y](./y.svg)',
      ['A.md:1: links to ./y.svg, which is not there', 'A.md:1: links to x.svg, which is not there'],
    ],
    [
      'a heading, of another document or of its own',
      '# Own way\n[b](docs/B.md#the-one-it) [c](docs/B.md#no-heading) [d](#own-way) [e](#no-way)',
      [
        'A.md:2: links to docs/B.md#no-heading, but docs/B.md has no such heading',
        'A.md:2: links to #no-way, but A.md has no such heading',
      ],
    ],
    ['another site', '[x](https://example.org/algorithms/none.ts) `[a](b)`', []],
    [
      'a path, in text or code',
      '    run algorithms/silo.ts algorithms/NAME.ts\nsee harness/machine/ or test/none. (workloads/a/b.ts)',
      ['A.md:2: names test/none, which is not there', 'A.md:2: names workloads/a/b.ts, which is not there'],
    ],
    [
      'the end of a path, in backticks',
      '`machine/core.ts` `core.ts` `./mine.ts` `runs.csv` `machine/cores.ts` `ore.ts`',
      ['A.md:1: names machine/cores.ts, which is not there', 'A.md:1: names ore.ts, which is not there'],
    ],
    [
      'a script',
      'npm ci; npm test; npm run bench -- x; npm run tests',
      ['A.md:1: says npm run tests, but package.json has no such script'],
    ],
  ])('%s', (_, text, expected) => {
    expect(findings('A.md', project(text)).sort()).toEqual([...expected].sort());
  });
});

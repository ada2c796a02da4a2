/**
 * Style by machine: each rule looks at one file and tells what it finds as `path:line: what, do what`. A rule
 * that has exceptions lists them with their reasons; an exception that nothing needs any more is a finding too.
 */
import type { Function as FunctionNode, Node } from 'acorn';
import { full, simple } from 'acorn-walk';
import { eraseCoroutines } from '../../harness/machine/threads/erase.ts';
import type { Source } from './source.ts';

export interface Rule {
  readonly name: string;
  readonly applies: (path: string) => boolean;
  readonly find: (source: Source) => string[];
  /** Where the rule does not hold, by how the path starts, and why. */
  readonly exceptions?: Readonly<Record<string, string>>;
}

const FUNCTION_LINES = 70;
const FILE_LINES = 400;

const isShared = (path: string): boolean => /^(algorithms|workloads)\//.test(path);
/** What runs in a browser too: no Node, no clock, no chance of its own. */
const isCore = (path: string): boolean =>
  isShared(path) ||
  /^harness\/machine\/(simulated\/.*|[^/]*)$/.test(path) ||
  /^harness\/(verify|claims)\//.test(path) ||
  /^harness\/experiment\/(trials\/(block|judge|simulated)|access-sets|configuration|metrics|plain|plain-words|trial|user-error)\.ts$/.test(
    path,
  );
/** What is loaded into workers with its coroutines erased. */
const isErased = (path: string): boolean =>
  isShared(path) ||
  /^harness\/machine\/(core|traced-core|barrier|semaphore)\.ts$/.test(path) ||
  /^harness\/calibrate\/(loops|engines)\.ts$/.test(path) ||
  path === 'harness/experiment/plain.ts';

function at(source: Source, node: Node, what: string): string {
  return `${source.path}:${node.loc!.start.line}: ${what}`;
}

const functionLength: Rule = {
  name: `a function has at most ${FUNCTION_LINES} lines`,
  applies: (path) => /^(algorithms|workloads|harness)\//.test(path),
  find(source) {
    const found: string[] = [];
    const look = (node: FunctionNode): void => {
      const lines = node.loc!.end.line - node.loc!.start.line + 1;
      if (lines > FUNCTION_LINES) found.push(at(source, node, `a function of ${lines} lines, split it`));
    };
    simple(source.program, { Function: look });
    return found;
  },
};

const fileLength: Rule = {
  name: `a file has at most ${FILE_LINES} lines`,
  applies: () => true,
  find({ path, text }) {
    const lines = text.replace(/\n$/, '').split('\n').length;
    if (lines <= FILE_LINES) return [];
    return [`${path}:${FILE_LINES + 1}: a file of ${lines} lines, give its second idea a file of its own`];
  },
};

/** The uses of a global by this name: `name` alone or as the object of a member, whatever the member. */
function uses(source: Source, names: ReadonlySet<string>): { node: Node; name: string }[] {
  const found: { node: Node; name: string }[] = [];
  simple(source.program, {
    Identifier: (node) => {
      if (names.has(node.name)) found.push({ node, name: node.name });
    },
    MemberExpression: (node) => {
      const { object, property } = node;
      if (object.type !== 'Identifier' || property.type !== 'Identifier' || node.computed) return;
      const name = `${object.name}.${property.name}`;
      if (names.has(name)) found.push({ node, name });
      if (object.name === 'globalThis' && names.has(property.name)) found.push({ node, name: property.name });
    },
  });
  return found.sort((a, b) => a.node.start - b.node.start);
}

const noConsole: Rule = {
  name: 'only the command line and the bench write to the console',
  applies: (path) => !path.startsWith('harness/cli/') && !path.startsWith('test/bench/'),
  find: (source) =>
    uses(source, new Set(['console'])).map(({ node }) =>
      at(source, node, 'console, return the text or leave it out'),
    ),
};

const AMBIENT: Readonly<Record<string, string>> = {
  Atomics: 'use the words and values of context.memory',
  'Math.random': 'use the seeded stream that you are given',
  Date: 'use core.now()',
  performance: 'use core.now()',
};

const noAmbience: Rule = {
  name: 'only the harness touches clocks, chance and raw shared memory, and not in what runs in a browser',
  applies: (path) => isCore(path) || !/^(harness|test\/bench)\//.test(path),
  exceptions: {
    'test/machine/threads/': 'real threads take real time',
    'test/machine/simulated/access.test.ts': 'it compares the simulated words with Atomics',
    'test/experiment/record.test.ts': 'it reads the date back that a record holds',
    'test/experiment/lock.test.ts': 'a lock is given up when it is old',
  },
  find: (source) =>
    uses(source, new Set(Object.keys(AMBIENT))).map(({ node, name }) =>
      at(source, node, `${name}, ${AMBIENT[name]}`),
    ),
};

/** All that a file imports or exports from, dynamically too where it says what. */
function imports({ program }: Source): { node: Node; from: string }[] {
  const found: { node: Node; from: string }[] = [];
  const add = (node: Node & { source?: Node | null }): void => {
    const from = (node.source as (Node & { value?: unknown }) | null | undefined)?.value;
    if (typeof from === 'string') found.push({ node, from });
  };
  simple(program, {
    ImportDeclaration: add,
    ExportNamedDeclaration: add,
    ExportAllDeclaration: add,
    ImportExpression: add,
  });
  return found;
}

const PURE_PACKAGES = /^(zod|pure-rand|simple-statistics|fastest-levenshtein)(\/|$)/;

/** Closed under imports, so that what holds for each file holds for all that it brings along. */
const platformFree: Rule = {
  name: 'the core imports only the core and small pure packages, nothing of Node',
  applies: isCore,
  find: (source) =>
    imports(source)
      .filter(({ from }) => {
        if (from === '#machine' || PURE_PACKAGES.test(from)) return false;
        return !from.startsWith('.') || !isCore(resolve(source.path, from));
      })
      .map(({ node, from }) => at(source, node, `imports ${from}, keep to what runs in a browser too`)),
};

function resolve(path: string, from: string): string {
  return new URL(from, `file:///${path}`).pathname.slice(1);
}

/** Names that are English words too: in a sentence they may mean what they say, as "a plain sequential loop". */
const ENGLISH = new Set(['sequential']);

/** @param names of the registered algorithms; a guarantee's name is the contract's word, and stays allowed */
function noAlgorithmNames(names: readonly string[], guarantees: readonly string[]): Rule {
  const forbidden = new Set(names.filter((name) => !guarantees.includes(name)));
  return {
    name: 'the harness names no algorithm',
    applies: (path) => path.startsWith('harness/'),
    find: (source) =>
      strings(source).flatMap(({ node, text }) =>
        [...new Set(text.split(/[^\w-]+/))]
          .filter((word) => forbidden.has(word) && (word === text || !ENGLISH.has(word)))
          .map((word) => at(source, node, `names ${word}, read what it needs from the declaration`)),
      ),
  };
}

/** All string literals, the texts of templates, and the keys of objects. */
function strings({ program }: Source): { node: Node; text: string }[] {
  const found: { node: Node; text: string }[] = [];
  const add = (node: Node, text: unknown): void => {
    if (typeof text === 'string') found.push({ node, text });
  };
  full(program, (node) => {
    const { value, key, computed } = node as Node & { value?: unknown; key?: Node; computed?: boolean };
    if (node.type === 'Literal') add(node, value);
    if (node.type === 'TemplateElement') add(node, (value as { raw: string }).raw);
    if (node.type === 'Property' && key !== undefined && !computed) {
      const { name, value: quoted } = key as Node & { name?: string; value?: unknown };
      add(key, name ?? quoted);
    }
  });
  return found.sort((a, b) => a.node.start - b.node.start);
}

const SECTIONS = ['Paper', 'Guarantee', 'Layout', 'Invariants', 'Departures'];

const headerSections: Rule = {
  name: `an algorithm's header has ${SECTIONS.join(', ')}`,
  applies: (path) => path.startsWith('algorithms/'),
  find({ path, program, header }) {
    if (!program.body.some(({ type }) => type === 'ExportDefaultDeclaration')) return [];
    return SECTIONS.filter(
      (section) => !header.some((line) => new RegExp(`^${section}s? +\\S`).test(line)),
    ).map((section) => `${path}:1: no ${section} in the header, add it ("None." is an entry)`);
  },
};

/** The tags that a header declares: each at the start of its section's column, with two blanks behind it. */
function declaredTags({ header }: Source): string[] {
  return header.flatMap((line) => /^(?:[A-Z][a-z]+ +| {6,})([A-Z]\d+) {2}\S/.exec(line)?.[1] ?? []);
}

/** Adya's anomalies, which look like tags. */
const ANOMALIES = new Set(['G0', 'G1', 'G2']);

/** @param siblings the other files of the same strategy, whose tags a file may cite */
function citedTags(siblings: (path: string) => readonly Source[]): Rule {
  return {
    name: 'each invariant that is asserted or cited is declared in a header',
    applies: (path) => path.startsWith('algorithms/'),
    find(source) {
      const declared = new Set([source, ...siblings(source.path)].flatMap(declaredTags));
      const found: string[] = [];
      const cite = (tag: string, line: number): void => {
        if (declared.has(tag) || ANOMALIES.has(tag)) return;
        found.push(`${source.path}:${line}: cites ${tag}, declare it in the header or cite what is there`);
      };
      for (const { value, loc } of source.comments) {
        value.split('\n').forEach((text, i) => {
          for (const [tag] of text.matchAll(/\b[A-Z]\d+\b/g)) cite(tag, loc!.start.line + i);
        });
      }
      for (const { node, text } of strings(source)) {
        for (const [, tag] of text.matchAll(/\[([A-Z]\d+)\]/g)) cite(tag, node.loc!.start.line);
      }
      return found;
    },
  };
}

const erasable: Rule = {
  name: 'what runs on both machines can be erased: no bare yield, and every yield* before a call',
  applies: isErased,
  find({ path, stripped }) {
    try {
      eraseCoroutines(stripped, path);
      return [];
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      return [error.message.replace(/^(.*?:\d+):\d+:/, '$1:')]; // without the column, as the others
    }
  },
};

export interface Known {
  /** The registered algorithms' names. */
  readonly algorithms: readonly string[];
  readonly guarantees: readonly string[];
  readonly sources: readonly Source[];
}

export function rules({ algorithms, guarantees, sources }: Known): Rule[] {
  const siblings = (path: string): readonly Source[] => {
    const folder = path.slice(0, path.lastIndexOf('/'));
    if (folder === 'algorithms' || folder === 'algorithms/parts') return [];
    return sources.filter((source) => source.path.startsWith(`${folder}/`));
  };
  return [
    functionLength,
    fileLength,
    noConsole,
    noAmbience,
    platformFree,
    noAlgorithmNames(algorithms, guarantees),
    headerSections,
    citedTags(siblings),
    erasable,
  ];
}

/** What a rule finds in all files that it applies to, exceptions without a use included. */
export function check(rule: Rule, sources: readonly Source[]): string[] {
  const idle = new Set(Object.keys(rule.exceptions ?? {}));
  const exceptions = [...idle];
  const found: string[] = [];
  for (const source of sources.filter(({ path }) => rule.applies(path))) {
    const findings = rule.find(source);
    const exception = exceptions.find((start) => source.path.startsWith(start));
    if (exception === undefined) found.push(...findings);
    else if (findings.length > 0) idle.delete(exception);
  }
  return [...found, ...[...idle].map((start) => `${start}:1: needs no exception any more, remove it`)];
}

import { describe, expect, it } from 'vitest';
import { eraseCoroutines } from '../../../harness/machine/threads/erase.ts';

const erase = (source: string): string => eraseCoroutines(source, 'file.js');

describe('erasure', () => {
  it.each([
    ['a declaration', 'function* f() {}', 'function  f() {}'],
    ['a star beside the name', 'function *f() {}', 'function  f() {}'],
    ['an expression', 'const f = function* () {};', 'const f = function  () {};'],
    ['a default export', 'export default function* () {}', 'export default function  () {}'],
    ['a delegation', 'function* f() { yield* g(1); }', 'function  f() {        g(1); }'],
    ['a delegation with blanks', 'function* f() { yield  *  g(); }', 'function  f() {           g(); }'],
    [
      'a delegation as operand',
      'function* f() { return (yield* g()) + (yield* h()); }',
      'function  f() { return (       g()) + (       h()); }',
    ],
    ['an argument', 'function* f() { yield* g(yield* h()); }', 'function  f() {        g(       h()); }'],
    ['a method', 'class A { *m() {} }', 'class A {  m() {} }'],
    [
      'a private method',
      'class A { *#m() { yield* this.#m(); } }',
      'class A {  #m() {        this.#m(); } }',
    ],
    ['a static method', 'class A { static *m() {} }', 'class A { static  m() {} }'],
    ['a computed method', 'class A { *[a * b]() {} }', 'class A {  [a * b]() {} }'],
    [
      'an object method',
      'const o = { a: 2 * 3, *m() {}, f: function* () {} };',
      'const o = { a: 2 * 3,  m() {}, f: function  () {} };',
    ],
    ['a generator in a key', 'class A { [(function* () {})]() {} }', 'class A { [(function  () {})]() {} }'],
    [
      'a comment full of stars',
      'function /* * yield* */ * /* * */ f() {}',
      'function /* * yield* */   /* * */ f() {}',
    ],
    [
      'a generator in a plain function',
      'function f() { return function* () { yield* g(); }; }',
      'function f() { return function  () {        g(); }; }',
    ],
    [
      'a delegation in a template',
      `function* f() { return \`\${yield* g()}\`; }`,
      `function  f() { return \`\${       g()}\`; }`,
    ],
    [
      'code in several places',
      'function* f() {}\n\n  function* g() {}\r\n',
      'function  f() {}\n\n  function  g() {}\r\n',
    ],
  ])('blanks %s', (_what, source, erased) => {
    expect(erase(source)).toBe(erased);
    expect(erased).toHaveLength(source.length);
  });

  it.each([
    ['strings', "const a = 'function* f() { yield* g(); }';"],
    ['comments', '// function* f() { yield* g(); }\n/* *m() {} */ a();'],
    ['templates', `const a = \`function* \${1 * 2} yield* g()\`;`],
    ['regular expressions', 'const a = /function* yield* g()/;'],
    ['products', 'const a = 2 * 3 ** 4; let b = 1; b *= 5;'],
    ['asynchronous functions', 'async function f() { for await (const x of g()) h(x); }'],
    [
      'asynchronous generators',
      'async function* f() { yield 1; yield* g; }\nclass A { async *m() { yield; } }',
    ],
    ['exports of everything', "export * from './a.js'; import * as b from './b.js';"],
  ])('leaves %s alone', (_what, source) => {
    expect(erase(source)).toBe(source);
  });

  it('leaves an asynchronous generator alone inside a generator that it erases', () => {
    expect(erase('function* f() { async function* g() { yield 1; } yield* h(); }')).toBe(
      'function  f() { async function* g() { yield 1; }        h(); }',
    );
  });
});

describe('erasure refuses, and says where', () => {
  it.each([
    ['a bare yield', 'function* f() {\n  yield;\n}', 'file.js:2:3: a bare `yield` cannot be erased'],
    ['a bare yield of a value', 'function* f() { const a = yield b(); }', 'file.js:1:27: a bare `yield`'],
    [
      'an operand that is no call',
      'function* f() { yield* g; }',
      'file.js:1:17: the operand of `yield*` must be a call',
    ],
    [
      'an operand that is a sum',
      'function* f() { return yield* g() + 1; }',
      'file.js:1:24: the operand of `yield*`',
    ],
    [
      'an operand that is a member',
      'function* f() { yield* g().h; }',
      'file.js:1:17: the operand of `yield*`',
    ],
    [
      'an operand that may be absent',
      'function* f() { yield* g?.(); }',
      'file.js:1:17: the operand of `yield*`',
    ],
    [
      'an operand that is an array',
      'function* f() { yield* [1, 2]; }',
      'file.js:1:17: the operand of `yield*`',
    ],
    [
      'an operand on the next line',
      'function* f() {\n  return yield*\n    g();\n}',
      'file.js:2:10: a line break after `yield*`',
    ],
    [
      'a line break inside a comment',
      'function* f() { return yield* /*\n*/ g(); }',
      'file.js:1:24: a line break after `yield*`',
    ],
    [
      'a parenthesis that would call the line before',
      'function* f() {\n  a\n  yield* (g)()\n}',
      'has another meaning without its `*` or `yield*`',
    ],
    [
      'a method that would become a getter',
      'class A {\n  get\n  *m() {}\n}',
      'has another meaning without its `*` or `yield*`',
    ],
    [
      'a method that would become an impossible getter',
      'class A {\n  get\n  *m(a) {}\n}',
      'file.js:3:5: getter should have no params (once its coroutines are erased)',
    ],
    ['what is no JavaScript', 'function* f() {\n  return }}', 'file.js:2:11: Unexpected token'],
  ])('%s', (_what, source, message) => {
    expect(() => erase(source)).toThrow(SyntaxError);
    expect(() => erase(source)).toThrow(message);
  });

  it('accepts a line break inside of the parentheses', () => {
    expect(() => erase('function* f() { return yield* g(\n1); }')).not.toThrow();
    expect(() => erase('function* f() { return (yield* (\ng())); }')).not.toThrow();
  });
});

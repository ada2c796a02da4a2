import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eraseCoroutines } from '../../../harness/machine/threads/erase.ts';

/** Expressions and statements of generator code over `x`, a `step` to delegate to, and a `trace`. */
const { statements } = fc.letrec<{ expression: string; statement: string; statements: string }>((tie) => {
  const expression = tie('expression');
  const statements = tie('statements');
  return {
    expression: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom('x', '3', "'yield* step(1)'.length", '/* yield* *m() {} */ 4', '2 * 3'),
      expression.map((e) => `(yield* step(${e}))`),
      fc.tuple(expression, expression).map(([a, b]) => `((yield* step(${a})) * ${b} | 0)`),
      fc.tuple(expression, expression).map(([a, b]) => `(yield* step(yield* step(${a}), ${b}))`),
      expression.map((e) => `\`* \${${e}} yield*\`.length`),
      fc.tuple(expression, expression, expression).map(([a, b, c]) => `(${a} & 1 ? ${b} : ${c})`),
    ),
    statement: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      expression.map((e) => `trace.push(${e});`),
      expression.map((e) => `x = ${e};`),
      expression.map((e) => `yield* step(${e});`),
      expression.map((e) => `if (x & 1) return yield* step(${e});`),
      fc.tuple(expression, statements, statements).map(([e, a, b]) => `if (${e} & 1) {\n${a}} else {\n${b}}`),
      statements.map((a) => `for (let i = 0; i < 2; i++) {\n${a}}`),
      fc
        .tuple(statements, expression, statements)
        .map(([a, e, b]) => `try {\n${a} throw ${e};\n} catch (thrown) { x = thrown; } finally {\n${b}}`),
      fc
        .tuple(statements, expression)
        .map(([a, e]) => `trace.push(yield* (function* (x) {\n${a}return x; })(${e}));`),
      fc
        .tuple(statements, expression)
        .map(([a, e]) => `trace.push(yield* ({ *m(x) {\n${a}return x; } }).m(${e}));`),
      fc
        .tuple(statements, expression)
        .map(
          ([a, e]) =>
            `class A { static *#p(x) {\n${a}return x; } static *['q'](x) { return yield* A.#p(x); } }\n` +
            `trace.push(yield* A.q(${e}));`,
        ),
    ),
    statements: fc
      .array(tie('statement'), { maxLength: 3, depthIdentifier: 'statements' })
      .map((list) => list.map((text) => `{ ${text} }\n`).join('')),
  };
});

const program = statements.map((body) => `function* main(x, step, trace) {\n${body}return x; }`);

type Main = (x: number, step: unknown, trace: number[]) => unknown;

function compile(source: string): Main {
  return new Function(`return ${source}`)();
}

function* step(value: number, other = 1): Generator<undefined, number> {
  yield;
  return (value * 3 + other) | 0;
}

function drain(steps: Generator<undefined, number>): number {
  let next = steps.next();
  while (!next.done) next = steps.next();
  return next.value;
}

describe('erased code', () => {
  it('computes what the generator computes when it is drained', () => {
    let delegations = 0;
    fc.assert(
      fc.property(program, fc.integer({ min: -9, max: 9 }), (source, x) => {
        const erased = eraseCoroutines(source, 'program');
        const [expected, actual]: number[][] = [[], []];
        expected.push(drain(compile(source)(x, step, expected) as Generator<undefined, number>));
        actual.push(compile(erased)(x, (a: number, b?: number) => drain(step(a, b)), actual) as number);
        expect(actual).toEqual(expected);
        expect(erased).toHaveLength(source.length);
        delegations += source.split('yield* step').length - 1;
        for (let i = 0; i < source.length; i++) {
          if (erased[i] !== source[i]) expect([erased[i], 'yield*'.includes(source[i])]).toEqual([' ', true]);
        }
      }),
      { seed: 7, numRuns: 400 },
    );
    expect(delegations).toBeGreaterThan(400);
  });
});

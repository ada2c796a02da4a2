/**
 * Erases coroutines from JavaScript: `function*` becomes `function `, `*name()` becomes ` name()`, and
 * `yield* call()` becomes `       call()`. Blanks take the place of what goes, so every line and column stays.
 *
 * A generator that only ever delegates by `yield*` to calls computes, when drained, what its erased text
 * computes when called. Whatever would not survive the step is refused: a bare `yield`; an operand that is
 * not a call (`yield* f() + 1` delegates to the sum); a line break before the operand (after `return` it
 * would end the statement); and any text that parses to another tree once erased.
 *
 * Async generators stay as they are: no machine runs them.
 */
import {
  type Function as FunctionNode,
  getLineInfo,
  type Node,
  type Program,
  parse,
  type Token,
  tokTypes,
} from 'acorn';
import { ancestor, full } from 'acorn-walk';

/** @param file names the source in error messages */
export function eraseCoroutines(source: string, file: string): string {
  return new Eraser(source, file).erase();
}

class Eraser {
  readonly #source: string;
  readonly #file: string;
  readonly #tokens: Token[] = [];
  readonly #blanks: number[] = [];

  constructor(source: string, file: string) {
    this.#source = source;
    this.#file = file;
  }

  erase(): string {
    const program = this.#parse(this.#source, this.#tokens);
    ancestor(program, {
      Function: (node, _state, ancestors) => this.#function(node, ancestors),
      YieldExpression: (node, _state, ancestors) => {
        const generator = ancestors.findLast(({ type }) => FUNCTIONS.has(type)) as FunctionNode | undefined;
        if (!generator?.async) this.#yield(node);
      },
    });
    if (this.#blanks.length === 0) return this.#source;
    const erased = this.#blanked();
    this.#compare(program, erased);
    return erased;
  }

  #function(node: FunctionNode, ancestors: Node[]): void {
    if (!node.generator || node.async) return;
    // A method's function starts at its parameters; the star stands before the name, in its owner.
    const owner = ancestors.at(-2);
    const start = owner && isMethod(owner, node) ? owner.start : node.start;
    this.#blanks.push(this.#tokens[this.#star(start)].start);
  }

  #yield(node: Node & { delegate: boolean; argument?: Node | null }): void {
    if (!node.delegate) {
      this.#fail(node.start, 'a bare `yield` cannot be erased: delegate with `yield*` to a call instead');
    }
    if (node.argument?.type !== 'CallExpression') {
      this.#fail(
        node.start,
        'the operand of `yield*` must be a call: write `(yield* f(x)) + 1`, not `yield* f(x) + 1`',
      );
    }
    const star = this.#star(node.start);
    const between = this.#source.slice(this.#tokens[star].end, this.#tokens[star + 1].start);
    if (/[\n\r\u2028\u2029]/.test(between)) {
      this.#fail(node.start, 'a line break after `yield*` is not allowed: put its operand on the same line');
    }
    for (let i = 0; i < 'yield'.length; i++) this.#blanks.push(node.start + i);
    this.#blanks.push(this.#tokens[star].start);
  }

  /** The index of the first `*` among the tokens from a position on. */
  #star(position: number): number {
    let low = 0;
    let high = this.#tokens.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#tokens[middle].start < position) low = middle + 1;
      else high = middle;
    }
    while (this.#tokens[low].type !== tokTypes.star) low++;
    return low;
  }

  #blanked(): string {
    const positions = this.#blanks.sort((a, b) => a - b);
    let erased = '';
    let from = 0;
    for (const position of positions) {
      erased += `${this.#source.slice(from, position)} `;
      from = position + 1;
    }
    return erased + this.#source.slice(from);
  }

  /** Refuses what parses differently once erased, such as a `(` that now continues the line before it. */
  #compare(program: Program, erased: string): void {
    const before = shape(program);
    const after = shape(this.#parse(erased, []));
    const at = before.findIndex(({ type, end }, i) => type !== after[i]?.type || end !== after[i].end);
    if (at < 0) return; // the last node is the program, so neither is longer
    this.#fail(
      before[at].start,
      'this has another meaning without its `*` or `yield*`: end the statement before it with a semicolon',
    );
  }

  #parse(text: string, tokens: Token[]): Program {
    try {
      return parse(text, {
        ecmaVersion: 'latest',
        sourceType: 'module',
        allowHashBang: true,
        onToken: tokens,
      });
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      const { pos } = error as SyntaxError & { pos: number };
      const erased = text !== this.#source;
      this.#fail(
        pos,
        `${error.message.replace(/ \(\d+:\d+\)$/, '')}${erased ? ' (once its coroutines are erased)' : ''}`,
      );
    }
  }

  #fail(position: number, problem: string): never {
    const { line, column } = getLineInfo(this.#source, position);
    throw new SyntaxError(`${this.#file}:${line}:${column + 1}: ${problem}`);
  }
}

const FUNCTIONS = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);

function isMethod(owner: Node, node: Node): boolean {
  const { type, value, method } = owner as Node & { value?: Node; method?: boolean };
  return value === node && (type === 'MethodDefinition' || (type === 'Property' && method === true));
}

/** All nodes but the yields, in an order that follows from the tree. */
function shape(program: Program): Node[] {
  const nodes: Node[] = [];
  full(program, (node) => {
    if (node.type !== 'YieldExpression') nodes.push(node);
  });
  return nodes;
}

/** Faults of the sequential algorithm: what even one core alone can get wrong. */
import type { Mutant } from './mutant.ts';

const sequential = { of: 'sequential', file: 'algorithms/sequential.ts' };

export const mutants: Mutant[] = [
  {
    ...sequential,
    what: 'a transaction that reverts leaves its writes',
    find: 'if (outcome !== REVERTED) yield* this.#install();',
    replace: 'if (outcome >= 0) yield* this.#install();',
    expect: ['block-order'],
  },
  {
    ...sequential,
    what: 'own writes are not read',
    find: 'return own >= 0 ? this.#writes.values[own] : yield* this.#data.load(key);',
    replace: 'return own < -1 ? this.#writes.values[own] : yield* this.#data.load(key);',
    expect: ['block-order'],
  },
  {
    ...sequential,
    what: 'the write buffer is not emptied between transactions',
    find: '      this.#writes.clear();\n',
    replace: '',
    expect: ['block-order', 'Error'],
  },
  {
    ...sequential,
    what: 'two cores share the block: every second transaction each',
    find: `    if (core.id !== 0) return;
    for (let t = 0; t < this.#context.block.transactions; t++) {`,
    replace: `    if (core.id > 1) return;
    for (let t = core.id; t < this.#context.block.transactions; t += Math.min(2, core.count)) {`,
    expect: ['block-order', 'Error'],
  },
  {
    ...sequential,
    what: 'the last transaction is left out',
    find: 't < this.#context.block.transactions;',
    replace: 't < this.#context.block.transactions - 1;',
    expect: ['incomplete'],
  },
];

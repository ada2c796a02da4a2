/** The simulated machine's shared memory: regions on numbered cache lines, and their views. */
import { arrange, roundUp, VALUE_BYTES, WORD_BYTES } from '../layout.ts';
import {
  type Fields,
  type Layout,
  LINE_BYTES,
  type Memory,
  type Steps,
  type Values,
  type Views,
  type Words,
} from '../machine.ts';
import {
  ADD,
  COMPARE_EXCHANGE,
  EXCHANGE,
  LOAD,
  type Operation,
  type Place,
  type Simulation,
  STORE,
  WAIT,
  WAKE,
} from './access.ts';

/** The simulation that a memory's accesses run in; empty until the run starts. */
export interface Clockwork {
  simulation: Simulation | undefined;
}

abstract class View<E extends Int32Array | Float64Array> implements Place {
  readonly name: string;
  readonly length: number;
  readonly elements: E;
  readonly stride: number;
  readonly offset: number;
  readonly line: number;
  readonly lineShift: number;
  readonly #clockwork: Clockwork;

  constructor(
    clockwork: Clockwork,
    name: string,
    length: number,
    elements: E,
    stride: number,
    offset: number,
    line: number,
  ) {
    this.#clockwork = clockwork;
    this.name = name;
    this.length = length;
    this.elements = elements;
    this.stride = stride;
    this.offset = offset;
    this.line = line;
    this.lineShift = elements.BYTES_PER_ELEMENT === VALUE_BYTES ? 3 : 4;
  }

  protected step<T>(operation: Operation, index: number, operand: number, expected: number): Steps<T> {
    if (index >>> 0 !== index || index >= this.length) this.#outside(index);
    const access = (this.#clockwork.simulation as Simulation).current;
    access.prepare(operation, this, index, operand, expected);
    return access as unknown as Steps<T>;
  }

  load(index: number): Steps<number> {
    return this.step(LOAD, index, 0, 0);
  }

  store(index: number, value: number): Steps<void> {
    return this.step(STORE, index, value, 0);
  }

  peek(index: number): number {
    if (index >>> 0 !== index || index >= this.length) this.#outside(index);
    return this.elements[index * this.stride + this.offset];
  }

  poke(index: number, value: number): void {
    if (index >>> 0 !== index || index >= this.length) this.#outside(index);
    this.elements[index * this.stride + this.offset] = value;
  }

  #outside(index: number): never {
    throw new RangeError(`${this.name}[${index}] lies outside its region of ${this.length}`);
  }
}

class SimulatedValues extends View<Float64Array> implements Values {}

class SimulatedWords extends View<Int32Array> implements Words {
  add(index: number, delta: number): Steps<number> {
    return this.step(ADD, index, delta, 0);
  }

  exchange(index: number, value: number): Steps<number> {
    return this.step(EXCHANGE, index, value, 0);
  }

  compareExchange(index: number, expected: number, replacement: number): Steps<number> {
    return this.step(COMPARE_EXCHANGE, index, replacement, expected | 0); // as Atomics compare
  }

  // Set up by the call, like any access, so that a forgotten yield* is found.
  waitWhile(index: number, value: number, timeout_ns = Number.POSITIVE_INFINITY): Steps<boolean> {
    return differs(this.step<number>(WAIT, index, timeout_ns, value));
  }

  wake(index: number): Steps<void> {
    return this.step(WAKE, index, 0, 0);
  }
}

function* differs(wait: Steps<number>): Steps<boolean> {
  return (yield* wait) !== 0;
}

export class SimulatedMemory implements Memory {
  readonly clockwork: Clockwork = { simulation: undefined };
  #lines = 0;

  /** How many lines have been allocated. */
  get lines(): number {
    return this.#lines;
  }

  words(name: string, length: number, layout: Layout = 'packed'): Words {
    return this.records(name, length, { word: 'word' }, layout).word;
  }

  values(name: string, length: number, layout: Layout = 'packed'): Values {
    return this.records(name, length, { value: 'value' }, layout).value;
  }

  records<F extends Fields>(name: string, length: number, fields: F, layout: Layout = 'packed'): Views<F> {
    if (!Number.isInteger(length) || length < 0) {
      throw new RangeError(`a shared region has a whole number of elements: "${name}" cannot have ${length}`);
    }
    if (this.clockwork.simulation !== undefined) {
      throw new Error(`"${name}" is allocated during a run; allocate it when the algorithm is created`);
    }
    const single = Object.keys(fields).length === 1;
    const { offsets, bytes } = arrange(fields, layout);
    const buffer = new ArrayBuffer(roundUp(Math.max(1, length) * bytes, LINE_BYTES));
    const ints = new Int32Array(buffer);
    const floats = bytes % VALUE_BYTES === 0 ? new Float64Array(buffer) : new Float64Array(0);
    const first = this.#lines;
    this.#lines += buffer.byteLength / LINE_BYTES;
    const word = (label: string, offset: number): Words =>
      new SimulatedWords(this.clockwork, label, length, ints, bytes / WORD_BYTES, offset / WORD_BYTES, first);
    const views: Record<string, Words | Values | Words[]> = {};
    for (const [field, kind] of Object.entries(fields)) {
      const label = single ? name : `${name}.${field}`;
      const offset = offsets[field];
      if (kind === 'word') views[field] = word(label, offset);
      else if (kind === 'value') {
        const stride = bytes / VALUE_BYTES;
        views[field] = new SimulatedValues(
          this.clockwork,
          label,
          length,
          floats,
          stride,
          offset / VALUE_BYTES,
          first,
        );
      } else {
        views[field] = Array.from({ length: kind[1] }, (_, i) =>
          word(`${label}.${i}`, offset + i * WORD_BYTES),
        );
      }
    }
    return views as Views<F>;
  }
}

/**
 * Shared memory of the threads machine: named regions in one block, and their views.
 *
 *     line 0       sleepers: how many cores sleep until a word changes
 *     line 1 …     the regions in order of allocation, each on lines of its own
 *
 * The block is a shared WebAssembly memory, used for its bytes only: its address is a multiple of a page,
 * while that of a SharedArrayBuffer is known to be a multiple of 16 at best, which would make "a line of its
 * own" a matter of luck. It can also grow in place, so that regions are allocated as they are asked for.
 */
import { arrange, roundUp, VALUE_BYTES, WORD_BYTES } from '../layout.ts';
import {
  type Erased,
  type Fields,
  type Layout,
  LINE_BYTES,
  type Memory as MachineMemory,
  type Values,
  type Views,
  type Words,
} from '../machine.ts';
import { Parking, PLAIN_LOADS } from './parking.ts';

/** A memory as it is sent to a worker, which attaches to it. */
export interface MemoryImage {
  readonly buffer: SharedArrayBuffer;
  readonly regions: readonly Region[];
}

interface Region {
  /** Name, length, layout and fields in words: what must agree, and what an error shows. */
  readonly description: string;
  readonly from: number;
  readonly bytes: number;
}

/** With plain loads one outside the region is `undefined`; a change there is a RangeError. */
class SharedWords implements Erased<Words> {
  readonly name: string;
  readonly length: number;
  readonly #elements: Int32Array;
  readonly #stride: number;
  readonly #offset: number;
  readonly #parking: Parking;

  constructor(
    name: string,
    length: number,
    elements: Int32Array,
    stride: number,
    offset: number,
    parking: Parking,
  ) {
    this.name = name;
    this.length = length;
    this.#elements = elements;
    this.#stride = stride;
    this.#offset = offset;
    this.#parking = parking;
  }

  load(index: number): number {
    const at = Math.imul(index, this.#stride) + this.#offset;
    return PLAIN_LOADS ? this.#elements[at] : Atomics.load(this.#elements, at);
  }

  store(index: number, value: number): void {
    Atomics.store(this.#elements, Math.imul(index, this.#stride) + this.#offset, value);
  }

  add(index: number, delta: number): number {
    return Atomics.add(this.#elements, Math.imul(index, this.#stride) + this.#offset, delta);
  }

  exchange(index: number, value: number): number {
    return Atomics.exchange(this.#elements, Math.imul(index, this.#stride) + this.#offset, value);
  }

  compareExchange(index: number, expected: number, replacement: number): number {
    const at = Math.imul(index, this.#stride) + this.#offset;
    return Atomics.compareExchange(this.#elements, at, expected, replacement);
  }

  waitWhile(index: number, value: number, timeout_ns: number = Number.POSITIVE_INFINITY): boolean {
    const at = Math.imul(index, this.#stride) + this.#offset;
    return (
      Atomics.load(this.#elements, at) !== value || this.#parking.wait(this.#elements, at, value, timeout_ns)
    );
  }

  wake(index: number): void {
    this.#parking.wake(this.#elements, Math.imul(index, this.#stride) + this.#offset);
  }

  peek(index: number): number {
    return this.#elements[Math.imul(index, this.#stride) + this.#offset];
  }

  poke(index: number, value: number): void {
    this.#elements[Math.imul(index, this.#stride) + this.#offset] = value;
  }
}

/**
 * An index outside is not looked for: it would cost several times the access. It loads `undefined`, which spoils
 * the run for verification, and the simulated machine names it.
 */
class SharedValues implements Erased<Values> {
  readonly name: string;
  readonly length: number;
  readonly #elements: Float64Array;
  readonly #stride: number;
  readonly #offset: number;

  constructor(name: string, length: number, elements: Float64Array, stride: number, offset: number) {
    this.name = name;
    this.length = length;
    this.#elements = elements;
    this.#stride = stride;
    this.#offset = offset;
  }

  load(index: number): number {
    return this.#elements[Math.imul(index, this.#stride) + this.#offset];
  }

  store(index: number, value: number): void {
    this.#elements[Math.imul(index, this.#stride) + this.#offset] = value;
  }

  peek(index: number): number {
    return this.load(index);
  }

  poke(index: number, value: number): void {
    this.store(index, value);
  }
}

/** The little of WebAssembly that is used here; its types would come with the whole DOM's. */
declare const WebAssembly: {
  Memory: new (size: { initial: number; maximum: number; shared: true }) => Block;
};

interface Block {
  readonly buffer: SharedArrayBuffer;
  grow(pages: number): number;
}

const PAGE_BYTES = 65536;
const MAX_PAGES = 65536;

export class Memory implements MachineMemory {
  readonly parking: Parking;
  /** What grows; absent where this memory attached to another's. */
  readonly #block: Block | undefined;
  readonly #attached: MemoryImage | undefined;
  readonly #regions: Region[] = [];
  #end = LINE_BYTES;

  /** Allocates; or, given an image, attaches to what it shows, region by region as they are asked for again. */
  constructor(image?: MemoryImage) {
    this.#attached = image;
    if (!image) this.#block = new WebAssembly.Memory({ initial: 1, maximum: MAX_PAGES, shared: true });
    this.parking = new Parking(new Int32Array(this.#buffer, 0, 1));
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
    const { offsets, bytes } = arrange(fields, layout);
    const { from } = this.#region(describe(name, length, fields, layout), length * bytes);
    const ints = new Int32Array(this.#buffer, from, (length * bytes) / WORD_BYTES);
    const floats = new Float64Array(this.#buffer, from, Math.floor((length * bytes) / VALUE_BYTES));
    const word = (label: string, offset: number): Words =>
      // The erased interface is what generator code calls once it is erased itself.
      new SharedWords(
        label,
        length,
        ints,
        bytes / WORD_BYTES,
        offset / WORD_BYTES,
        this.parking,
      ) as unknown as Words;
    const value = (label: string, offset: number): Values =>
      new SharedValues(label, length, floats, bytes / VALUE_BYTES, offset / VALUE_BYTES) as unknown as Values;

    const views: Record<string, Words | Values | Words[]> = {};
    for (const [field, kind] of Object.entries(fields)) {
      const label = Object.keys(fields).length === 1 ? name : `${name}.${field}`;
      const offset = offsets[field];
      if (kind === 'word') views[field] = word(label, offset);
      else if (kind === 'value') views[field] = value(label, offset);
      else
        views[field] = Array.from({ length: kind[1] }, (_, i) =>
          word(`${label}.${i}`, offset + i * WORD_BYTES),
        );
    }
    return views as Views<F>;
  }

  /** For workers to attach to, once everything is allocated. */
  image(): MemoryImage {
    return { buffer: this.#buffer, regions: this.#regions };
  }

  /** Zeros everything, while nobody else uses it. Also makes the system hand out the pages. */
  clear(): void {
    new Uint8Array(this.#buffer).fill(0);
  }

  get #buffer(): SharedArrayBuffer {
    return (this.#attached ?? (this.#block as Block)).buffer;
  }

  #region(description: string, bytes: number): Region {
    const region = this.#attached
      ? this.#attach(this.#attached, description)
      : this.#allocate(description, bytes);
    this.#regions.push(region);
    return region;
  }

  #allocate(description: string, bytes: number): Region {
    const from = this.#end;
    const end = roundUp(from + bytes, LINE_BYTES);
    if (end > MAX_PAGES * PAGE_BYTES) {
      throw new RangeError(`shared memory ends at 4 GiB: no room for ${description}, ${bytes} bytes`);
    }
    const missing = Math.ceil((end - this.#buffer.byteLength) / PAGE_BYTES);
    if (missing > 0) this.#block?.grow(missing);
    this.#end = end;
    return { description, from, bytes };
  }

  #attach(image: MemoryImage, description: string): Region {
    const index = this.#regions.length;
    const region = image.regions[index];
    if (region?.description !== description) {
      throw new Error(
        `shared region ${index} does not agree: allocated was ${region?.description ?? 'nothing'}, ` +
          `attached is ${description}; \`create\` must allocate the same each time`,
      );
    }
    return region;
  }
}

function describe(name: string, length: number, fields: Fields, layout: Layout): string {
  const kinds = Object.entries(fields).map(([field, kind]) =>
    typeof kind === 'string' ? `${field}: ${kind}` : `${field}: ${kind[1]} words`,
  );
  return `${layout} "${name}"[${length}] {${kinds.join(', ')}}`;
}

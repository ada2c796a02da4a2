/**
 * The locks that one transaction holds, with what it has read and written under them. Private to a core, reused
 * from transaction to transaction.
 */
import type { Mode } from './lock-table.ts';

/** Marks: the value was read from shared memory; it is to be written there; it is known, either way. */
export const READ = 1;
export const WRITTEN = 2;
export const VALUED = 4;

export class HeldLocks {
  keys: Int32Array;
  modes: Uint8Array;
  marks: Uint8Array;
  values: Float64Array;
  versions: Int32Array;
  size = 0;

  /** @param capacity the most distinct keys that a transaction touches; more make it grow */
  constructor(capacity: number) {
    this.keys = new Int32Array(capacity);
    this.modes = new Uint8Array(capacity);
    this.marks = new Uint8Array(capacity);
    this.values = new Float64Array(capacity);
    this.versions = new Int32Array(capacity);
  }

  clear(): void {
    this.size = 0;
  }

  /** The key's place, or -1. By scanning, as in parts/access-set.ts. */
  find(key: number): number {
    const { keys, size } = this;
    for (let i = 0; i < size; i++) if (keys[i] === key) return i;
    return -1;
  }

  /** Adds a key that is known to be new; returns its place. */
  add(key: number, mode: Mode): number {
    if (this.size === this.keys.length) this.#grow();
    const at = this.size++;
    this.keys[at] = key;
    this.modes[at] = mode;
    this.marks[at] = 0;
    return at;
  }

  /** Adds a key that must be above the ones before it, or locks would not be taken in one order. */
  addNext(key: number, mode: Mode): void {
    if (this.size > 0 && this.keys[this.size - 1] >= key) {
      throw new Error(`declared keys must ascend: ${key} comes after ${this.keys[this.size - 1]}`);
    }
    this.add(key, mode);
  }

  /** Declared access sets may be any number of times larger than what is touched. */
  #grow(): void {
    const capacity = 2 * this.keys.length;
    this.keys = resized(this.keys, new Int32Array(capacity));
    this.modes = resized(this.modes, new Uint8Array(capacity));
    this.marks = resized(this.marks, new Uint8Array(capacity));
    this.values = resized(this.values, new Float64Array(capacity));
    this.versions = resized(this.versions, new Int32Array(capacity));
  }
}

function resized<A extends Int32Array | Uint8Array | Float64Array>(from: A, to: A): A {
  to.set(from);
  return to;
}

/**
 * The keys that one transaction has touched, with a value for each: a write buffer, or a read set whose value
 * is a version. Private to a core, in order of first access, reused from transaction to transaction.
 * Looked up by scanning: the sets of contracts are small, and a scan of one line of keys beats a hash.
 */
export class AccessSet {
  readonly keys: Int32Array;
  readonly values: Float64Array;
  size = 0;

  /** @param capacity the most distinct keys that it will hold */
  constructor(capacity: number) {
    this.keys = new Int32Array(capacity);
    this.values = new Float64Array(capacity);
  }

  clear(): void {
    this.size = 0;
  }

  /** The key's place, or -1. */
  find(key: number): number {
    const { keys, size } = this;
    for (let i = 0; i < size; i++) if (keys[i] === key) return i;
    return -1;
  }

  /** Sets the key's value; adds the key if it is new. */
  put(key: number, value: number): void {
    const at = this.find(key);
    if (at >= 0) this.values[at] = value;
    else this.add(key, value);
  }

  /** Adds a key that is known to be new. */
  add(key: number, value: number): void {
    if (this.size === this.keys.length) throw new Error(`more than the declared ${this.size} distinct keys`);
    this.keys[this.size] = key;
    this.values[this.size++] = value;
  }
  /** Orders the set by key. By insertion: it is small, and often nearly in order. */
  sort(): void {
    const { keys, values } = this;
    for (let i = 1; i < this.size; i++) {
      const key = keys[i];
      const value = values[i];
      let place = i;
      for (; place > 0 && keys[place - 1] > key; place--) {
        keys[place] = keys[place - 1];
        values[place] = values[place - 1];
      }
      keys[place] = key;
      values[place] = value;
    }
  }
}

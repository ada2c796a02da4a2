/**
 * What one transaction has read: keys and the versions that it saw, in order. Private to a core, reused from
 * transaction to transaction.
 * A key that was read twice stands here twice. So adding looks nothing up, which a search would do at each read of
 * a set that has nothing else to tell; and two versions of one key are found by whoever validates them all.
 */
export class ReadLog {
  keys: Int32Array;
  versions: Int32Array;
  size = 0;

  /** @param capacity how many reads it holds before it grows; at least 1 */
  constructor(capacity: number) {
    this.keys = new Int32Array(Math.max(capacity, 1));
    this.versions = new Int32Array(this.keys.length);
  }

  clear(): void {
    this.size = 0;
  }

  add(key: number, version: number): void {
    if (this.size === this.keys.length) this.#grow();
    this.keys[this.size] = key;
    this.versions[this.size++] = version;
  }

  #grow(): void {
    const { keys, versions } = this;
    this.keys = new Int32Array(2 * keys.length);
    this.keys.set(keys);
    this.versions = new Int32Array(2 * keys.length);
    this.versions.set(versions);
  }
}

/**
 * One core's share of a versions witness while it runs: appended in the hot path, put together after it.
 * Buffers are handed from run to run, since fresh memory costs a page fault every 4 KiB of log.
 */
/** In ints. A machine may have a thousand cores with three logs each, of a few transactions. */
const INITIAL = 1 << 10;
const spare: Int32Array<ArrayBuffer>[] = [];

class Log {
  buffer: Int32Array<ArrayBuffer> = spare.pop() ?? new Int32Array(INITIAL);
  size = 0;

  /** Makes room for `more` ints; returns where they go. */
  advance(more: number): number {
    const at = this.size;
    this.size = at + more;
    if (this.size > this.buffer.length) this.#grow();
    return at;
  }

  #grow(): void {
    const longer = new Int32Array(2 * this.buffer.length);
    longer.set(this.buffer);
    this.buffer = longer;
  }

  release(): void {
    spare.push(this.buffer);
    this.buffer = new Int32Array(0);
  }
}

export class VersionLog {
  /** (key, version) of each read, (key, version, overwritten) of each write, (t, reads, writes) of each commit. */
  readonly #reads = new Log();
  readonly #writes = new Log();
  readonly #commits = new Log();
  #readsBefore = 0;
  #writesBefore = 0;

  read(key: number, version: number): void {
    const log = this.#reads;
    const at = log.advance(2);
    log.buffer[at] = key;
    log.buffer[at + 1] = version;
  }

  write(key: number, version: number, overwritten: number): void {
    const log = this.#writes;
    const at = log.advance(3);
    log.buffer[at] = key;
    log.buffer[at + 1] = version;
    log.buffer[at + 2] = overwritten;
  }

  /** What was appended since the last commit is this transaction's. */
  commit(transaction: number): void {
    const log = this.#commits;
    const at = log.advance(3);
    log.buffer[at] = transaction;
    log.buffer[at + 1] = (this.#reads.size - this.#readsBefore) / 2;
    log.buffer[at + 2] = (this.#writes.size - this.#writesBefore) / 3;
    this.#readsBefore = this.#reads.size;
    this.#writesBefore = this.#writes.size;
  }

  /** The rows `t, r, w, reads, writes` of `CoreReport.versions`. The log is over. */
  finish(): Int32Array {
    const [commits, reads, writes] = [this.#commits.buffer, this.#reads.buffer, this.#writes.buffer];
    const rows = new Int32Array(this.#commits.size + this.#readsBefore + this.#writesBefore);
    let at = 0;
    let read = 0;
    let write = 0;
    // Number by number: a transaction has few, and views of them cost more.
    for (let commit = 0; commit < this.#commits.size; ) {
      const readsEnd = read + 2 * commits[commit + 1];
      const writesEnd = write + 3 * commits[commit + 2];
      for (let i = 0; i < 3; i++) rows[at++] = commits[commit++];
      while (read < readsEnd) rows[at++] = reads[read++];
      while (write < writesEnd) rows[at++] = writes[write++];
    }
    for (const log of [this.#reads, this.#writes, this.#commits]) log.release();
    return rows;
  }
}

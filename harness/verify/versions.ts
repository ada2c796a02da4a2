/**
 * Reads a versions witness: which write each read saw, and which write each write replaced.
 *
 * A version is an integer that the algorithm gave to one write of one key; 0 is the initial value. It may be
 * any other int32. Of a transaction's writes of a key, the last is *installed* if the transaction committed;
 * the earlier ones are intermediate, and a reverted transaction installs none. Only installed versions, and
 * the initial one, have a place in the version order of their key; a write that replaced another version
 * takes that one's own predecessor for its own.
 *
 * What does not follow the format is a WitnessError, and so is a write over a version that nobody reported:
 * its key's version order is then not known.
 */
import type { CoreReport } from '../machine/run.ts';
import { WitnessError } from './order.ts';

/** The initial version, where an index of a write is expected. */
export const INITIAL = -1;
/** No write: nobody reported the version that was read. */
export const NOBODY = -2;

/** A versions witness, decoded. Reads and writes are in the order of the report, a transaction's together. */
export interface Versions {
  readonly transactions: number;
  readonly keys: number;
  /** Read i: its transaction, its key, the version it saw. */
  readonly readBy: Int32Array;
  readonly readKey: Int32Array;
  readonly readVersion: Int32Array;
  /** The write that read i saw: an index of a write, INITIAL or NOBODY. */
  readonly readSource: Int32Array;
  /** Write i: its transaction, its key, the version it made, the version it overwrote. */
  readonly writeBy: Int32Array;
  readonly writeKey: Int32Array;
  readonly writeVersion: Int32Array;
  readonly writeOver: Int32Array;
  /** The write that made the version it overwrote, whether installed or not: as `readSource`. */
  readonly writeSource: Int32Array;
  /** Where the reads and the writes of record i end. */
  readonly readEnd: Int32Array;
  readonly writeEnd: Int32Array;
  /** 1 where write i is installed. */
  readonly installed: Uint8Array;
}

/** Decodes what the cores reported, and finds who wrote what. `committed(t)` tells whether transaction t's writes took effect. */
export function decode(
  transactions: number,
  keys: number,
  cores: readonly CoreReport[],
  committed: (t: number) => boolean,
): Versions {
  const { reads, writes } = measure(transactions, cores);
  const versions = {
    transactions,
    keys,
    readBy: new Int32Array(reads),
    readKey: new Int32Array(reads),
    readVersion: new Int32Array(reads),
    readSource: new Int32Array(reads),
    writeBy: new Int32Array(writes),
    writeKey: new Int32Array(writes),
    writeVersion: new Int32Array(writes),
    writeOver: new Int32Array(writes),
    writeSource: new Int32Array(writes),
    readEnd: new Int32Array(transactions),
    writeEnd: new Int32Array(transactions),
    installed: new Uint8Array(writes),
  };
  unpack(versions, cores);
  markInstalled(versions, committed);
  resolve(versions);
  return versions;
}

/** Checks the shape of the report and that each transaction is in it once; counts reads and writes. */
function measure(transactions: number, cores: readonly CoreReport[]): { reads: number; writes: number } {
  const seen = new Uint8Array(transactions);
  let reads = 0;
  let writes = 0;
  for (let core = 0; core < cores.length; core++) {
    const { versions } = cores[core];
    for (let at = 0; at < versions.length; ) {
      if (at + 3 > versions.length) throw cut(core, at);
      const t = versions[at];
      const r = versions[at + 1];
      const w = versions[at + 2];
      if (t < 0 || t >= transactions) {
        throw new WitnessError(`core ${core} reports transaction ${t}, and the block has ${transactions}`);
      }
      if (seen[t]++) throw new WitnessError(`transaction ${t} is reported twice`);
      if (r < 0 || w < 0) throw new WitnessError(`transaction ${t} is reported with ${r} reads, ${w} writes`);
      const end = at + 3 + 2 * r + 3 * w;
      if (end > versions.length) throw cut(core, at);
      reads += r;
      writes += w;
      at = end;
    }
  }
  const missing = seen.indexOf(0);
  if (missing >= 0) throw new WitnessError(`transaction ${missing} is not reported`);
  return { reads, writes };
}

function cut(core: number, at: number): WitnessError {
  return new WitnessError(`the witness of core ${core} ends inside the record at ${at}`);
}

/** Copies the records, whose shape is sound, into columns. */
function unpack(into: Versions, cores: readonly CoreReport[]): void {
  const { keys, readBy, readKey, readVersion, writeBy, writeKey, writeVersion, writeOver } = into;
  let read = 0;
  let write = 0;
  let record = 0;
  for (const { versions } of cores) {
    for (let at = 0; at < versions.length; ) {
      const t = versions[at];
      const readEnd = read + versions[at + 1];
      const writeEnd = write + versions[at + 2];
      into.readEnd[record] = readEnd;
      into.writeEnd[record++] = writeEnd;
      at += 3;
      for (; read < readEnd; read++, at += 2) {
        readBy[read] = t;
        readKey[read] = versions[at];
        readVersion[read] = versions[at + 1];
        if (versions[at] >>> 0 >= keys) throw outside(keys, t, versions[at]);
      }
      for (; write < writeEnd; write++, at += 3) {
        writeBy[write] = t;
        writeKey[write] = versions[at];
        writeVersion[write] = versions[at + 1];
        writeOver[write] = versions[at + 2];
        if (versions[at] >>> 0 >= keys) throw outside(keys, t, versions[at]);
      }
    }
  }
}

function outside(keys: number, t: number, key: number): WitnessError {
  return new WitnessError(`transaction ${t} is reported with key ${key}, and keys are 0 … ${keys - 1}`);
}

/** The last write of each key by each committed transaction. */
function markInstalled(versions: Versions, committed: (t: number) => boolean): void {
  const { keys, writeBy, writeKey, installed } = versions;
  const lastBy = new Int32Array(keys).fill(-1);
  for (let w = writeBy.length - 1; w >= 0; w--) {
    if (lastBy[writeKey[w]] === writeBy[w]) continue;
    lastBy[writeKey[w]] = writeBy[w];
    installed[w] = committed(writeBy[w]) ? 1 : 0;
  }
}

/**
 * Finds the write that each read saw and that each write overwrote. Record by record: a transaction mostly
 * overwrites the versions that it read, and then finds them in the cache.
 */
function resolve(versions: Versions): void {
  const { readKey, readVersion, readSource, readEnd } = versions;
  const { writeKey, writeOver, writeSource, writeEnd } = versions;
  const index = new VersionIndex(versions);
  let r = 0;
  let w = 0;
  for (let record = 0; record < readEnd.length; record++) {
    for (; r < readEnd[record]; r++) readSource[r] = index.find(readKey[r], readVersion[r]);
    for (; w < writeEnd[record]; w++) writeSource[w] = index.find(writeKey[w], writeOver[w]);
  }
}

/** For each installed write, the installed write before it in the version order of its key, or INITIAL. */
export function predecessors(versions: Versions): Int32Array {
  const { writeBy, writeKey, writeOver, writeSource, installed } = versions;
  const nowhere = writeSource.indexOf(NOBODY);
  if (nowhere >= 0) {
    throw new WitnessError(
      `transaction ${writeBy[nowhere]} overwrote version ${writeOver[nowhere]} of key ${writeKey[nowhere]}, ` +
        'which nobody wrote',
    );
  }
  const before = writeSource.slice();
  for (let w = 0; w < before.length; w++) {
    if (before[w] >= 0 && !installed[before[w]]) skipUninstalled(versions, before, w);
  }
  return before;
}

/** Follows a chain of writes that are not installed to the one before them, and shortens all of it. */
function skipUninstalled({ writeKey, installed }: Versions, before: Int32Array, write: number): void {
  let end = before[write];
  let steps = 0;
  for (; end >= 0 && !installed[end] && steps <= before.length; steps++) end = before[end];
  if (end === write || steps > before.length) {
    throw new WitnessError(`versions of key ${writeKey[write]} overwrote each other in a circle`);
  }
  // Each link is followed once here and is short from then on, so that all chains together take linear time.
  for (let w = write; before[w] !== end; ) {
    const next = before[w];
    before[w] = end;
    w = next;
  }
}

/**
 * A hash table from (key, version) to the write. Open addressing with linear probing; key, version and write
 * lie side by side, so that a probe costs one cache line.
 */
class VersionIndex {
  readonly #slots: Int32Array;
  readonly #mask: number;

  constructor(versions: Versions) {
    const { writeBy, writeKey, writeVersion } = versions;
    let size = 8;
    while (size < 1.5 * writeBy.length) size *= 2;
    this.#slots = new Int32Array(4 * size);
    this.#mask = size - 1;
    for (let w = 0; w < writeBy.length; w++) {
      const other = this.#insert(writeKey[w], writeVersion[w], w);
      if (other === w) continue;
      const what = `version ${writeVersion[w]} of key ${writeKey[w]}`;
      if (other === INITIAL)
        throw new WitnessError(`transaction ${writeBy[w]} wrote ${what}, the initial one`);
      throw new WitnessError(`${what} is written twice, by transactions ${writeBy[other]} and ${writeBy[w]}`);
    }
  }

  /** The write that made this version of this key, INITIAL or NOBODY. */
  find(key: number, version: number): number {
    if (version === 0) return INITIAL;
    const slots = this.#slots;
    for (let slot = hash(key, version) & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const at = slot << 2;
      // Slots hold the write plus one: zero is an empty slot.
      if (slots[at + 2] === 0) return NOBODY;
      if (slots[at] === key && slots[at + 1] === version) return slots[at + 2] - 1;
    }
  }

  /** Enters a write; returns it, or the one that is already there. */
  #insert(key: number, version: number, write: number): number {
    if (version === 0) return INITIAL;
    const slots = this.#slots;
    for (let slot = hash(key, version) & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const at = slot << 2;
      if (slots[at + 2] === 0) {
        slots[at] = key;
        slots[at + 1] = version;
        slots[at + 2] = write + 1;
        return write;
      }
      if (slots[at] === key && slots[at + 1] === version) return slots[at + 2] - 1;
    }
  }
}

function hash(key: number, version: number): number {
  const mixed = Math.imul(Math.imul(key, 0x9e3779b1) ^ version, 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}

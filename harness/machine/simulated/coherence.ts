/**
 * Which core's cache holds which line, and what the next access to it costs.
 *
 * The protocol is MESI with caches that never run out: a line is in no cache, in one that owns it (exclusive
 * or modified), or shared by several. Owning makes reads and writes hits, sharing makes reads hits.
 * What no core has comes from memory; or, if the whole block fits there, from a cache behind the cores' own, which
 * a model may have, since on real threads a block's memory is written just before it starts.
 * A line serves one transfer at a time: whoever needs it while it moves waits, so that a word which all
 * cores write allows 1 / (transfer_ns + atomic_ns) writes a second in total, however many cores there are. Reads of a
 * shared line by several cores do not wait for one another.
 */
import { LINE_BYTES } from '../machine.ts';
import type { MachineModel } from './model.ts';

/** Who owns a line that nobody does: it is in no cache, or in those of its sharers. */
const NOBODY = -1;
const SHARED = -2;

export class Coherence {
  readonly #model: MachineModel;
  /** The core that owns the line, NOBODY or SHARED. */
  readonly #owner: Int32Array;
  /** The cores that share the line, a bit each, so many words a line. Empty unless it is SHARED. */
  readonly #sharers: Int32Array;
  readonly #setWords: number;
  /** What a line takes that no core has. */
  readonly #fetch_ns: number;
  /** When the line's last transfer ends. */
  readonly #freeAt: Float64Array;

  constructor(model: MachineModel, cores: number, lines: number) {
    this.#model = model;
    const isShared = lines * LINE_BYTES <= model.shared_bytes;
    this.#fetch_ns = isShared ? model.shared_ns : model.memory_ns;
    this.#setWords = Math.ceil(cores / 32);
    this.#owner = new Int32Array(lines).fill(NOBODY);
    this.#sharers = new Int32Array(lines * this.#setWords);
    this.#freeAt = new Float64Array(lines);
  }

  /** Whether a read by the core would hit its own cache. */
  readHits(core: number, line: number): boolean {
    const owner = this.#owner[line];
    return owner === core || (owner === SHARED && this.#shares(core, line));
  }

  /** Whether a write by the core would. */
  writeHits(core: number, line: number): boolean {
    return this.#owner[line] === core;
  }

  /** The core reads the line at time `now`. Returns when it has it. */
  read(core: number, line: number, now: number): number {
    const model = this.#model;
    const owner = this.#owner[line];
    if (owner === core) return now + model.hit_ns;
    if (owner === SHARED) {
      if (this.#shares(core, line)) return now + model.hit_ns;
      const nearest = this.#nearestSharer(core, line);
      this.#share(core, line);
      return Math.max(now, this.#freeAt[line]) + nearest;
    }
    if (owner === NOBODY) {
      this.#owner[line] = core;
      return this.#transfer(line, now, this.#fetch_ns);
    }
    this.#owner[line] = SHARED;
    this.#share(owner, line);
    this.#share(core, line);
    return this.#transfer(line, now, this.#between(core, owner));
  }

  /**
   * The core writes the line at time `now`, and keeps it for `hold_ns` longer: what an atomic operation takes.
   * Returns when it is done.
   */
  write(core: number, line: number, now: number, hold_ns: number): number {
    const model = this.#model;
    const owner = this.#owner[line];
    if (owner === core) {
      const end = now + model.hit_ns + hold_ns;
      if (hold_ns > 0) this.#freeAt[line] = end;
      return end;
    }
    this.#owner[line] = core;
    if (owner >= 0) return this.#transfer(line, now, this.#between(core, owner) + hold_ns);
    if (owner === NOBODY) return this.#transfer(line, now, this.#fetch_ns + hold_ns);
    const farthest = this.#farthestSharer(core, line);
    this.#sharers.fill(0, line * this.#setWords, (line + 1) * this.#setWords);
    return this.#transfer(line, now, farthest + hold_ns);
  }

  #transfer(line: number, now: number, duration: number): number {
    const end = Math.max(now, this.#freeAt[line]) + duration;
    this.#freeAt[line] = end;
    return end;
  }

  #shares(core: number, line: number): boolean {
    return (this.#sharers[line * this.#setWords + (core >> 5)] & (1 << (core & 31))) !== 0;
  }

  #share(core: number, line: number): void {
    this.#sharers[line * this.#setWords + (core >> 5)] |= 1 << (core & 31);
  }

  #between(a: number, b: number): number {
    const { domains } = this.#model;
    for (let i = 0; i < domains.length - 1; i++) {
      const { cores, transfer_ns } = domains[i];
      if (Math.floor(a / cores) === Math.floor(b / cores)) return transfer_ns;
    }
    return domains[domains.length - 1].transfer_ns;
  }

  /** What the transfer costs from the nearest of the cores that share the line. */
  #nearestSharer(core: number, line: number): number {
    const { domains } = this.#model;
    for (let i = 0; i < domains.length - 1; i++) {
      if (this.#anySharer(core, line, domains[i].cores, true)) return domains[i].transfer_ns;
    }
    return domains[domains.length - 1].transfer_ns;
  }

  /** What it costs to invalidate the line in the farthest of the cores that share it. */
  #farthestSharer(core: number, line: number): number {
    const { domains } = this.#model;
    for (let i = 0; i < domains.length - 1; i++) {
      if (!this.#anySharer(core, line, domains[i].cores, false)) return domains[i].transfer_ns;
    }
    return domains[domains.length - 1].transfer_ns;
  }

  /** Whether any core shares the line inside the core's group of `cores`, or outside it. */
  #anySharer(core: number, line: number, cores: number, inside: boolean): boolean {
    const first = Math.floor(core / cores) * cores;
    const base = line * this.#setWords;
    for (let i = 0; i < this.#setWords; i++) {
      const group = groupBits(i * 32, first, cores);
      if ((this.#sharers[base + i] & (inside ? group : ~group)) !== 0) return true;
    }
    return false;
  }
}

/** Of 32 cores from `from` on, a bit for each that is one of the `cores` from `first` on. Powers of two. */
function groupBits(from: number, first: number, cores: number): number {
  if (cores >= 32) return from >= first && from < first + cores ? -1 : 0;
  if (first < from || first >= from + 32) return 0;
  return ((1 << cores) - 1) << (first - from);
}

/**
 * The execution phase: each read takes the value of one version, which is known, and waits for it if it must.
 *
 * Paper       Bohm (see bohm.ts), section 3.3.1. Upholds I3 and I4 there.
 */
import { ABORT, ABORTED, type Core, REVERTED, type Steps, type View } from '../algorithm.ts';
import { AccessSet } from '../parts/access-set.ts';
import { slotOf } from '../parts/declared-sets.ts';
import { UNDECLARED } from '../parts/serial-fallback.ts';
import type { Bohm } from './bohm.ts';

/** No version: the key's initial value. */
export const INITIAL = 0;
/** States of a version that is no placeholder any more. */
const READY = 1;
const VOID = 2;
/** Not a slot of the read sets. */
const NOT_DECLARED = -1;

/** One core's part. */
export class Executor implements View {
  readonly #bohm: Bohm;
  readonly #core: Core;
  readonly #writes: AccessSet;
  readonly #executesUnready: boolean;
  /** Claimed transactions, each because the one below it on the stack reads from it; and the next read of each. */
  readonly #stack: Int32Array;
  readonly #next: Int32Array;
  /** The transaction that executes now. */
  #t = 0;
  #batchesBuilt = 0;
  committed = 0;

  constructor(bohm: Bohm, core: Core) {
    const { block, options } = bohm.context;
    this.#bohm = bohm;
    this.#core = core;
    this.#writes = new AccessSet(block.maxWrites);
    this.#executesUnready = options.unready === 'execute';
    this.#stack = new Int32Array(this.#executesUnready ? block.transactions : 1);
    this.#next = new Int32Array(this.#stack.length);
  }

  /** Of n executing cores, each is responsible for every n-th transaction, in ascending order (I4). */
  *run(): Steps<void> {
    const { ccCores, context } = this.#bohm;
    const executors = this.#core.count - ccCores;
    for (let t = this.#core.id - ccCores; t < context.block.transactions; t += executors) {
      if (ccCores > 0) yield* this.#awaitBatch(Math.floor(t / context.options.batch));
      if (!(yield* this.#claim(t))) continue;
      if (this.#executesUnready) yield* this.#executeFrom(t);
      else yield* this.#execute(t);
    }
  }

  *#awaitBatch(batch: number): Steps<void> {
    const { built, ccCores } = this.#bohm;
    if (batch < this.#batchesBuilt) return;
    for (let cc = 0; cc < ccCores; cc++) {
      for (let seen = yield* built.load(cc); seen <= batch; seen = yield* built.load(cc)) {
        yield* built.waitWhile(cc, seen); // woken after the CC core's next batch
      }
    }
    this.#batchesBuilt = batch + 1;
  }

  *#claim(t: number): Steps<boolean> {
    return (yield* this.#bohm.claimed.compareExchange(t, 0, 1)) === 0;
  }

  /** Executes a transaction that this core has claimed, after those it reads from (section 3.3.1). */
  *#executeFrom(root: number): Steps<void> {
    const { reads } = this.#bohm.sets;
    const { state } = this.#bohm.versions;
    let depth = 0;
    this.#stack[0] = root;
    this.#next[0] = reads.from[root];
    while (depth >= 0) {
      const version = yield* this.#unready(depth);
      if (version < 0) {
        yield* this.#execute(this.#stack[depth--]);
        continue;
      }
      const placeholder = yield* state.load(version);
      if (placeholder > 0) continue;
      const writer = -placeholder - 1;
      if (yield* this.#claim(writer)) {
        this.#stack[++depth] = writer;
        this.#next[depth] = reads.from[writer];
      } else {
        yield* state.waitWhile(version, placeholder); // woken by whoever has claimed the writer
      }
    }
  }

  /** The first version that the transaction at this depth declares to read and that is not ready; or -1. */
  *#unready(depth: number): Steps<number> {
    const { sources, sets, versions } = this.#bohm;
    const end = sets.reads.from[this.#stack[depth] + 1];
    for (let r = this.#next[depth]; r < end; r++) {
      const source = yield* sources.load(r);
      if (source === INITIAL || (yield* versions.state.load(source - 1)) > 0) continue;
      this.#next[depth] = r;
      return source - 1;
    }
    this.#next[depth] = end;
    return -1;
  }

  *#execute(t: number): Steps<void> {
    if (yield* this.#bohm.fallback.raised()) {
      yield* this.#giveUp(t);
      return;
    }
    this.#t = t;
    this.#core.begin(t);
    this.#writes.clear();
    const outcome = yield* this.#core.execute(t, this);
    if (outcome === REVERTED) this.#writes.clear();
    if (outcome === ABORTED || !this.#allDeclared()) {
      this.#core.abort(UNDECLARED);
      yield* this.#bohm.fallback.raise();
      yield* this.#giveUp(t);
      return;
    }
    yield* this.#fill();
    this.#core.commit(t);
    this.committed++;
  }

  #allDeclared(): boolean {
    const { keys, size } = this.#writes;
    for (let i = 0; i < size; i++) if (slotOf(this.#bohm.sets.writes, this.#t, keys[i]) < 0) return false;
    return true;
  }

  /** Fills the transaction's placeholders, with what it wrote or with the value before. */
  *#fill(): Steps<void> {
    const { from, keys } = this.#bohm.sets.writes;
    const { value, previous } = this.#bohm.versions;
    for (let w = from[this.#t]; w < from[this.#t + 1]; w++) {
      const own = this.#writes.find(keys[w]);
      if (own >= 0) {
        yield* value.store(w, this.#writes.values[own]);
        yield* this.#publish(w, READY);
        continue;
      }
      const before = yield* previous.load(w);
      if (before !== INITIAL && (yield* this.#await(before - 1)) === VOID) yield* this.#publish(w, VOID);
      else {
        yield* value.store(w, yield* this.#valueOf(before, keys[w]));
        yield* this.#publish(w, READY);
      }
    }
  }

  /** After the value, for whoever sees the state takes the value (I3). */
  *#publish(version: number, state: number): Steps<void> {
    yield* this.#bohm.versions.state.store(version, state);
    yield* this.#bohm.versions.state.wake(version);
  }

  *#giveUp(t: number): Steps<void> {
    const { from } = this.#bohm.sets.writes;
    for (let w = from[t]; w < from[t + 1]; w++) yield* this.#publish(w, VOID);
  }

  *read(key: number): Steps<number> {
    const own = this.#writes.find(key);
    if (own >= 0) return this.#writes.values[own];
    const slot = slotOf(this.#bohm.sets.reads, this.#t, key);
    const source = slot === NOT_DECLARED ? yield* this.#search(key) : yield* this.#bohm.sources.load(slot);
    if (source !== INITIAL && (yield* this.#await(source - 1)) === VOID) throw ABORT;
    return yield* this.#valueOf(source, key);
  }

  *write(key: number, value: number): Steps<void> {
    this.#writes.put(key, value);
  }

  /** Waits until a version is no placeholder; returns its state. Its transaction is a lower one (I4). */
  *#await(version: number): Steps<number> {
    const { state } = this.#bohm.versions;
    for (;;) {
      const seen = yield* state.load(version);
      if (seen > 0) return seen;
      yield* state.waitWhile(version, seen); // woken by whoever executes its transaction
    }
  }

  *#valueOf(version: number, key: number): Steps<number> {
    if (version === INITIAL) return yield* this.#bohm.storage.load(key);
    return yield* this.#bohm.versions.value.load(version - 1);
  }

  /** The version (+ 1) of a key for which the transaction has no annotation: the last one below it. */
  *#search(key: number): Steps<number> {
    const { latest, versions, sets } = this.#bohm;
    const end = sets.writes.from[this.#t];
    let version = yield* latest.load(key);
    // Slots ascend with the transactions that they belong to.
    while (version > end) version = yield* versions.previous.load(version - 1);
    return version;
  }
}

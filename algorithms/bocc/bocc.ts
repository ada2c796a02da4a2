/**
 * Optimistic concurrency control with backward-oriented validation: the first of its kind.
 * Run on private copies; before installing them, check that nobody who finished meanwhile wrote what was read.
 *
 * Paper       Kung, Robinson: On Optimistic Methods for Concurrency Control. ACM TODS 6(2), 1981,
 *             doi:10.1145/319566.319567. Section 4, serial validation, in one stage and in two; section 5,
 *             parallel validation; section 3.3, starvation. (The name BOCC is from Haerder: Observations on
 *             Optimistic Concurrency Control Schemes. Information Systems 9(2), 1984.)
 * Guarantee   Serializable, not in block order. Serial validation: in the order of transaction numbers;
 *             parallel: in the order in which transactions entered validation. A query comes right after the
 *             last one that it looked at.
 *             Deadlock-free: nobody waits inside the latch, and else only for who entered earlier (I6).
 *             Somebody always commits: serially, one fails only because others committed since it began; in
 *             parallel by I6. Serially nobody starves (I7), unless starvation=0. In parallel a transaction may;
 *             back-off makes that unlikely.
 *             A doomed attempt may read an inconsistent state (not opaque): procedures must end all the same.
 *
 * Words       tnc               transaction number counter
 *             startTn, finishTn tnc when the transaction began, and when it ended its read phase
 *             < ... >           critical section: the latch
 *             active            the transactions that are between their two critical sections
 *             query             a transaction that writes nothing; one that reverts becomes one
 *
 * Layout      data[key]       whoever is in its write phase
 *             latch           see harness/machine/semaphore.ts
 *             tnc             a committer, inside < >
 *             numbered[tn]    the transaction of that number; its committer, inside < >, before tnc reaches tn
 *             writeSets[t]    size, keys: what transaction t wants to write; t's core, before t validates
 *                             standing: its number of entry while it is active, then FAILED or COMMITTED;
 *                             t's core (only with parallel validation, as all that follows)
 *             active          active.ts; inside < >
 *
 * Invariants  I1  At most one core is between < and >. By the latch.
 *             I2  tnc never decreases, and grows by one inside < >. Asserted.
 *             I3  tnc >= tn implies that all writes of the transaction numbered tn are visible: tnc is raised
 *                 after its write phase. Hence a transaction that began with startTn saw every write of
 *                 1 ... startTn; what moved under it was written by startTn + 1 ... finishTn, which it checks,
 *                 or by one that was in its write phase when it took finishTn.
 *             I4  Serial: nobody else is in its write phase while one is inside < >, where finishTn is taken.
 *                 Parallel: whoever is in its write phase is active; those that entered before are checked
 *                 one by one (condition 3 of section 3), and those that enter later check this one.
 *             I5  The write set of a committed transaction never changes. That of an active one that fails may
 *                 be rewritten by its next attempt while it is still looked at; that attempt enters later
 *                 and checks whoever looks, so nothing is missed.
 *             I6  In parallel, active ones can make others fail and then fail themselves; and as long as there is
 *                 always somebody active that can go on without end and without a commit. So after some
 *                 failures, an option, a transaction is patient: where it meets an active one it waits until
 *                 that has failed, which is no obstacle any more, or committed. (Section 5, an idea of James
 *                 Saxe's.) It waits only for one that entered earlier, so there is no circle; and once all are
 *                 patient the first of those active commits, or fails because another has.
 *             I7  Serially, whoever has failed so often, an option, executes again inside < >. Nobody commits
 *                 meanwhile, so it does. Asserted in transact. (Section 3.3: as if it locked all the data.)
 *
 * Departures  D1  Write sets are kept for the whole block instead of so many: blocks are finite.
 *             D2  No create and delete sets: the key space is fixed.
 *             D3  The transaction number is the point of serialization only in serial validation. In parallel
 *                 one that entered later may be numbered first; so the order of entry is counted, which costs
 *                 a load and a store inside < >.
 *             D4  A query gets no number and no write phase, and takes finishTn (and the active ones) inside
 *                 < >: else it might have read some of the writes of a committer that it does not see yet. The
 *                 paper takes it outside, which is not serializable if write phases take time.
 *             D5  `multistage` has one stage before the critical section, and is for serial validation only.
 *             D6  Who is to execute inside < > leaves it first and comes again, instead of never leaving it.
 *             D7  Randomized back-off after an abort (an option).
 *
 * Cost notes  A read costs one load, with nothing beside the value. Validation reads the write sets of all that
 *             finished since the start: about as many as there are cores, each from another core's cache.
 *             Serially all of that and the write phase are inside < >, the one place all pass through.
 */
import { Semaphore } from '../../harness/machine/semaphore.ts';
import {
  type Context,
  type Core,
  defineAlgorithm,
  type Instance,
  REVERTED,
  type Steps,
  type Values,
  type View,
  type Views,
  type Words,
  z,
} from '../algorithm.ts';
import { AccessSet } from '../parts/access-set.ts';
import { Backoff } from '../parts/backoff.ts';
import { Dispenser } from '../parts/dispenser.ts';
import { Active } from './active.ts';

/** Standings; a positive one is a number of entry. */
const FAILED = 0;
const COMMITTED = -1;

interface Options {
  readonly validation: 'serial' | 'multistage' | 'parallel';
  readonly patience: number;
  readonly starvation: number;
  readonly backoff: number;
}

class Bocc implements Instance {
  readonly context: Context<Options>;
  readonly data: Values;
  readonly latch: Semaphore;
  readonly tnc: Words;
  readonly numbered: Words;
  readonly writeSets: Views<{ standing: 'word'; size: 'word'; keys: readonly ['words', number] }>;
  readonly active: Active;
  readonly dispenser: Dispenser;

  constructor(context: Context<Options>) {
    const { memory, block, cores } = context;
    this.context = context;
    this.data = memory.values('data', block.keys);
    this.latch = new Semaphore(memory, 'latch', 1, cores);
    this.tnc = memory.words('tnc', 1, 'padded');
    this.numbered = memory.words('numbered', block.transactions + 1);
    this.writeSets = memory.records('writeSets', block.transactions, {
      standing: 'word',
      size: 'word',
      keys: ['words', block.maxWrites],
    });
    this.active = new Active(memory, cores);
    this.dispenser = new Dispenser(memory, block.transactions);
  }

  load(): void {
    const { initial } = this.context.block;
    for (let key = 0; key < initial.length; key++) this.data.poke(key, initial[key]);
  }

  *run(core: Core): Steps<void> {
    const worker = new Worker(this, core);
    for (let t = yield* this.dispenser.take(); t >= 0; t = yield* this.dispenser.take()) {
      yield* worker.transact(t);
    }
  }

  state(key: number): number {
    return this.data.peek(key);
  }
}

/** One core's part. */
class Worker implements View {
  readonly #core: Core;
  readonly #shared: Bocc;
  readonly #readSet: AccessSet;
  readonly #writeSet: AccessSet;
  readonly #backoff: Backoff;
  /** The copy of active. */
  readonly #finishActive: Int32Array;
  /** Failures after which it executes inside < >, and whether it does (I7). */
  readonly #starvation: number;
  #inside = false;
  #startTn = 0;
  #failures = 0;
  /** The place in the serial order, once the attempt is valid. */
  #point = 0;

  constructor(bocc: Bocc, core: Core) {
    const { block, cores, options } = bocc.context;
    this.#core = core;
    this.#shared = bocc;
    this.#readSet = new AccessSet(block.maxReads);
    this.#writeSet = new AccessSet(block.maxWrites);
    this.#backoff = new Backoff(options.backoff);
    this.#finishActive = new Int32Array(cores);
    const { starvation, validation } = options;
    this.#starvation = validation === 'parallel' || starvation === 0 ? Number.POSITIVE_INFINITY : starvation;
  }

  *transact(t: number): Steps<void> {
    this.#backoff.reset();
    for (this.#failures = 0; ; this.#failures++) {
      if (this.#failures === this.#starvation) {
        yield* this.#shared.latch.acquire();
        this.#inside = true;
      }
      yield* this.#tbegin(t);
      const outcome = yield* this.#core.execute(t, this);
      if (outcome === REVERTED) this.#writeSet.clear();
      if (yield* this.#tend(t)) break;
      if (this.#inside) throw new Error(`[I7] transaction ${t} failed inside < >`);
      this.#core.abort('validation');
      this.#backoff.wait(this.#core);
    }
    if (this.#inside) yield* this.#shared.latch.release();
    this.#inside = false;
    this.#core.commit(t, this.#point);
  }

  *#tbegin(t: number): Steps<void> {
    this.#core.begin(t);
    this.#readSet.clear();
    this.#writeSet.clear();
    this.#startTn = yield* this.#shared.tnc.load(0); // start tn := tnc
  }

  *read(key: number): Steps<number> {
    const own = this.#writeSet.find(key);
    if (own >= 0) return this.#writeSet.values[own];
    if (this.#readSet.find(key) < 0) this.#readSet.add(key, 0);
    return yield* this.#shared.data.load(key);
  }

  *write(key: number, value: number): Steps<void> {
    this.#writeSet.put(key, value);
  }

  /** Whether the attempt is valid; if so, its writes are installed. */
  *#tend(t: number): Steps<boolean> {
    const { validation } = this.#shared.context.options;
    const query = this.#writeSet.size === 0;
    if (!query) yield* this.#publish(t);
    this.#core.phase('validate');
    if (validation === 'parallel') return query ? yield* this.#endQuery() : yield* this.#endParallel(t);
    if (query) return yield* this.#endQuery();
    let checked = this.#startTn;
    if (validation === 'multistage') {
      const midTn = yield* this.#shared.tnc.load(0); // mid tn := tnc
      if (!(yield* this.#missed(checked, midTn))) return false;
      checked = midTn;
    }
    return yield* this.#endSerial(t, checked);
  }

  /** Section 4, from the critical section on; numbers up to `checked` are known to be disjoint. */
  *#endSerial(t: number, checked: number): Steps<boolean> {
    const { tnc } = this.#shared;
    yield* this.#enter(); //                                             <
    const finishTn = yield* tnc.load(0); //                              finish tn := tnc
    const valid = yield* this.#missed(checked, finishTn);
    if (valid) {
      yield* this.#writePhase(); //                                      must precede ...
      yield* this.#number(t, finishTn); //                               ... this: I3. Serialization point.
      this.#point = finishTn + 1;
    }
    yield* this.#leave(); //                                             >
    return valid;
  }

  /** To serial validation and queries; to who is inside all the time nothing. */
  *#enter(): Steps<void> {
    if (!this.#inside) yield* this.#shared.latch.acquire();
  }

  *#leave(): Steps<void> {
    if (!this.#inside) yield* this.#shared.latch.release();
  }

  /** Section 5. */
  *#endParallel(t: number): Steps<boolean> {
    const { latch, tnc, active, writeSets } = this.#shared;
    yield* latch.acquire(); //                                           <
    const finishTn = yield* tnc.load(0); //                              finish tn := tnc
    const actives = yield* active.copyTo(this.#finishActive); //         finish active := copy of active
    // Serialization point, if valid (D3).
    const entered = yield* active.enter(t, actives); //                  active := active + this one
    yield* writeSets.standing.store(t, entered);
    yield* latch.release(); //                                           >
    const valid = (yield* this.#missed(this.#startTn, finishTn)) && (yield* this.#apart(actives, entered));
    // The write phase must precede the number: I3.
    if (valid) yield* this.#writePhase();
    else yield* this.#stand(t, FAILED);
    yield* latch.acquire(); //                                           <
    if (valid) yield* this.#number(t, yield* tnc.load(0));
    yield* active.leave(t); //                                           active := active - this one
    yield* latch.release(); //                                           >
    if (valid) yield* this.#stand(t, COMMITTED);
    this.#point = entered;
    return valid;
  }

  /** A transaction without writes: nobody has to check it, so it only looks (D4). */
  *#endQuery(): Steps<boolean> {
    const { active, context, tnc } = this.#shared;
    const parallel = context.options.validation === 'parallel';
    yield* this.#enter(); //                                             <
    const finishTn = yield* tnc.load(0);
    const actives = parallel ? yield* active.copyTo(this.#finishActive) : 0;
    const last = parallel ? yield* active.entered() : finishTn;
    yield* this.#leave(); //                                             >
    this.#point = last + 0.5; // queries after the same writer commute
    return (yield* this.#missed(this.#startTn, finishTn)) && (yield* this.#apart(actives, last + 1));
  }

  /** Whether none of the transactions numbered from + 1 to `to` wrote what this one read. */
  *#missed(from: number, to: number): Steps<boolean> {
    for (let tn = from + 1; tn <= to; tn++) {
      const other = yield* this.#shared.numbered.load(tn);
      if (yield* this.#meets(other, false)) return false;
    }
    return true;
  }

  /** Whether none of the transactions in finish active may write what this one read or will write. */
  *#apart(actives: number, entered: number): Steps<boolean> {
    const { patience } = this.#shared.context.options;
    for (let i = 0; i < actives; i++) {
      const other = this.#finishActive[i];
      if (!(yield* this.#meets(other, true))) continue;
      if (this.#failures < patience || (yield* this.#commits(other, entered))) return false;
    }
    return true;
  }

  /** Waits until a transaction that was active when this one entered has ended, and tells how (I6). */
  *#commits(other: number, entered: number): Steps<boolean> {
    const { standing } = this.#shared.writeSets;
    for (;;) {
      const stands = yield* standing.load(other);
      if (stands === COMMITTED) return true;
      // If it entered later than this one, that is another attempt: the one to wait for has failed.
      if (stands === FAILED || stands >= entered) return false;
      yield* standing.waitWhile(other, stands); // woken by stand
    }
  }

  *#stand(t: number, how: number): Steps<void> {
    const { standing } = this.#shared.writeSets;
    yield* standing.store(t, how);
    yield* standing.wake(t);
  }

  /** Whether the write set of another transaction meets the read set; or the write set too. */
  *#meets(other: number, writesToo: boolean): Steps<boolean> {
    const { size, keys } = this.#shared.writeSets;
    const count = yield* size.load(other);
    for (let i = 0; i < count; i++) {
      const key = yield* keys[i].load(other);
      if (this.#readSet.find(key) >= 0) return true;
      if (writesToo && this.#writeSet.find(key) >= 0) return true;
    }
    return false;
  }

  *#writePhase(): Steps<void> {
    this.#core.phase('commit');
    const { keys, values, size } = this.#writeSet;
    for (let i = 0; i < size; i++) yield* this.#shared.data.store(keys[i], values[i]);
  }

  /** tnc := tnc + 1; tn := tnc. Inside < >. */
  *#number(t: number, before: number): Steps<void> {
    const { tnc, numbered } = this.#shared;
    yield* numbered.store(before + 1, t); // must precede tnc, by which it is found
    const found = yield* tnc.add(0, 1);
    if (found !== before) throw new Error(`[I2] tnc went from ${before} to ${found} inside < >`);
  }

  /** Writes down what is going to be written. Before validation, so that whoever finds it there can look. */
  *#publish(t: number): Steps<void> {
    const { size, keys } = this.#shared.writeSets;
    for (let i = 0; i < this.#writeSet.size; i++) yield* keys[i].store(t, this.#writeSet.keys[i]);
    yield* size.store(t, this.#writeSet.size);
  }
}

export default defineAlgorithm({
  name: 'bocc',
  summary: 'optimistic, 1981: check what was read against the write sets of all who finished meanwhile',
  source: 'Kung, Robinson: On Optimistic Methods for Concurrency Control. TODS 1981',
  guarantee: 'serializable',
  witness: 'points',
  options: z.strictObject({
    validation: z
      .enum(['serial', 'multistage', 'parallel'])
      .default('serial')
      .describe(
        'serial: check and write inside the critical section; multistage: check most before it; ' +
          'parallel: do both outside, checking also those who do so at the same time',
      ),
    patience: z
      .int()
      .min(0)
      .max(1_000_000)
      .default(8)
      .describe(
        'parallel: failures after which a transaction waits for one in validation that it conflicts with, ' +
          'and that may fail too, instead of failing at once',
      ),
    starvation: z
      .int()
      .min(0)
      .max(1_000_000)
      .default(32)
      .describe(
        'serial, multistage: failures after which a transaction executes inside the critical section; 0: never',
      ),
    backoff: z
      .int()
      .min(0)
      .max(1_000_000)
      .default(100)
      .describe('units of work to wait after a first abort, at most; 0: none'),
  }),
  aborts: ['validation'],
  create: (context) => new Bocc(context),
});

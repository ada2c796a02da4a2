/**
 * LiTM: deterministic transactional memory in rounds.
 * In a round all pending transactions execute on the same state and reserve what they touch, the lowest index
 * first; those whose reservations hold commit together, the others are pending in the next round.
 *
 * Paper       Xia, Yu, Moses, Shun, Devadas: LiTM: A Lightweight Deterministic Software Transactional Memory
 *             System. PMAM 2019, doi:10.1145/3303084.3309487; which makes a transactional memory of
 *             deterministic reservations: Blelloch, Fineman, Gibbons, Shun: Internally Deterministic Parallel
 *             Algorithms Can Be Fast. PPoPP 2012, section 4. A baseline of Block-STM (PPoPP 2023, section 4).
 *             Of LiTM only the abstract and the authors' code were at hand (github.com/yuxiamit/LiTM, stm/txn2phase):
 *             what is said of it below is what that code does.
 * Guarantee   Serializable: by round, and within a round by index. That order, and so the state after the block,
 *             depends on the block, `batch` and `reserve` only, not on the number of cores nor on any timing.
 *             Not block order: a transaction that loses in a round comes after higher ones that hold.
 *             No deadlock, no starvation: the lowest pending transaction of a round always commits, so that
 *             transaction t is executed t + 1 times at most (its index counts from 0).
 *             An attempt sees the state that the rounds before left, so it is always consistent (opaque).
 *
 * Words       pending     the transactions of a round by rank, in ascending index: first those carried over from
 *                         the round before, then new ones up to the batch's size
 *             priority    of the transaction with rank r in a round of m that follows on `base` attempts:
 *                         base + m - r. Later rounds outbid earlier ones, lower indices higher ones.
 *
 * Layout      data[key]           whoever commits, in the round's second phase
 *             reservations[key]   writer, reader: the highest priority that reserved the key for it; never reset
 *             pending[p][i]       carried-over transactions; rounds use the halves p by turns
 *             lost[rank]          whether it lost in this round; whoever executed it
 *             losers[p][c]        how many lost in the c-th share of the ranks; rounds by turns
 *             ranks               every core: the next rank to execute
 *
 *             phase 1  execute, reserve       data is only read
 *             phase 2  decide, install        reservations are only read
 *             phase 3  compact                each core carries over the losers of its share of the ranks
 *                      A barrier after each.
 *
 * Invariants  I1  In phase 2 a key's reservation is the highest priority of this round, if anybody reserved it
 *                 in this round: it is raised by compare-and-swap only, and all of phase 1 was before.
 *             I2  A transaction commits only if no lower one of its round wrote what it read or wrote. So it has
 *                 read what it would read after them, and no key has two writers that commit in one round.
 *                 With `reserve` = all moreover no lower one read what it wrote: those that commit do not
 *                 conflict at all.
 *             I3  All cores agree on round, base and the number of pending transactions: they compute them from
 *                 the same words between the same barriers.
 *             I4  A reservation of an earlier round decides nothing: none is reset, but priorities rise. All attempts
 *                 of a block together are less than 2^31.
 *
 * Departures  D1  By default what is read is reserved too, so that those that commit in a round do not conflict at
 *                 all. The authors' code reserves what is written: `reserve` = writes. Payments write what they
 *                 read, and take the same rounds either way.
 *             D2  Reservations are made when the attempt has ended, not at each write, since a transaction that
 *                 reverts writes nothing; and for each key, where theirs has a table that keys are hashed to.
 *             D3  A transaction that wrote nothing is decided like the others. Theirs commits without a look at what it
 *                 read, which serializes it before the writers of its round.
 *             D4  Transactions are executed and decided by the same core, so that their logs stay private.
 *             D5  By default a round takes all that are pending; theirs takes a number that is given: `batch`.
 *             As in theirs, a loser is decided by what lower transactions reserved even if these lose themselves: a
 *             maximal independent set would need more phases in a round.
 *
 * Cost notes  A round has three barriers, and takes as long as its longest transaction at least. A key with w
 *             writers needs w rounds, in each of which all that are left execute again: work grows with the
 *             square of contention. `batch` bounds what a round wastes, at the price of more rounds.
 *             Beside Block-STM on server-32, 32 cores, Diem payments of 200 us between 10^4 accounts: a block of
 *             10^3 takes 4 rounds, 1.2 executions a transaction, 8.1 ms against 6.9; one of 10^4 takes 14
 *             rounds, 3.3 executions, 211 ms against 67. Block-STM's figure 3 has 69 and 383 ms for LiTM. A fixed
 *             cost of about 12 ms a round, which is what that figure implies for a block, would account for both;
 *             here a round costs its barriers. Between 10^3 accounts a block of 10^4 takes 79 rounds, 35
 *             executions and 2.2 s, there 1.8: that losers decide is dear where conflicts are many.
 */
import { Barrier } from '../harness/machine/barrier.ts';
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
} from './algorithm.ts';
import { AccessSet } from './parts/access-set.ts';
import { AttemptLog } from './parts/attempt-log.ts';
import { RoundDispenser } from './parts/round-dispenser.ts';

interface Options {
  readonly batch: number;
  readonly reserve: 'all' | 'writes';
}

class Litm implements Instance {
  readonly context: Context<Options>;
  readonly data: Values;
  readonly reservations: Views<{ writer: 'word'; reader: 'word' }>;
  readonly pending: Words;
  readonly lost: Words;
  readonly losers: Words;
  readonly ranks: RoundDispenser;
  readonly barrier: Barrier;

  constructor(context: Context<Options>) {
    const { memory, block, cores } = context;
    this.context = context;
    this.data = memory.values('data', block.keys);
    this.reservations = memory.records('reservations', block.keys, { writer: 'word', reader: 'word' });
    this.pending = memory.words('pending', 2 * block.transactions);
    this.lost = memory.words('lost', block.transactions);
    this.losers = memory.words('losers', 2 * cores);
    this.ranks = new RoundDispenser(memory, 'ranks');
    this.barrier = new Barrier(memory, 'phases', cores);
  }

  load(): void {
    const { initial } = this.context.block;
    for (let key = 0; key < initial.length; key++) this.data.poke(key, initial[key]);
  }

  *run(core: Core): Steps<void> {
    yield* new Worker(this, core).run();
  }

  state(key: number): number {
    return this.data.peek(key);
  }
}

/** One core's part, with its own account of where the rounds are (I3). */
class Worker implements View {
  readonly #litm: Litm;
  readonly #core: Core;
  readonly #transactions: number;
  readonly #batch: number;
  readonly #reservesReads: boolean;
  readonly #reads: AccessSet;
  readonly #writes: AccessSet;
  readonly #log = new AttemptLog();

  #round = 0;
  /** Attempts of all rounds before. */
  #base = 0;
  /** Pending transactions of this round, and how many of them were carried over. */
  #size = 0;
  #carried = 0;
  /** The lowest transaction that no round has tried yet. */
  #fresh = 0;

  constructor(litm: Litm, core: Core) {
    const { block, options } = litm.context;
    this.#litm = litm;
    this.#core = core;
    this.#transactions = block.transactions;
    this.#batch = options.batch === 0 ? block.transactions : options.batch;
    this.#reservesReads = options.reserve === 'all';
    this.#reads = new AccessSet(block.maxReads);
    this.#writes = new AccessSet(block.maxWrites);
  }

  *run(): Steps<void> {
    const { barrier, ranks } = this.#litm;
    for (;;) {
      this.#size = Math.min(this.#batch, this.#carried + this.#transactions - this.#fresh);
      if (this.#size === 0) return;
      yield* this.#execute();
      yield* barrier.meet();
      if (this.#core.id === 0) yield* ranks.prepareNext(this.#round);
      yield* this.#decide();
      yield* barrier.meet();
      yield* this.#compact();
      yield* barrier.meet();
      this.#round++;
    }
  }

  // Phase 1 ---------------------------------------------------------------------------------------------

  *#execute(): Steps<void> {
    const { ranks } = this.#litm;
    this.#log.clear();
    for (;;) {
      const rank = yield* ranks.take(this.#round, this.#size);
      if (rank < 0) return;
      yield* this.#attempt(yield* this.#transaction(rank), rank);
    }
  }

  *#transaction(rank: number): Steps<number> {
    if (rank >= this.#carried) return this.#fresh + rank - this.#carried;
    return yield* this.#litm.pending.load(this.#half(this.#round) + rank);
  }

  *#attempt(t: number, rank: number): Steps<void> {
    this.#core.begin(t);
    this.#reads.clear();
    this.#writes.clear();
    const outcome = yield* this.#core.execute(t, this);
    if (outcome === REVERTED) this.#writes.clear();
    yield* this.#reserve(this.#priority(rank));
    this.#log.append(t, rank, this.#reads, this.#writes);
    this.#core.finish(t);
  }

  *#reserve(priority: number): Steps<void> {
    const { writer, reader } = this.#litm.reservations;
    const { keys, size } = this.#writes;
    for (let i = 0; i < size; i++) yield* raise(writer, keys[i], priority);
    if (!this.#reservesReads) return;
    for (let i = 0; i < this.#reads.size; i++) yield* raise(reader, this.#reads.keys[i], priority);
  }

  *read(key: number): Steps<number> {
    const own = this.#writes.find(key);
    if (own >= 0) return this.#writes.values[own];
    const earlier = this.#reads.find(key);
    if (earlier >= 0) return this.#reads.values[earlier];
    const value = yield* this.#litm.data.load(key);
    this.#reads.add(key, value);
    return value;
  }

  *write(key: number, value: number): Steps<void> {
    this.#writes.put(key, value);
  }

  // Phase 2 ---------------------------------------------------------------------------------------------

  *#decide(): Steps<void> {
    const { lost, losers } = this.#litm;
    const share = this.#share();
    for (let i = 0; i < this.#log.size; i++) {
      const rank = this.#log.ranks[i];
      const holds = yield* this.#holds(i, this.#priority(rank));
      yield* lost.store(rank, holds ? 0 : 1);
      if (holds) {
        yield* this.#install(i);
        // Serialized by round and rank; ranks ascend with the index.
        this.#core.commit(this.#log.transactions[i], this.#base + rank);
      } else {
        yield* losers.add(this.#losersFrom(this.#round) + Math.floor(rank / share), 1);
        this.#core.abort('reservation', this.#log.transactions[i]);
      }
    }
  }

  /** Whether no lower transaction of the round reserved against it (I2). */
  *#holds(attempt: number, priority: number): Steps<boolean> {
    const { writer, reader } = this.#litm.reservations;
    const { keys, readsFrom, writesFrom, writesTo } = this.#log;
    for (let i = readsFrom[attempt]; i < writesTo[attempt]; i++) {
      if ((yield* writer.load(keys[i])) > priority) return false;
    }
    if (!this.#reservesReads) return true;
    for (let i = writesFrom[attempt]; i < writesTo[attempt]; i++) {
      if ((yield* reader.load(keys[i])) > priority) return false;
    }
    return true;
  }

  *#install(attempt: number): Steps<void> {
    const { keys, values, writesFrom, writesTo } = this.#log;
    for (let i = writesFrom[attempt]; i < writesTo[attempt]; i++) {
      yield* this.#litm.data.store(keys[i], values[i]);
    }
  }

  // Phase 3 ---------------------------------------------------------------------------------------------

  /** Moves the losers of this core's share of the ranks to where they belong in the next round, and counts on. */
  *#compact(): Steps<void> {
    const { lost, losers, pending } = this.#litm;
    const { id, count } = this.#core;
    const counts = this.#losersFrom(this.#round);
    let before = 0;
    let total = 0;
    for (let share = 0; share < count; share++) {
      if (share === id) before = total;
      total += yield* losers.load(counts + share);
    }
    // The other half's count is from the round before; nobody reads it any more.
    yield* losers.store(this.#losersFrom(this.#round + 1) + id, 0);
    const share = this.#share();
    const end = Math.min(this.#size, (id + 1) * share);
    let place = this.#half(this.#round + 1) + before;
    for (let rank = id * share; rank < end; rank++) {
      if ((yield* lost.load(rank)) === 0) continue;
      yield* pending.store(place++, yield* this.#transaction(rank));
    }
    if (id === 0) this.#core.tally('rounds');
    this.#base += this.#size;
    this.#fresh += this.#size - this.#carried;
    this.#carried = total;
  }

  #priority(rank: number): number {
    return this.#base + this.#size - rank;
  }

  /** How many ranks a core compacts. */
  #share(): number {
    return Math.ceil(this.#size / this.#core.count);
  }

  #half(round: number): number {
    return (round & 1) * this.#transactions;
  }

  #losersFrom(round: number): number {
    return (round & 1) * this.#core.count;
  }
}

/** Raises a reservation to a priority, unless a higher one holds it. */
function* raise(reservation: Words, key: number, priority: number): Steps<void> {
  for (;;) {
    const seen = yield* reservation.load(key);
    if (seen >= priority || (yield* reservation.compareExchange(key, seen, priority)) === seen) return;
  }
}

export default defineAlgorithm({
  name: 'litm',
  summary: 'rounds: all pending execute on one state, reserve by lowest index, and commit where that holds',
  source: 'Xia, Yu, Moses, Shun, Devadas: LiTM. PMAM 2019',
  guarantee: 'serializable',
  witness: 'points',
  opaque: true,
  options: z.strictObject({
    batch: z
      .int()
      .min(0)
      .default(0)
      .describe('the most transactions that a round executes; 0: all that are pending'),
    reserve: z
      .enum(['all', 'writes'])
      .default('all')
      .describe(
        'reserve what is read and written; or only what is written, as the authors do: then a lower reader is no ' +
          'conflict',
      ),
  }),
  aborts: ['reservation'],
  counters: ['rounds'],
  create: (context) => new Litm(context),
});

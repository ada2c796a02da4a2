/**
 * The transactions that wait for nobody any more, each put in once and taken once.
 *
 * Layout      places[i]       the i-th transaction that became ready, + 1; whoever made it ready
 *             put, taken      how many; each on a line of its own
 *             ranks[w]        ready      a bit for each of 32 ranks: it is ready; who puts or takes it
 *                             taken      how many of the 32 have been taken
 *             order[rank]     the transaction of a rank, and
 *             rank[t]         its inverse; filled before the first is put
 *
 * Invariants  R1  A core that takes draws a place first and waits there: so each one put wakes one core at most,
 *                 and it wakes it for certain, as the place changes once. After n draws all is taken.
 *             R2  By rank: a bit is set before its place is filled, and whoever has found a place filled clears
 *                 one bit. So there are at least as many bits as there are cores that search for one.
 */
import type { Core, Memory, Steps, Views, Words } from '../algorithm.ts';

const WORD_BITS = 32;
const RECORDS_OF_A_LINE = 8;

/** First come, first served. */
export class ReadyQueue {
  readonly #places: Words;
  readonly #put: Words;
  readonly #taken: Words;

  constructor(memory: Memory, transactions: number) {
    this.#places = memory.words('places', transactions);
    this.#put = memory.words('put', 1, 'padded');
    this.#taken = memory.words('taken', 1, 'padded');
  }

  *put(t: number): Steps<void> {
    const place = yield* this.#put.add(0, 1);
    yield* this.#places.store(place, t + 1);
    yield* this.#places.wake(place);
  }

  /** Waits for a transaction that is ready; -1 when all have been taken. */
  *take(): Steps<number> {
    const place = yield* this.#taken.add(0, 1);
    if (place >= this.#places.length) return -1;
    for (;;) {
      const entry = yield* this.#places.load(place);
      if (entry !== 0) return entry - 1;
      yield* this.#places.waitWhile(place, 0); // woken by whoever makes the place-th transaction ready
    }
  }

  /** Before the run. */
  poke(t: number): void {
    const place = this.#put.peek(0);
    this.#places.poke(place, t + 1);
    this.#put.poke(0, place + 1);
  }
}

/**
 * Those of low rank first. A set that all cores take the lowest of would be one hot line, so the ranks are dealt
 * out to shards, and a core takes the lower of what its own and another shard have: MultiQueues, after Rihani,
 * Sanders, Dementiev: MultiQueues: Simple Relaxed Concurrent Priority Queues. SPAA 2015.
 */
export class ReadyByRank {
  readonly order: Words;
  readonly rank: Words;
  readonly shards: number;
  /** Words of a shard, a whole number of lines. */
  readonly #perShard: number;
  readonly #queue: ReadyQueue;
  readonly #words: Views<{ ready: 'word'; taken: 'word' }>;

  constructor(memory: Memory, transactions: number, shards: number) {
    this.shards = shards;
    this.order = memory.words('order', transactions);
    this.rank = memory.words('rank', transactions);
    this.#queue = new ReadyQueue(memory, transactions);
    const words = Math.ceil(transactions / (WORD_BITS * shards));
    this.#perShard = Math.ceil(words / RECORDS_OF_A_LINE) * RECORDS_OF_A_LINE;
    this.#words = memory.records('ranks', this.#perShard * shards, { ready: 'word', taken: 'word' });
  }

  *put(t: number): Steps<void> {
    const rank = yield* this.rank.load(t);
    yield* this.#words.ready.add(this.#word(rank), this.#bit(rank)); // before its place is filled: R2
    yield* this.#queue.put(t);
  }

  /** As ReadyQueue.take. */
  *take(search: RankSearch): Steps<number> {
    if ((yield* this.#queue.take()) < 0) return -1;
    for (;;) {
      const rank = yield* this.#lowOne(search);
      if (rank >= 0 && (yield* this.#claim(rank))) return yield* this.order.load(rank);
    }
  }

  /** The lower of two shards' lowest ready ranks; of any shard's, if these have none; or -1. */
  *#lowOne(search: RankSearch): Steps<number> {
    const own = search.core.id % this.shards;
    const lowest = yield* this.#lowestOf(own, search);
    if (this.shards === 1) return lowest;
    const other = (own + 1 + search.core.random(this.shards - 1)) % this.shards;
    const othersLowest = yield* this.#lowestOf(other, search);
    if (lowest >= 0 && othersLowest >= 0) return Math.min(lowest, othersLowest);
    let rank = Math.max(lowest, othersLowest);
    for (let i = 1; rank < 0 && i < this.shards; i++) {
      rank = yield* this.#lowestOf((own + i) % this.shards, search);
    }
    return rank;
  }

  *#lowestOf(shard: number, { passed }: RankSearch): Steps<number> {
    const { ready, taken } = this.#words;
    const first = shard * this.#perShard;
    while (passed[shard] < this.#perShard - 1 && (yield* taken.load(first + passed[shard])) === WORD_BITS) {
      passed[shard]++;
    }
    for (let word = passed[shard]; word < this.#perShard; word++) {
      const bits = yield* ready.load(first + word);
      if (bits === 0) continue;
      const bit = WORD_BITS - 1 - Math.clz32(bits & -bits);
      return (word * WORD_BITS + bit) * this.shards + shard;
    }
    return -1;
  }

  /** Takes a rank that was ready. False if somebody else has. */
  *#claim(rank: number): Steps<boolean> {
    const { ready, taken } = this.#words;
    const word = this.#word(rank);
    const bit = this.#bit(rank);
    for (;;) {
      const bits = yield* ready.load(word);
      if ((bits & bit) === 0) return false;
      if ((yield* ready.compareExchange(word, bits, bits & ~bit)) !== bits) continue;
      yield* taken.add(word, 1);
      return true;
    }
  }

  /** Ranks are dealt out in turn: a shard's i-th is i * shards + shard. */
  #word(rank: number): number {
    return (rank % this.shards) * this.#perShard + Math.floor(rank / this.shards / WORD_BITS);
  }

  #bit(rank: number): number {
    return 1 << (Math.floor(rank / this.shards) % WORD_BITS);
  }

  /** Before the run. */
  poke(t: number): void {
    const rank = this.rank.peek(t);
    const { ready } = this.#words;
    ready.poke(this.#word(rank), ready.peek(this.#word(rank)) | this.#bit(rank));
    this.#queue.poke(t);
  }
}

/** One core's search. Private to it. */
export interface RankSearch {
  readonly core: Core;
  /** By shard: how many of its first words are used up. */
  readonly passed: Int32Array;
}

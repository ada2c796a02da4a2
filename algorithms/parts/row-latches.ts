/**
 * Latches: short mutual exclusion over rows, a word a row, taken in the order in which cores come. Whoever waits
 * does so on a line of its own and is handed the latch, so that a hot one costs some transfers a
 * hand-over however many wait.
 *
 * Source      Mellor-Crummey, Scott: Algorithms for Scalable Synchronization on Shared-Memory Multiprocessors.
 *             ACM TOCS 9(1), 1991, section 2.4: the list-based queueing lock (MCS).
 * Layout      tails[row]   the last node in the row's queue, + 1; 0: free. Whoever comes or leaves
 *             nodes[n]     next   the node behind it, + 1; whoever queues there
 *                          held   1 while its owner has to wait; the owner, then the one before it
 *                          A core owns as many nodes as it may hold latches at a time: a node waits in one queue.
 */
import type { Memory, Steps, Views, Words } from '../algorithm.ts';

export class RowLatches {
  readonly #tails: Words;
  readonly #nodes: Views<{ next: 'word'; held: 'word' }>;
  readonly #nodesPerCore: number;

  /** @param nodesPerCore how many latches a core may hold at a time */
  constructor(memory: Memory, name: string, tails: Words, cores: number, nodesPerCore: number) {
    this.#tails = tails;
    this.#nodesPerCore = nodesPerCore;
    const node = { next: 'word', held: 'word' } as const;
    this.#nodes = memory.records(name, cores * nodesPerCore, node, 'padded');
  }

  /**
   * Waits until the core has the row's latch.
   * @param slot which of the core's nodes to use, from 0; the same to `release`
   */
  *acquire(row: number, core: number, slot: number): Steps<void> {
    const { next, held } = this.#nodes;
    const node = core * this.#nodesPerCore + slot;
    yield* next.store(node, 0);
    yield* held.store(node, 1); // before the node can be found
    const before = (yield* this.#tails.exchange(row, node + 1)) - 1;
    if (before < 0) return;
    yield* next.store(before, node + 1);
    yield* next.wake(before);
    yield* held.waitWhile(node, 1); // woken by the one before, when it releases
  }

  *release(row: number, core: number, slot: number): Steps<void> {
    const { next, held } = this.#nodes;
    const node = core * this.#nodesPerCore + slot;
    if ((yield* next.load(node)) === 0) {
      if ((yield* this.#tails.compareExchange(row, node + 1, 0)) === node + 1) return;
      yield* next.waitWhile(node, 0); // somebody has come and is about to say so, and wakes
    }
    const behind = (yield* next.load(node)) - 1;
    yield* held.store(behind, 0);
    yield* held.wake(behind);
  }
}

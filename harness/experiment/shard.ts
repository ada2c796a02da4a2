/** A part of an experiment for one of several machines. All that deal the same grid deal it alike. */
import { integer } from './configuration.ts';
import { costOf } from './cost.ts';
import { configurationId } from './identity.ts';
import { blockIdentity } from './trials/block.ts';
import { UserError } from './user-error.ts';
import type { Work } from './work.ts';

export interface Shard {
  /** From 1. */
  readonly index: number;
  readonly count: number;
}

/** "2/8" */
export function shardFrom(text: string): Shard {
  const [, index, count] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  if (index === undefined) {
    throw new UserError(`--shard takes which of how many, as 2/8, not ${text}`);
  }
  const shard = { index: Number(index), count: Number(count) };
  integer('the number of shards', shard.count, 1, 10_000);
  integer('the shard', shard.index, 1, shard.count, `, of ${count}`);
  return shard;
}

/**
 * The work of one shard. The heaviest is dealt first, each to whoever has least so far. What costs the same comes
 * in the order of its hash, so that no shard gets all the trials of one algorithm. The configurations of one
 * block on real threads stay together: they share a baseline, and are compared on one host.
 */
export function dealt(work: readonly Work[], { index, count }: Shard): Work[] {
  const pieces = [...Map.groupBy(work, pieceOf)].map(([id, parts]) => ({
    id,
    parts,
    cost: parts.reduce((sum, part) => sum + costOf(part), 0),
  }));
  pieces.sort((a, b) => b.cost - a.cost || (a.id < b.id ? -1 : 1));
  const loads = Array<number>(count).fill(0);
  const mine = new Set<Work>();
  for (const { parts, cost } of pieces) {
    const least = loads.indexOf(Math.min(...loads));
    loads[least] += cost;
    if (least === index - 1) for (const part of parts) mine.add(part);
  }
  return work.filter((part) => mine.has(part));
}

function pieceOf({ configuration }: Work): string {
  return configuration.model === undefined ? blockIdentity(configuration) : configurationId(configuration);
}

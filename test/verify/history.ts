/**
 * A notation for histories in a line, after Adya and Berenson et al.:
 *
 *     r1x0        transaction 1 reads version 0 of key x
 *     w1x2/0      transaction 1 writes version 2 of x, over version 0
 *     c1          transaction 1 commits; may be left out
 *     a1          transaction 1 reverts, and reports no writes
 *
 * Keys are u to z. The value of a version is its number, so the values tell the versions apart. Transactions
 * that the line skips, transaction 0 among them, do nothing; thus numbers are the same in a verdict.
 */
import { DIGEST_SEED, mix } from '../../harness/machine/digest.ts';
import type { Run } from '../../harness/machine/run.ts';
import { type Block, COMMITTED, REVERTED } from '../../workloads/workload.ts';
import { blockOf, type Op, runOf } from './scripts.ts';

export const KEYS = 'xyzuvw';

export type Action =
  | { readonly kind: 'read'; readonly by: number; readonly key: number; readonly version: number }
  | {
      readonly kind: 'write';
      readonly by: number;
      readonly key: number;
      readonly version: number;
      readonly over: number;
    }
  | { readonly kind: 'commit' | 'revert'; readonly by: number };

export interface History {
  readonly block: Block;
  readonly run: Run;
}

/** Parses a line. */
function parse(line: string): Action[] {
  return line
    .trim()
    .split(/\s+/)
    .map((word) => {
      const parts = /^(?:([ca])(\d+)|r(\d+)([u-z])(-?\d+)|w(\d+)([u-z])(-?\d+)\/(-?\d+))$/.exec(word);
      if (parts === null) throw new Error(`not an action of a history: ${word}`);
      const [, end, ender, reader, readKey, readVersion, writer, writeKey, writeVersion, over] = parts;
      if (end) return { kind: end === 'c' ? 'commit' : 'revert', by: Number(ender) };
      if (reader) {
        return { kind: 'read', by: Number(reader), key: KEYS.indexOf(readKey), version: Number(readVersion) };
      }
      const [key, version] = [KEYS.indexOf(writeKey), Number(writeVersion)];
      return { kind: 'write', by: Number(writer), key, version, over: Number(over) };
    });
}

/** The block that has these transactions, and the run that this history is, with a witness by versions. */
export function historyOf(actions: readonly Action[], least = 0): History {
  const transactions = Math.max(least, ...actions.map(({ by }) => by + 1));
  const keys = KEYS.length;
  const scripts: Op[][] = Array.from({ length: transactions }, () => []);
  const outcomes = new Int32Array(transactions).fill(COMMITTED);
  const digests = new Int32Array(transactions).fill(DIGEST_SEED);
  const reads: number[][] = Array.from({ length: transactions }, () => []);
  const writes: number[][] = Array.from({ length: transactions }, () => []);
  for (const action of actions) {
    const { by } = action;
    if (action.kind === 'read') {
      scripts[by].push(['read', action.key]);
      reads[by].push(action.key, action.version);
      digests[by] = mix(digests[by], action.version);
    } else if (action.kind === 'write') {
      scripts[by].push(['write', action.key, action.version]);
      writes[by].push(action.key, action.version, action.over);
    } else if (action.kind === 'revert') {
      scripts[by].push(['revert']);
      outcomes[by] = REVERTED;
    }
  }
  const state = new Float64Array(keys);
  for (const action of actions) {
    if (action.kind === 'write' && outcomes[action.by] === COMMITTED) state[action.key] = action.version;
  }
  const versions = reads.map((read, t) => {
    const written = outcomes[t] === COMMITTED ? writes[t] : [];
    return [t, read.length / 2, written.length / 3, ...read, ...written];
  });
  return {
    block: blockOf(scripts, keys),
    run: runOf({ witness: 'versions', outcomes, digests, state, versions }),
  };
}

/** The history that a line notes. */
export function history(line: string): History {
  return historyOf(parse(line));
}

/** Named fixed cases: the blocks that random ones rarely are. */
import { streamSeed } from '../../../workloads/random.ts';
import { loadWorkload } from '../../machine/load.ts';
import { type Case, configurationOf } from '../cases.ts';
import { WALK_STEPS } from '../explore.ts';
import { isControl, judgeConfiguration, MODEL, randomWalk } from '../judge.ts';
import type { Check, Report } from '../result.ts';

const ONLY_READS = { reads: 1, reverts: 0 };
const ONLY_WRITES = { reads: 0, blind: 1, reverts: 0 };
const WRITES_AGAIN = { reads: 0, blind: 0.5, again: 1, reverts: 0 };

/** A block of `mixed` each; eight transactions on four keys and four cores unless said otherwise. */
const EDGES: readonly (Partial<Case> & { readonly what: string })[] = [
  { what: 'an empty block', transactions: 0 },
  { what: 'an empty block on one core', transactions: 0, cores: 1 },
  { what: 'one transaction', transactions: 1 },
  { what: 'one transaction on one core', transactions: 1, cores: 1 },
  { what: 'one core', transactions: 20, cores: 1 },
  { what: 'more cores than transactions', transactions: 3, cores: 8 },
  { what: 'all on one key', transactions: 20, parameters: { keys: 1 } },
  { what: 'one operation each, all on one key', transactions: 20, parameters: { keys: 1, operations: 1 } },
  { what: 'only reads', parameters: ONLY_READS },
  { what: 'only reads, of one key', parameters: { ...ONLY_READS, keys: 1 } },
  { what: 'only blind writes', parameters: ONLY_WRITES },
  { what: 'only blind writes, to one key', parameters: { ...ONLY_WRITES, keys: 1 } },
  { what: 'all revert', parameters: { reverts: 1, decided: 0 } },
  { what: 'all revert or not by what they read', parameters: { reverts: 1, decided: 1 } },
  { what: 'each key written several times', parameters: { ...WRITES_AGAIN, operations: 10 } },
  { what: 'own writes read', parameters: { reads: 0.5, blind: 1, again: 0.9, operations: 10 } },
  { what: 'long transactions on few keys', parameters: { operations: 64, keys: 3 }, transactions: 6 },
  { what: 'short transactions on many keys', parameters: { operations: 2, keys: 500 }, transactions: 40 },
];
/** Walks of each, besides virtual time, and how many random schedules ask for one more. */
const [WALKS, RUNS_A_WALK] = [3, 33];

export const edges: Check = {
  name: 'edges',
  law: 'blocks at the edges go as promised: empty ones, all on one key, all reverting and the like',

  async run(variant, { runs: most, seed }, tick): Promise<Report> {
    const workload = await loadWorkload('mixed');
    const walks = Math.min(WALKS, Math.ceil(most / RUNS_A_WALK));
    const control = isControl(variant);
    let runs = 0;
    for (const { what, ...edge } of EDGES) {
      const parameters = workload.declaration.parameters.parse({ keys: 4, ...edge.parameters });
      const drawn = { transactions: 8, cores: 4, seed, ...edge, workload, parameters };
      const configuration = configurationOf(drawn, variant, MODEL);
      for (let walk = 0; walk <= walks; walk++) {
        tick(++runs);
        const schedule = walk === 0 ? undefined : randomWalk(streamSeed(seed, walk));
        const conditions = { stepLimit: WALK_STEPS, ...(schedule && { schedule }) };
        const { finding } = judgeConfiguration(configuration, conditions);
        if (finding === undefined || (control && finding.kind === 'invalid')) continue;
        const explanation = `In the case "${what}": ${finding.explanation}`;
        const origin =
          schedule === undefined
            ? ({ kind: 'virtual-time' } as const)
            : ({ kind: 'choices', choices: schedule.choices } as const);
        return { runs, finding: { ...finding, explanation }, configuration, origin };
      }
    }
    return { runs };
  },
};

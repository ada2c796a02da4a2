/** Whether attempts see consistent states only, where that is declared; and where not, what comes of it. */
import fc from 'fast-check';
import type { Workload } from '../../../workloads/workload.ts';
import type { Loaded } from '../../machine/job.ts';
import { explore } from '../explore.ts';
import { type Finding, isControl } from '../judge.ts';
import type { Check, Report } from '../result.ts';
import { type Sightings, zombies } from '../zombies.ts';

/** A share of the random schedules, since all blocks are of one kind. */
const SHARE = 1 / 4;
const REFERENCE = new URL('../zombies.ts', import.meta.url).href;

export const opacity: Check = {
  name: 'opacity',
  law: 'an opaque algorithm shows no attempt an inconsistent state; others keep what came of one out of the result',

  async run(variant, { runs: most, seed }, tick): Promise<Report> {
    const seen: Sightings = { traps: 0, rounds: 0 };
    const { opaque = false } = variant.algorithm.declaration;
    const control = isControl(variant);
    const { runs, failure } = explore(variant, {
      cases: blocks({ reference: REFERENCE, declaration: zombies(seen) as unknown as Workload }),
      runs: Math.ceil(most * SHARE),
      seed: seed + 3,
      also: () => sighting(seen, opaque),
      fails: ({ kind }) => !(control && kind === 'invalid'),
      shrink: true,
      tick,
    });
    if (failure === undefined) return { runs };
    const { finding, configuration, choices } = failure;
    return { runs, finding, configuration, origin: { kind: 'choices', choices } };
  },
};

function blocks(workload: Loaded<Workload>) {
  return fc
    .record({
      pairs: fc.integer({ min: 1, max: 3 }),
      transactions: fc.integer({ min: 0, max: 24 }),
      cores: fc.integer({ min: 2, max: 8 }),
      seed: fc.nat(1_000_000),
    })
    .map(({ pairs, ...drawn }) => ({ ...drawn, workload, parameters: { pairs } }));
}

/** What the run that has just ended saw, which is forgotten. */
function sighting(seen: Sightings, opaque: boolean): Finding | undefined {
  const { traps, rounds } = seen;
  seen.traps = 0;
  seen.rounds = 0;
  if (!opaque || traps + rounds === 0) return undefined;
  const explanation =
    'The declaration says opaque, but some attempt read two keys whose sum is the same in every serial order, and ' +
    `found another sum: ${traps} times it trapped, and ${rounds} rounds went into loops that should not have begun. ` +
    'That it may have been aborted later does not help: a contract can do anything in such a state.';
  return { kind: 'law', name: 'inconsistent state', explanation };
}

/** Random cases over all workloads, each under a random walk: the check that finds most faults. */
import { randomCases } from '../cases.ts';
import { explore } from '../explore.ts';
import { isControl } from '../judge.ts';
import type { Check } from '../result.ts';

export const anySchedule: Check = {
  name: 'any schedule',
  law: 'however the steps of the cores interleave, a run is what was promised',

  async run(variant, { runs: numRuns, seed }, tick) {
    const control = isControl(variant);
    const { runs, tolerated, failure } = explore(variant, {
      cases: await randomCases(2),
      runs: numRuns,
      seed,
      fails: ({ kind }) => !(control && kind === 'invalid'),
      shrink: true,
      tick,
    });
    if (failure !== undefined) {
      const { finding, configuration, choices } = failure;
      return { runs, finding, configuration, origin: { kind: 'choices', choices } };
    }
    if (!control) return { runs };
    if (tolerated.size > 0) return { runs, anomalies: tolerated };
    const explanation =
      'It promises less than serializability, but verification rejected none of its runs: either it keeps more ' +
      'than it promises, or these cases do not show what it lacks.';
    return { runs, finding: { kind: 'law', name: 'never rejected', explanation } };
  },
};

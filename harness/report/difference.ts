/** Whether one algorithm is faster than another, in a sentence. */
import { type Difference, difference, pairedDifference } from '../experiment/difference.ts';
import type { Trial } from '../experiment/trial.ts';
import { percent, times } from './units.ts';
import { isControl, labelOf, machineOf } from './words.ts';

/** A line a machine on which the trials of exactly two algorithms are there; controls are no competitors. */
export function differenceLines(trials: readonly Trial[]): string[] {
  const valid = trials.filter(
    ({ guarantee, verdict }) => verdict.verdict === 'valid' && !isControl(guarantee),
  );
  const places = Map.groupBy(valid, ({ configuration }) => machineOf(configuration));
  return [...places].flatMap(([place, group]) => {
    const sides = [...Map.groupBy(group, ({ configuration }) => labelOf(configuration))];
    if (sides.length !== 2) return [];
    const told = compared(sides[0][1], sides[1][1]);
    return told === undefined
      ? []
      : [`${place.split(':')[0]}: ${differenceLine(sides[0][0], sides[1][0], told)}`];
  });
}

/** Simulated trials are paired by their blocks; those of real threads are repetitions of one. */
function compared(one: readonly Trial[], other: readonly Trial[]): Difference | undefined {
  const throughput = ({ metrics }: Trial): number => metrics.throughput_tps;
  if (one[0].configuration.model === undefined) {
    if (one.length < 2 || other.length < 2) return undefined;
    return difference(one.map(throughput), other.map(throughput));
  }
  const bySeed = new Map(other.map((trial) => [trial.configuration.seed, throughput(trial)]));
  const pairs = one.flatMap((trial) => {
    const partner = bySeed.get(trial.configuration.seed);
    return partner === undefined ? [] : [[throughput(trial), partner] as const];
  });
  if (pairs.length < 2) return undefined;
  return pairedDifference(
    pairs.map(([a]) => a),
    pairs.map(([, b]) => b),
  );
}

/** "alpha is 1.34× as fast as beta (95 % interval 1.20× to 1.41×; …), p = 0.002: the difference is real" */
function differenceLine(one: string, other: string, told: Difference): string {
  const { interval, n, paired, ratio, superiority } = told;
  const [a, b] = n;
  const of = paired ? `${a} blocks` : `${a} and ${b} trials`;
  return (
    `${one} is ${times(ratio)} as fast as ${other} (95 % interval ${times(interval.low)} to ${times(interval.high)}; ` +
    `faster in ${percent(superiority)} % of ${of}), ${probability(told.p)}: ${conclusion(told)}`
  );
}

function probability(p: number): string {
  return p <= 0.0001 ? 'p < 0.001' : `p = ${p.toPrecision(2)}`;
}

function conclusion({ isReal, paired, tooFew }: Difference): string {
  if (tooFew) return `too few to tell; take more ${paired ? '--seeds' : '--repetitions'}`;
  return isReal ? 'the difference is real' : 'chance could do that, so no difference is shown';
}

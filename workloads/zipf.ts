/**
 * Zipfian ranks: rank i of n is drawn with a probability proportional to 1 / (i + 1)^theta.
 *
 * Source      Gray, Sundaresan, Englert, Baclawski, Weinberger: Quickly Generating Billion-Record Synthetic
 *             Databases. SIGMOD 1994; the generator of YCSB, DBx1000 and CCBench.
 *
 * The two lowest ranks come out with exactly their probability; above them the sum is approximated by an
 * integral, whose exponent is 1 / (1 - theta). That is why theta ends below 1.
 *
 * Ranks start at 0 and are keys as they are, as in CCBench: key 0 is the hottest, and hot keys are neighbours.
 * (DBx1000 starts at 1 and never touches key 0; YCSB itself scatters the ranks by a hash.)
 */
import { type Random, z } from './workload.ts';

const THETA_RANGE =
  'theta must be at least 0 (uniform) and below 1: the method of Gray et al. divides by 1 - theta';

/** The parameter of every workload that draws keys by rank. */
export const thetaParameter: z.ZodDefault<z.ZodNumber> = z
  .number()
  .min(0, THETA_RANGE)
  .lt(1, THETA_RANGE)
  .default(0)
  .describe('skew of the Zipf distribution that keys are drawn from: 0 is uniform, 0.9 is very hot');

/** Draws ranks of [0, n) from a stream. */
export type RankSource = (random: Random) => number;

export function zipf(n: number, theta: number): RankSource {
  if (!(theta >= 0 && theta < 1)) throw new RangeError(`${THETA_RANGE}, not ${theta}`);
  if (theta === 0) return (random) => random.integer(n);
  const zetan = zeta(n, theta);
  const zeta2 = 1 + 0.5 ** theta;
  const alpha = 1 / (1 - theta);
  // With two ranks this is 0 / 0, but then uz stays below zeta2 and nothing is left for the integral.
  const eta = (1 - (2 / n) ** (1 - theta)) / (1 - zeta2 / zetan);
  return (random) => {
    const u = random.unit();
    const uz = u * zetan;
    if (uz < 1) return 0;
    if (uz < zeta2) return 1;
    // Rounding may bring the base to 1, which would be rank n.
    return Math.min(n - 1, Math.floor(n * (eta * u - eta + 1) ** alpha));
  };
}

const zetas = new Map<string, number>();

/** The sum of 1 / i^theta for i = 1 … n, remembered: for a million keys it takes as many powers. */
export function zeta(n: number, theta: number): number {
  const name = `${n} ${theta}`;
  let sum = zetas.get(name);
  if (sum === undefined) {
    sum = 0;
    // From the smallest term up, so that rounding does not swallow the tail.
    for (let i = n; i >= 1; i--) sum += i ** -theta;
    zetas.set(name, sum);
  }
  return sum;
}

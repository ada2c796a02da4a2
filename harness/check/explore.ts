/** Random cases under random schedules until one fails, and then a smaller one that fails, too. */
import fc from 'fast-check';
import { streamSeed } from '../../workloads/random.ts';
import type { Configuration } from '../experiment/configuration.ts';
import { type Case, configurationOf, jobOf, type Variant } from './cases.ts';
import { type Finding, judge, MODEL, randomWalk } from './judge.ts';

export interface Exploration {
  /** Runs until the first that failed, or all. */
  readonly runs: number;
  /** How often runs had findings that did not count as failures, by name. */
  readonly tolerated: ReadonlyMap<string, number>;
  /** The smallest failure that was found, and the first one's finding. */
  readonly failure: Failed | undefined;
  readonly first: Finding | undefined;
}

export interface Failed {
  readonly finding: Finding;
  readonly configuration: Configuration;
  readonly choices: readonly number[];
}

export interface Exploring {
  readonly cases: fc.Arbitrary<Case>;
  readonly runs: number;
  readonly seed: number;
  /** Which of the seed's cases is the first to run; they are counted from 0, which it is unless said otherwise. */
  readonly from?: number;
  /** Whoever takes more steps is taken for a loop without end; WALK_STEPS unless said otherwise. */
  readonly stepLimit?: number;
  /** What else is wrong with the run that has just been judged. */
  readonly also?: () => Finding | undefined;
  /** Whether a finding is a failure. */
  readonly fails: (finding: Finding) => boolean;
  /** Whether to look for a smaller failure. */
  readonly shrink: boolean;
  readonly tick?: (runs: number) => void;
}

/** More steps than this in so small a block are taken for a loop without end. */
export const WALK_STEPS = 3_000_000;
/**
 * A smaller block needs another interleaving to fail, so that several are tried of each; in all at most so many
 * runs, and fewer where a run fails only after millions of steps.
 */
const [WALKS, SHRINKING_RUNS, SHRINKING_STEPS] = [20, 4000, 20_000_000];
/** The stream of a case's seed that decides its first walk. */
const WALK_STREAM = 2 ** 21;

export function explore(variant: Variant, exploring: Exploring): Exploration {
  return new Explorer(variant, exploring).explore();
}

class Explorer {
  readonly #variant: Variant;
  readonly #exploring: Exploring;
  readonly #tolerated = new Map<string, number>();
  #runs = 0;
  #first: Finding | undefined;
  #failure: Failed | undefined;
  #shrinkingRuns = SHRINKING_RUNS;
  #shrinkingSteps = SHRINKING_STEPS;

  constructor(variant: Variant, exploring: Exploring) {
    this.#variant = variant;
    this.#exploring = exploring;
  }

  explore(): Exploration {
    const { cases, runs, seed, from = 0, shrink } = this.#exploring;
    const property = fc.property(cases, (drawn) => this.#holds(drawn));
    const details = fc.check(property, { numRuns: runs, seed, path: `${from}`, endOnFailure: !shrink });
    // What the property itself threw is a fault of a workload's or of ours.
    if (details.failed && this.#failure === undefined) throw details.errorInstance;
    return { runs: this.#runs, tolerated: this.#tolerated, failure: this.#failure, first: this.#first };
  }

  #holds(drawn: Case): boolean {
    if (this.#first !== undefined) return this.#holdsSmaller(drawn);
    this.#runs++;
    this.#exploring.tick?.(this.#runs);
    const configuration = configurationOf(drawn, this.#variant, MODEL);
    const { finding } = this.#walk(configuration, 0);
    if (finding === undefined) return true;
    if (this.#exploring.fails(finding)) {
      this.#first = finding;
      return false;
    }
    this.#tolerated.set(finding.name, (this.#tolerated.get(finding.name) ?? 0) + 1);
    return true;
  }

  #holdsSmaller(drawn: Case): boolean {
    const configuration = configurationOf(drawn, this.#variant, MODEL);
    for (let attempt = 0; attempt < WALKS; attempt++) {
      if (this.#shrinkingRuns-- <= 0 || this.#shrinkingSteps <= 0) return true;
      const { finding, steps } = this.#walk(configuration, attempt);
      this.#shrinkingSteps -= steps;
      if (finding !== undefined && this.#exploring.fails(finding)) return false;
    }
    return true;
  }

  /** One run; a failure is kept, with its choices. */
  #walk(configuration: Configuration, attempt: number): { finding: Finding | undefined; steps: number } {
    const schedule = randomWalk(streamSeed(configuration.seed, WALK_STREAM + attempt));
    const { stepLimit = WALK_STEPS } = this.#exploring;
    const { finding: judged } = judge(jobOf(configuration), { schedule, stepLimit });
    const more = this.#exploring.also?.();
    const finding = more ?? judged;
    if (finding !== undefined && this.#exploring.fails(finding)) {
      this.#failure = { finding, configuration, choices: schedule.choices };
    }
    return { finding, steps: schedule.choices.length };
  }
}

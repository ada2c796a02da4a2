/** Runs configurations and verifies every run: the only place where trials come from. */
import type { Configuration } from './configuration.ts';
import type { Trial } from './trial.ts';
import { blockIdentity } from './trials/block.ts';
import { failedTrial } from './trials/judge.ts';
import { type PreparedBlock, prepareBlock, simulatedTrial } from './trials/simulated.ts';
import { type ThreadTrialOptions, threadTrials } from './trials/threads.ts';
import type { Work } from './work.ts';

/** Yields each trial as it ends, the failed ones too: the simulated first, then those on real threads. */
export async function* measure(
  work: readonly Work[],
  options: ThreadTrialOptions = {},
): AsyncGenerator<Trial> {
  const isSimulated = ({ configuration }: Work): boolean => configuration.model !== undefined;
  for (const group of sameBlock(work.filter(isSimulated))) {
    yield* simulated(
      group.map(({ configuration }) => configuration),
      options,
    );
  }
  for (const group of sameBlock(work.filter((part) => !isSimulated(part))))
    yield* threadTrials(group, options);
}

/** Groups what executes the same block on the same machine, so that it shares a baseline. */
function sameBlock(work: readonly Work[]): Work[][] {
  return [...Map.groupBy(work, ({ configuration }) => blockIdentity(configuration)).values()];
}

function* simulated(group: readonly Configuration[], options: ThreadTrialOptions): Generator<Trial> {
  let block: PreparedBlock | undefined;
  for (const configuration of group) {
    try {
      block ??= prepareBlock(configuration);
      yield simulatedTrial(configuration, block, options);
    } catch (error) {
      yield failedTrial(configuration, 1, error);
    }
  }
}

/** Runs configurations and verifies every run: the only place where trials come from. */
import type { Configuration } from './configuration.ts';
import type { Trial } from './trial.ts';
import { blockIdentity } from './trials/block.ts';
import { failedTrial } from './trials/judge.ts';
import { parallelTrials } from './trials/parallel.ts';
import { type PreparedBlock, prepareBlock, simulatedTrial } from './trials/simulated.ts';
import { threadTrials } from './trials/threads.ts';
import { shuffledBlocks } from './trials/turns.ts';
import type { Until } from './until.ts';
import type { Work } from './work.ts';

/** A trial of the simulated machine may take minutes; one that takes longer than this hangs. */
const TIMEOUT_MS = 1_800_000;

export interface MeasureOptions {
  /** How many simulated trials run at once, each in a worker; 0 for one after another in this thread. */
  readonly workers?: number | undefined;
  /** Of a simulated trial in a worker. */
  readonly timeout_ms?: number | undefined;
  /** Further repetitions on real threads, while they are needed. */
  readonly until?: Until | undefined;
  /** Keep what each core did when. Not in workers. */
  readonly trace?: boolean | undefined;
  /** Ends the trials under way; what has ended by then is still yielded. */
  readonly signal?: AbortSignal | undefined;
  /** Told what is being done, when that takes a while. */
  readonly onProgress?: ((message: string) => void) | undefined;
}

/** Yields each trial as it ends, the failed ones too: the simulated first, then those on real threads. */
export async function* measure(work: readonly Work[], options: MeasureOptions = {}): AsyncGenerator<Trial> {
  const { signal, workers = 0, timeout_ms = TIMEOUT_MS } = options;
  const isSimulated = ({ configuration }: Work): boolean => configuration.model !== undefined;
  // Block after block, so that the trials of one follow each other and share its baseline.
  const simulated = sameBlock(work.filter(isSimulated))
    .flat()
    .map(({ configuration }) => configuration);
  if (workers === 0) yield* inThisThread(simulated, options);
  else yield* parallelTrials(simulated, { workers, timeout_ms, signal });
  for (const group of shuffledBlocks(sameBlock(work.filter((part) => !isSimulated(part))))) {
    if (signal?.aborted) return;
    yield* threadTrials(group, options);
  }
}

/** Groups what executes the same block on the same machine, so that it shares a baseline. */
function sameBlock(work: readonly Work[]): Work[][] {
  return [...Map.groupBy(work, ({ configuration }) => blockIdentity(configuration)).values()];
}

function* inThisThread(
  configurations: readonly Configuration[],
  { trace }: MeasureOptions,
): Generator<Trial> {
  let prepared: { readonly identity: string; readonly block: PreparedBlock } | undefined;
  for (const configuration of configurations) {
    const identity = blockIdentity(configuration);
    try {
      if (prepared?.identity !== identity) prepared = { identity, block: prepareBlock(configuration) };
      yield simulatedTrial(configuration, prepared.block, { trace });
    } catch (error) {
      yield failedTrial(configuration, 1, error);
    }
  }
}

/** In which order trials on real threads take their turns, so that whatever else the host does hits all alike. */
import { shuffle } from 'simple-statistics';
import { seededRandom, streamSeed } from '../../../workloads/random.ts';
import type { Work } from '../work.ts';
import { BLOCK_STREAM } from './block.ts';

const TURN_STREAM = BLOCK_STREAM + 1;
/** So many configurations at most have their workers ready at once, and so many workers, of 25 MB each. */
const MOST_AT_ONCE = 16;
const MOST_WORKERS = 256;

/** The blocks in a random order: the same each time. */
export function shuffledBlocks(blocks: readonly Work[][]): Work[][] {
  return shuffled(blocks, blocks[0]?.[0]);
}

/** A block's configurations in a random order, the same each time, in parts of those that take turns. */
export function partsOf(block: readonly Work[]): Work[][] {
  const mixed = shuffled(block, block[0]);
  const cores = Math.max(...block.map(({ configuration }) => configuration.cores));
  const most = Math.min(MOST_AT_ONCE, Math.max(1, Math.floor(MOST_WORKERS / cores)));
  const parts = Math.ceil(mixed.length / most);
  const size = Math.ceil(mixed.length / parts);
  return Array.from({ length: parts }, (_, at) => mixed.slice(at * size, (at + 1) * size));
}

/** Each configuration's index as often as it is to be repeated, in a random order: the same each time. */
export function turnsOf(work: readonly Work[]): number[] {
  return shuffled(
    work.flatMap(({ repetitions }, at) => repetitions.map(() => at)),
    work[0],
  );
}

function shuffled<T>(items: readonly T[], first: Work | undefined): T[] {
  const random = seededRandom(streamSeed(first?.configuration.seed ?? 0, TURN_STREAM));
  return shuffle([...items], () => random.unit());
}

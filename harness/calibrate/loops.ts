/**
 * Loops that spend their time on one figure of a machine, each written once for both machines. A run times
 * samples of its loop on the core's own clock, so that neither the start nor the end of the run counts, and
 * leaves them as its state: key s < SAMPLES holds how long sample s took, the last key what was computed,
 * which has to be the same on every machine.
 *
 * Layout      ring       the loop's words: one core reads it, or all write its first line
 *             elapsed    core 0
 *             result     core 0
 */
import {
  type Context,
  type Core,
  defineAlgorithm,
  type Instance,
  type Steps,
  type Values,
  type Words,
  z,
} from '../../algorithms/algorithm.ts';
import { seededRandom } from '../../workloads/random.ts';

export const SAMPLES = 100;
/** Loops before the first sample: caches and clocks settle. */
const UNTIMED = 2;

/** In units of work, of about a nanosecond. */
const LONGER_THAN_SPINNING = 20_000;

const options = z.strictObject({
  loop: z
    .enum(['work', 'chase', 'atomic', 'pause', 'wake', 'spin', 'handover', 'sleep'])
    .describe('what a round does'),
  rounds: z.int().min(1).describe('rounds a sample'),
  places: z.int().min(1).default(1).describe('places of the ring'),
  stride: z.int().min(1).default(1).describe('words from one place to the next; 16 are a line'),
});

type Options = z.output<typeof options>;

class Loops implements Instance {
  readonly #options: Options;
  readonly #keys: number;
  readonly #ring: Words;
  readonly #elapsed: Values;
  readonly #result: Values;
  #at = 0;

  constructor({ block, memory, options }: Context<Options>) {
    this.#options = options;
    this.#keys = block.keys;
    this.#ring = memory.words('ring', options.places * options.stride);
    this.#elapsed = memory.values('elapsed', SAMPLES);
    this.#result = memory.values('result', 1, 'padded');
  }

  /** Makes the ring one cycle through all its places, in random order (Sattolo): no prefetcher guesses the next. */
  load(): void {
    const { loop, places, stride } = this.#options;
    if (loop !== 'chase') return;
    const random = seededRandom(1);
    const next = Int32Array.from({ length: places }, (_, place) => place);
    for (let i = places - 1; i > 0; i--) {
      const j = random.integer(i);
      const other = next[j];
      next[j] = next[i];
      next[i] = other;
    }
    for (let place = 0; place < places; place++) this.#ring.poke(place * stride, next[place] * stride);
  }

  *run(core: Core): Steps<void> {
    for (let sample = -UNTIMED; sample < SAMPLES; sample++) {
      const start_ns = core.now();
      yield* this.#sample(core);
      const elapsed_ns = core.now() - start_ns;
      if (core.id === 0 && sample >= 0) yield* this.#elapsed.store(sample, elapsed_ns);
    }
    if (core.id === 0) yield* this.#result.store(0, this.#at);
  }

  *#sample(core: Core): Steps<void> {
    const { loop, rounds } = this.#options;
    switch (loop) {
      case 'work':
        this.#at += rounds;
        core.work(rounds);
        break;
      case 'chase':
        yield* this.#chase(rounds);
        break;
      case 'atomic':
        yield* this.#atomic(rounds);
        break;
      case 'pause':
        for (let i = 0; i < rounds; i++) yield* core.pause();
        break;
      case 'wake':
        this.#at += rounds;
        for (let i = 0; i < rounds; i++) yield* this.#ring.wake(0);
        break;
      case 'spin':
        this.#at += rounds;
        for (let i = 0; i < rounds; i++) yield* this.#ring.waitWhile(0, 0, 0); // over before it would sleep
        break;
      case 'handover':
        yield* this.#handover(core, rounds);
        break;
      case 'sleep':
        yield* this.#sleep(core, rounds);
        break;
    }
  }

  /** Each load needs the one before. */
  *#chase(rounds: number): Steps<void> {
    const ring = this.#ring;
    let at = this.#at;
    for (let i = 0; i < rounds; i++) at = yield* ring.load(at);
    this.#at = at;
  }

  /** The four operations that hold a line, in turn. */
  *#atomic(rounds: number): Steps<void> {
    const ring = this.#ring;
    for (let i = 0; i < rounds; i += 4) {
      const before = yield* ring.add(0, 1);
      yield* ring.compareExchange(0, before + 1, before + 2);
      yield* ring.exchange(0, before + 3);
      yield* ring.store(0, before + 4);
    }
    this.#at += rounds;
  }

  /** A word that says whose turn it is goes round the cores. Spins without a pause, which would hide the transfer. */
  *#handover(core: Core, rounds: number): Steps<void> {
    const turn = this.#ring;
    const next = (core.id + 1) % core.count;
    for (let i = 0; i < rounds; i++) {
      while ((yield* turn.load(0)) !== core.id) this.#at++;
      yield* turn.store(0, next);
    }
    this.#at = 0;
  }

  /** The same, but whose turn it is not sleeps: whoever has it computes for longer than anybody spins. */
  *#sleep(core: Core, rounds: number): Steps<void> {
    const turn = this.#ring;
    const next = (core.id + 1) % core.count;
    for (let i = 0; i < rounds; i++) {
      for (let at = yield* turn.load(0); at !== core.id; at = yield* turn.load(0))
        yield* turn.waitWhile(0, at);
      core.work(LONGER_THAN_SPINNING);
      yield* turn.store(0, next);
      yield* turn.wake(0);
    }
  }

  state(key: number): number {
    if (key < SAMPLES) return this.#elapsed.peek(key);
    return key === this.#keys - 1 ? this.#result.peek(0) : 0;
  }
}

export default defineAlgorithm({
  name: 'loops',
  summary: 'loops that a machine is measured with',
  source: 'the figures of a machine model',
  guarantee: 'none',
  witness: 'preset',
  options,
  aborts: [],
  create: (context) => new Loops(context),
});

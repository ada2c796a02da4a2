/**
 * The pulse of this thread's simulations: words that another thread can watch, since nobody can interrupt a
 * coroutine that makes no access from within.
 */

/**
 * Whether a simulation runs; and a count that moves as long as it gets on. Plain accesses will do, as nothing depends
 * on when they are seen.
 */
const [RUNNING, BEATS] = [0, 1];

/** Nobody watches them yet. (A page opened from the disk has no shared memory.) */
let words: Int32Array = new Int32Array(2);

/** Words for a pulse that several threads see. */
export function sharedPulse(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(words.byteLength));
}

/** From now on this thread's pulse is in these words. */
export function beatIn(given: Int32Array): void {
  words = given;
}

export function beat(): void {
  words[BEATS]++;
}

/** Does something that simulates. */
export function running<T>(action: () => T): T {
  beat();
  words[RUNNING] = 1;
  try {
    return action();
  } finally {
    words[RUNNING] = 0;
  }
}

/** Tells when a simulation has stopped getting on. */
export class Silence {
  readonly #words: Int32Array;
  readonly #most_ms: number;
  #beats = -1;
  #since_ms = 0;

  /** @param most_ms how much processor time may pass between two beats */
  constructor(watched: Int32Array, most_ms: number) {
    this.#words = watched;
    this.#most_ms = most_ms;
  }

  /** @param now_ms the processor time that was taken so far */
  isTooLong(now_ms: number): boolean {
    const beats = this.#words[BEATS];
    if (this.#words[RUNNING] === 0 || beats !== this.#beats) {
      this.#beats = beats;
      this.#since_ms = now_ms;
    }
    return now_ms - this.#since_ms > this.#most_ms;
  }
}

/** How a core of the threads machine waits until a shared word changes, and how it is woken. */

/**
 * Whether a plain load serves as an atomic one. On x86 it is what an atomic load compiles to: loads are not
 * reordered with each other, and every store to a word is an exchange, so all are sequentially consistent. The
 * engine may not merge or move it either, which the language would allow; V8 does not, since the array may be
 * shared. `Atomics.load` is a call of a builtin, 7 ns to 1. (test/machine/threads/litmus.test.ts watches.)
 */
export const PLAIN_LOADS = process.arch === 'x64';

/** Pauses before a core goes to sleep: about 3 µs, what a sleep and a wake-up cost at the very least. */
const SPINS = 100;

/** Tells the processor that the core spins, where JavaScript has a word for it. */
export const spinPause: () => void =
  (Atomics as { pause?: () => void }).pause ??
  (() => {
    /* Before Node 24 there is none. */
  });

/**
 * Sleepers are counted in a shared word, so that a wake without sleepers costs one load instead of a notify.
 *
 * No wake-up is lost. All accesses here are sequentially consistent, so in their one total order either
 *   - the sleeper's increment comes before the waker's look at the count: the waker notifies. If the sleeper
 *     is asleep by then, that wakes it; if not, Atomics.wait compares the word under the lock that notify
 *     took, hence after the waker changed the word, and does not fall asleep; or
 *   - the waker's look comes before the increment: the word was changed before that look, and is compared by
 *     Atomics.wait after that increment, so the sleeper sees the change and does not fall asleep.
 * Hence the order in `#sleep`, and the rule that a word is woken after it was changed.
 */
export class Parking {
  readonly #sleepers: Int32Array;
  /** Takes the time that each wait lasted; set by the core. */
  account: (duration_ns: number) => void = () => {};

  /** @param sleepers one shared word, zero when nobody waits */
  constructor(sleepers: Int32Array) {
    this.#sleepers = sleepers;
  }

  /** Until the word differs from `value`, true; or until the time is over, false. */
  wait(words: Int32Array, at: number, value: number, timeout_ns: number): boolean {
    const start = performance.now();
    const changed = this.#spin(words, at, value) || this.#sleep(words, at, value, start + timeout_ns / 1e6);
    this.account((performance.now() - start) * 1e6);
    return changed;
  }

  /** After the word was changed. */
  wake(words: Int32Array, at: number): void {
    if ((PLAIN_LOADS ? this.#sleepers[0] : Atomics.load(this.#sleepers, 0)) !== 0) Atomics.notify(words, at);
  }

  #spin(words: Int32Array, at: number, value: number): boolean {
    for (let i = 0; i < SPINS; i++) {
      spinPause();
      if (Atomics.load(words, at) !== value) return true;
    }
    return false;
  }

  #sleep(words: Int32Array, at: number, value: number, deadline_ms: number): boolean {
    Atomics.add(this.#sleepers, 0, 1); // must precede the wait
    let changed = false;
    while (!changed) {
      const left = deadline_ms - performance.now();
      if (left <= 0) break;
      changed = Atomics.wait(words, at, value, left) === 'not-equal' || Atomics.load(words, at) !== value;
    }
    Atomics.sub(this.#sleepers, 0, 1);
    return changed;
  }
}

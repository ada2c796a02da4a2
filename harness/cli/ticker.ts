/** What is being done at the moment, on a line that is rewritten; nothing where none can be. */
import type { Terminal } from './terminal.ts';

const EVERY_MS = 100;

export class Ticker {
  readonly #terminal: Terminal;
  #last_ms = 0;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** The line is made only if it is shown: this is called at every run. */
  show(line: () => string): void {
    if (!this.#terminal.rewritable) return;
    const now_ms = performance.now();
    if (now_ms - this.#last_ms < EVERY_MS) return;
    this.#last_ms = now_ms;
    this.#terminal.err(`\r\x1b[K${line().slice(0, this.#terminal.width - 1)}`);
  }

  clear(): void {
    if (this.#terminal.rewritable) this.#terminal.err('\r\x1b[K');
  }
}

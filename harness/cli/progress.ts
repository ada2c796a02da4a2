/**
 * How far an experiment is, on stderr: one line that is rewritten where that is possible, and otherwise a line
 * every tenth of the way or half minute. What remains is estimated from the trials that have ended on the same
 * kind of machine, since simulated and real ones differ a hundredfold.
 */
import { type Configuration, machineName } from '../experiment/configuration.ts';
import { trialsOf } from '../experiment/work.ts';
import type { Terminal } from './terminal.ts';

const QUIET_MS = 30_000;
const QUIET_PART = 0.1;

interface Kind {
  total: number;
  done: number;
  spent_ms: number;
}

export class Progress {
  readonly #terminal: Terminal;
  readonly #clock: () => number;
  readonly #kinds = { simulated: { ...NOTHING }, threads: { ...NOTHING } };
  readonly #start: number;
  /** When the last trial ended. */
  #last: number;
  #printed = { at: 0, part: 0 };
  #doing = '';

  constructor(
    terminal: Terminal,
    configurations: readonly Configuration[],
    repetitions: number,
    clock: () => number = () => performance.now(),
  ) {
    this.#terminal = terminal;
    this.#clock = clock;
    for (const configuration of configurations) {
      this.#kind(configuration).total += trialsOf(configuration, repetitions);
    }
    this.#start = this.#last = clock();
    this.#printed.at = this.#start;
  }

  /** Says what is being done at the moment. */
  doing(what: string): void {
    this.#doing = what;
    this.#show();
  }

  /** A trial of the configuration has ended. */
  ended(configuration: Configuration): void {
    const kind = this.#kind(configuration);
    const now = this.#clock();
    kind.done++;
    kind.spent_ms += now - this.#last;
    this.#last = now;
    this.doing(`${configuration.algorithm.declaration.name} on ${machineName(configuration)}`);
  }

  /** Takes the line away, so that something else can be printed. */
  clear(): void {
    if (this.#terminal.rewritable) this.#terminal.err('\r\x1b[K');
  }

  elapsed_ms(): number {
    return this.#clock() - this.#start;
  }

  #kind({ model }: Configuration): Kind {
    return model === undefined ? this.#kinds.threads : this.#kinds.simulated;
  }

  #show(): void {
    const line = this.#line();
    if (this.#terminal.rewritable) {
      this.#terminal.err(`\r\x1b[K${line.slice(0, this.#terminal.width - 1)}`);
      return;
    }
    const now = this.#clock();
    const part = this.#part();
    if (part === 1) return;
    if (part - this.#printed.part < QUIET_PART && now - this.#printed.at < QUIET_MS) return;
    this.#printed = { at: now, part };
    this.#terminal.err(`${line}\n`);
  }

  #line(): string {
    const { simulated, threads } = this.#kinds;
    const done = simulated.done + threads.done;
    const total = simulated.total + threads.total;
    const left = this.#left_ms();
    const eta = left === undefined ? '' : `, ${clockTime(left)} left`;
    return `${done}/${total} trials, ${Math.floor(100 * this.#part())} %${eta}: ${this.#doing}`;
  }

  #part(): number {
    const { simulated, threads } = this.#kinds;
    return (simulated.done + threads.done) / Math.max(1, simulated.total + threads.total);
  }

  #left_ms(): number | undefined {
    const kinds = Object.values(this.#kinds).filter(({ total }) => total > 0);
    // A kind of which nothing has ended yet may take any time.
    if (kinds.some(({ done }) => done === 0)) return undefined;
    return kinds.reduce((left, { total, done, spent_ms }) => left + ((total - done) * spent_ms) / done, 0);
  }
}

const NOTHING: Kind = { total: 0, done: 0, spent_ms: 0 };

/** 0:07, 12:30, 1:02:03 */
export function clockTime(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const [first, ...rest] = parts[0] > 0 ? parts : parts.slice(1);
  return [first, ...rest.map((part) => `${part}`.padStart(2, '0'))].join(':');
}

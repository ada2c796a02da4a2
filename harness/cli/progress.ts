/**
 * How far an experiment is, on stderr: one line that is rewritten where that is possible, and otherwise a line
 * every tenth of the way or half minute. What remains is estimated from what trials are predicted to cost, set
 * right by what they did cost: of the same algorithm on the same kind of machine where one has ended.
 */
import { type Configuration, machineName } from '../experiment/configuration.ts';
import { trialCost } from '../experiment/cost.ts';
import type { Work } from '../experiment/work.ts';
import type { Terminal } from './terminal.ts';

const QUIET_MS = 30_000;
const QUIET_PART = 0.1;
const EARLY_PART = 0.01;

/** The trials of one algorithm on real threads, or on simulated machines. */
interface Kind {
  readonly isReal: boolean;
  /** Predicted. */
  left: number;
  done: number;
  spent_ms: number;
}

export class Progress {
  readonly #terminal: Terminal;
  readonly #clock: () => number;
  readonly #kinds = new Map<string, Kind>();
  readonly #start: number;
  #total = 0;
  #ended = 0;
  /** When the last trial ended. */
  #last: number;
  #printed = { at: 0, part: 0 };
  #doing = '';

  constructor(terminal: Terminal, work: readonly Work[], clock: () => number = () => performance.now()) {
    this.#terminal = terminal;
    this.#clock = clock;
    for (const { configuration, repetitions } of work) {
      this.#total += repetitions.length;
      this.#kind(configuration).left += repetitions.length * trialCost(configuration);
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
    const cost = trialCost(configuration);
    kind.left = Math.max(0, kind.left - cost);
    kind.done += cost;
    kind.spent_ms += now - this.#last;
    this.#last = now;
    this.#ended++;
    // Repetitions until an interval is narrow come on top.
    this.#total = Math.max(this.#total, this.#ended);
    this.doing(`${configuration.algorithm.declaration.name} on ${machineName(configuration)}`);
  }

  /** Takes the line away, so that something else can be printed. */
  clear(): void {
    if (this.#terminal.rewritable) this.#terminal.err('\r\x1b[K');
  }

  elapsed_ms(): number {
    return this.#clock() - this.#start;
  }

  #kind({ algorithm, model }: Configuration): Kind {
    const isReal = model === undefined;
    const name = `${algorithm.declaration.name} ${isReal}`;
    const kind = this.#kinds.get(name) ?? { isReal, left: 0, done: 0, spent_ms: 0 };
    this.#kinds.set(name, kind);
    return kind;
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
    const left = this.#left_ms();
    const eta = left === undefined ? '' : `, ${clockTime(left)} left`;
    return `${this.#ended}/${this.#total} trials, ${Math.floor(100 * this.#part())} %${eta}: ${this.#doing}`;
  }

  #part(): number {
    return this.#ended / Math.max(1, this.#total);
  }

  #left_ms(): number | undefined {
    // The first trials of many tell more of how long workers take to start.
    if (this.#ended < EARLY_PART * this.#total) return undefined;
    const rates = [true, false].map((isReal) => ({ isReal, rate: this.#rate(isReal) }));
    let left = 0;
    for (const kind of this.#kinds.values()) {
      if (kind.left === 0) continue;
      const rate = kind.done > 0 ? kind.spent_ms / kind.done : rates.find(isLike(kind))?.rate;
      // A kind of machine on which nothing has ended yet may take any time.
      if (rate === undefined) return undefined;
      left += kind.left * rate;
    }
    return left;
  }

  /** Over all algorithms: real milliseconds for a predicted one. */
  #rate(isReal: boolean): number | undefined {
    const kinds = [...this.#kinds.values()].filter(isLike({ isReal }));
    const done = kinds.reduce((sum, kind) => sum + kind.done, 0);
    return done === 0 ? undefined : kinds.reduce((sum, kind) => sum + kind.spent_ms, 0) / done;
  }
}

function isLike({ isReal }: Pick<Kind, 'isReal'>): (other: Pick<Kind, 'isReal'>) => boolean {
  return (other) => other.isReal === isReal;
}

/** 0:07, 12:30, 1:02:03 */
export function clockTime(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const [first, ...rest] = parts[0] > 0 ? parts : parts.slice(1);
  return [first, ...rest.map((part) => `${part}`.padStart(2, '0'))].join(':');
}

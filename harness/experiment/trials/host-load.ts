/** How busy other processes keep the host, by the operating system's own counters. Linux only. */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** Where other processes take more of the host's cores than this, a trial is worth a warning. */
const BUSY_PART = 0.05;
/** The counters tick every 10 ms, so a shorter time than this says nothing. */
const SHORTEST_MS = 250;
const TICKS_PER_SECOND = 100;

/** Readings at one moment, in milliseconds. */
export interface Reading {
  readonly at_ms: number;
  /** Time that all cores together were not idle, since the system started. */
  readonly busy_ms: number;
  /** Time that this process's threads took, since it started. */
  readonly own_ms: number;
}

export class HostLoad {
  readonly #read: () => Reading | undefined;
  /** Those that a window may still begin at, oldest first. */
  readonly #readings: Reading[] = [];

  constructor(read: () => Reading | undefined = readCounters) {
    this.#read = read;
    this.mark();
  }

  /** A trial begins. */
  mark(): void {
    const reading = this.#read();
    if (reading !== undefined) this.#readings.push(reading);
  }

  /**
   * How many cores others kept busy since the last mark, or since an earlier one where that is too short a time
   * ago. NaN where nobody can tell.
   */
  sinceMark(): number {
    const now = this.#read();
    if (now === undefined) return Number.NaN;
    const from =
      this.#readings.findLast(({ at_ms }) => now.at_ms - at_ms >= SHORTEST_MS) ?? this.#readings[0];
    this.#readings.splice(0, this.#readings.indexOf(from));
    const elapsed_ms = now.at_ms - from.at_ms;
    if (elapsed_ms <= 0) return Number.NaN;
    return Math.max(0, now.busy_ms - from.busy_ms - (now.own_ms - from.own_ms)) / elapsed_ms;
  }
}

/** @param load in cores */
export function isBusy(load: number, cores: number = availableParallelism()): boolean {
  return load > BUSY_PART * cores;
}

function readCounters(): Reading | undefined {
  try {
    const { user, system } = process.cpuUsage();
    const busy_ms = busyTicks(readFileSync('/proc/stat', 'utf8')) * (1000 / TICKS_PER_SECOND);
    return { at_ms: performance.now(), busy_ms, own_ms: (user + system) / 1000 };
  } catch {
    return undefined;
  }
}

/** The ticks of /proc/stat's first line in which a core ran something; guests count as user time already. */
export function busyTicks(stat: string): number {
  const fields = /^cpu +(.*)$/m.exec(stat)?.[1].split(' ').map(Number);
  if (fields === undefined || fields.length < 4) throw new Error('no line of all cores');
  const [user, nice, system, , , irq = 0, softirq = 0, steal = 0] = fields;
  return user + nice + system + irq + softirq + steal;
}

/**
 * A shared access as a step. Each virtual core has one `Access` object, which every call on shared memory
 * fills in and returns, and which `yield*` then runs as an iterator: it pauses before the access wherever
 * another core has to go first, performs it, and ends with its result. No object is made an access.
 *
 * Going on without a pause. Under virtual time a core that would be taken again at once does not pause at
 * all (`horizon`). Moreover, an access that hits the core's own cache may run ahead of the others by the
 * time that a line takes to move: what another core does meanwhile cannot have reached this cache yet. The
 * result is still one interleaving of single accesses, the same at every run; under all other schedules the
 * horizon is -Infinity and each access is a choice of the schedule.
 */
import type { Coherence } from './coherence.ts';
import type { MachineModel } from './model.ts';
import { beat } from './pulse.ts';
import type { Schedule } from './schedules/schedule.ts';

export const LOAD = 0;
export const STORE = 1;
export const ADD = 2;
export const EXCHANGE = 3;
export const COMPARE_EXCHANGE = 4;
export const WAIT = 5;
export const WAKE = 6;
export const PAUSE = 7;
export type Operation = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7;

export const OPERATIONS = [
  'load',
  'store',
  'add',
  'exchange',
  'compareExchange',
  'wait',
  'wake',
  'pause',
] as const;

/** The 8 values of a line, as a power of two. */
export const VALUE_LINE_SHIFT = 3;

/** A region's view as an access needs it: where element `index` lies. */
export interface Place {
  readonly name: string;
  /** Int32Array for words, Float64Array for values. */
  readonly elements: Int32Array | Float64Array;
  /** Element `index` is `elements[index * stride + offset]`. */
  readonly stride: number;
  readonly offset: number;
  /** The region's first line, and the elements of a line as a power of two. */
  readonly line: number;
  readonly lineShift: number;
}

/** Told of every access after it is performed, in their order. */
export type Observer = (
  core: number,
  operation: Operation,
  place: Place | undefined,
  index: number,
  result: number,
  time_ns: number,
) => void;

/** What a simulation is taken for a loop without end after: so many steps, or so many in which nothing commits. */
export interface Limits {
  readonly steps: number;
  readonly stepsWithoutCommit: number;
}

/** So many steps pass between two looks at the limits. */
const LOOK_EVERY = 2 ** 14;

/** What the cores of one simulation share. */
export class Simulation {
  readonly model: MachineModel;
  readonly coherence: Coherence;
  readonly schedule: Schedule;
  /** Which cores run: neither parked nor at their end. */
  readonly runs: Uint8Array;
  readonly observer: Observer | undefined;
  readonly #limits: Limits;
  /** The access of the core that runs now. */
  current!: Access;
  /** The running core need not pause before this time; for a hit, before the later one. */
  horizon = 0;
  hitHorizon = 0;
  steps = 0;
  /** The steps after which `look` is called. */
  nextLook = 0;
  #stepsAtCommit = 0;
  /** Who is parked on which word. */
  readonly waiters = new Map<number, Access[]>();

  constructor(
    model: MachineModel,
    cores: number,
    coherence: Coherence,
    schedule: Schedule,
    limits: Limits,
    observer?: Observer,
  ) {
    this.model = model;
    this.runs = new Uint8Array(cores).fill(1);
    this.coherence = coherence;
    this.schedule = schedule;
    this.#limits = limits;
    this.observer = observer;
  }

  resume(access: Access): void {
    this.current = access;
    this.renewHorizon();
  }

  renewHorizon(): void {
    this.horizon = this.schedule.horizon();
    this.hitHorizon = this.horizon + this.model.domains[0].transfer_ns;
  }

  /** A transaction has committed, so this is no loop without end yet. */
  committed(): void {
    this.#stepsAtCommit = this.steps;
  }

  /** Throws where a limit is passed. */
  look(): void {
    beat();
    const { steps: most, stepsWithoutCommit } = this.#limits;
    if (this.steps > most) throw new StepLimitError(`no end after ${most.toLocaleString('en')} steps`);
    const mostNow = this.#stepsAtCommit + stepsWithoutCommit;
    if (this.steps > mostNow) {
      throw new StepLimitError(
        `no transaction has committed for ${stepsWithoutCommit.toLocaleString('en')} steps`,
      );
    }
    this.nextLook = Math.min(this.steps + LOOK_EVERY, most, mostNow);
  }
}

/** No access; one set up; one that is due at the next resumption; or parked until woken or a deadline. */
type State = 'idle' | 'prepared' | 'due' | 'parked';

const PAUSED: IteratorResult<undefined, number> = { done: false, value: undefined };

export class Access implements IterableIterator<undefined, number, undefined> {
  readonly core: number;
  readonly #simulation: Simulation;
  readonly #parked: (duration_ns: number) => void;
  readonly #access_ns: number;
  readonly #sibling: number;
  /** How long a core that waits spins, before it sleeps. */
  readonly #spin_ns: number;
  /** The core's clock. */
  time = 0;
  #state: State = 'idle';
  #parkedAt = 0;
  deadline = Number.POSITIVE_INFINITY;
  #woken = false;

  #operation: Operation = LOAD;
  #place!: Place;
  #index = 0;
  #element = 0;
  #line = 0;
  #operand = 0;
  #expected = 0;
  readonly #result: { done: true; value: number } = { done: true, value: 0 };

  /** @param parked told how long the core was parked, whenever it was */
  constructor(core: number, simulation: Simulation, parked: (duration_ns: number) => void) {
    this.core = core;
    this.#simulation = simulation;
    const { access_ns, sibling, spin_ns } = simulation.model;
    this.#access_ns = access_ns;
    this.#sibling = sibling;
    this.#spin_ns = spin_ns;
    this.#parked = parked;
  }

  /** The core computes for what takes this long while the core beside it does not run. */
  compute(alone_ns: number): void {
    this.time += alone_ns * (this.#sibling === 0 ? 1 : this.#slowness());
  }

  #slowness(): number {
    return this.#simulation.runs[this.core ^ 1] === 1 ? 1 + this.#sibling : 1;
  }

  /** Sets up an access; the caller returns this object as its steps. */
  prepare(operation: Operation, place: Place, index: number, operand: number, expected: number): void {
    if (this.#state !== 'idle') throw new Error(`an access before ${place.name}[${index}] lacks its yield*`);
    this.#state = 'prepared';
    this.#operation = operation;
    this.#place = place;
    this.#index = index;
    this.#element = index * place.stride + place.offset;
    this.#line = place.line + (this.#element >> place.lineShift);
    this.#operand = operand;
    this.#expected = expected;
    this.compute(this.#access_ns); // what leads to an access is computed before it
  }

  preparePause(): void {
    if (this.#state !== 'idle') throw new Error('an access before a pause lacks its yield*');
    this.#state = 'prepared';
    this.#operation = PAUSE;
  }

  [Symbol.iterator](): this {
    return this;
  }

  next(): IteratorResult<undefined, number> {
    const simulation = this.#simulation;
    if (this.#state === 'prepared') {
      if (this.#operation === WAKE) return this.#wake();
      if (this.time >= (this.#hits() ? simulation.hitHorizon : simulation.horizon)) {
        this.#state = 'due';
        return PAUSED;
      }
    } else if (this.#state === 'parked') {
      this.#unpark();
      if (!this.#woken) return this.#done(0);
    }
    return this.#perform();
  }

  get parked(): boolean {
    return this.#state === 'parked';
  }

  /** The core has ended: nothing that it set up may be left. */
  end(): void {
    this.#simulation.runs[this.core] = 0;
    if (this.#state === 'idle') return;
    const last = this.#operation === PAUSE ? 'pause' : `access, to ${this.#place.name}[${this.#index}],`;
    throw new Error(`core ${this.core}: its last ${last} lacks its yield*`);
  }

  /** What the core is parked on, for a report of a deadlock. */
  describe(): string {
    return `core ${this.core} waits while ${this.#place.name}[${this.#index}] is ${this.#expected}`;
  }

  #hits(): boolean {
    const { coherence } = this.#simulation;
    switch (this.#operation) {
      case LOAD:
      case WAIT:
        return coherence.readHits(this.core, this.#line);
      case PAUSE:
        return false;
      default:
        return coherence.writeHits(this.core, this.#line);
    }
  }

  #perform(): IteratorResult<undefined, number> {
    const simulation = this.#simulation;
    if (++simulation.steps > simulation.nextLook) simulation.look();
    const operation = this.#operation;
    if (operation === PAUSE) {
      this.time += simulation.model.pause_ns;
      return this.#done(0);
    }
    if (this.#sibling > 0 && this.#hits()) this.time += simulation.model.hit_ns * (this.#slowness() - 1);
    const elements = this.#place.elements;
    const element = this.#element;
    const before = elements[element];
    if (operation === LOAD || operation === WAIT) {
      this.time = simulation.coherence.read(this.core, this.#line, this.time);
      if (operation === LOAD) return this.#done(before);
      return before === this.#expected ? this.#park() : this.#done(1);
    }
    // A store to a word is an exchange too, as sequential consistency needs; a value's is a plain one.
    const hold_ns = this.#place.lineShift === VALUE_LINE_SHIFT ? 0 : simulation.model.atomic_ns;
    this.time = simulation.coherence.write(this.core, this.#line, this.time, hold_ns);
    if (operation === ADD) elements[element] = before + this.#operand;
    else if (operation !== COMPARE_EXCHANGE || before === this.#expected) elements[element] = this.#operand;
    return this.#done(before);
  }

  #done(value: number): IteratorResult<undefined, number> {
    const { observer } = this.#simulation;
    if (observer !== undefined) {
      const place = this.#operation === PAUSE ? undefined : this.#place;
      observer(this.core, this.#operation, place, this.#index, value, this.time);
    }
    this.#state = 'idle';
    this.#result.value = value;
    return this.#result;
  }

  /**
   * Parks the core; `#operand` is the longest that it waits, from the first time that it is parked. While it spins it
   * looks at no clock.
   */
  #park(): IteratorResult<undefined, number> {
    if (this.#state !== 'parked') this.deadline = this.time + Math.max(this.#operand, this.#spin_ns);
    if (this.deadline < this.time) this.deadline = this.time; // no clock goes back
    this.#state = 'parked';
    this.#woken = false;
    this.#parkedAt = this.time;
    this.#simulation.runs[this.core] = 0;
    const { waiters } = this.#simulation;
    const word = this.#word();
    const list = waiters.get(word);
    if (list === undefined) waiters.set(word, [this]);
    else list.push(this);
    return PAUSED;
  }

  #unpark(): void {
    this.#simulation.runs[this.core] = 1;
    if (!this.#woken) {
      this.time = this.deadline;
      const list = this.#simulation.waiters.get(this.#word());
      list?.splice(list.indexOf(this), 1);
    }
    this.#parked(this.time - this.#parkedAt);
  }

  /** Lets those that wait on the word step again, from now on, or once they are awake. No access and no pause. */
  #wake(): IteratorResult<undefined, number> {
    const simulation = this.#simulation;
    this.compute(simulation.model.wake_ns);
    const word = this.#word();
    const list = simulation.waiters.get(word);
    if (list !== undefined) {
      let kept = 0;
      for (const waiter of list) {
        if (waiter.deadline < this.time) {
          list[kept++] = waiter; // its time is over before this wake: it goes on by itself
          continue;
        }
        waiter.#woken = true;
        const sleeps = this.time - waiter.#parkedAt > waiter.#spin_ns;
        waiter.time = Math.max(waiter.time, this.time) + (sleeps ? simulation.model.sleep_ns : 0);
        simulation.schedule.add(waiter.core, waiter.time);
      }
      list.length = kept;
      simulation.renewHorizon();
    }
    this.#state = 'idle';
    this.#result.value = 0;
    return this.#result;
  }

  /** A number of its own for each word of shared memory. */
  #word(): number {
    return this.#place.line * 16 + this.#element;
  }
}

/** A limit on a simulation's steps was reached: a fault of the algorithm, most likely. */
export class StepLimitError extends Error {
  override readonly name = 'StepLimitError';
  constructor(what: string) {
    super(
      `${what}; often a loop that spins where it should waitWhile, ` +
        'or transactions that abort one another for ever',
    );
  }
}

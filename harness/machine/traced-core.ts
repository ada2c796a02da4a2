/**
 * A core that takes down what happens on it. A class of its own, not a question that every core asks itself: cores that
 * are not traced run the code that they would run if there were no traces.
 */
import type { CoreBase } from './core.ts';
import type { ABORTED, Outcome, Phase, Steps, View } from './machine.ts';
import { BEGIN, END, EXECUTED, PARKED, PHASE, PHASES, type Recorder, UNDO } from './recorder.ts';
import type { CoreReport } from './run.ts';

const NONE = -1;

/** A core that has all that its machine adds. */
interface WholeCore extends CoreBase {
  now(): number;
  work(units: number): void;
  pause(): Steps<void>;
}

// biome-ignore lint/suspicious/noExplicitAny: the language wants it of a class that extends a given one
type CoreClass = new (...parts: any[]) => WholeCore;

/** The same core of whichever machine, traced. It must stamp every transaction, so that times are read when it asks. */
export function traced<C extends CoreClass>(Core: C) {
  return class extends Core {
    #recorder!: Recorder;
    #causes!: readonly string[];
    #open = NONE;
    /** The clock as it was read last. */
    #time_ns = 0;

    /** @param causes of aborts, in the order in which the trace will be given them */
    record(recorder: Recorder, causes: readonly string[]): void {
      this.#recorder = recorder;
      this.#causes = causes;
    }

    override now(): number {
      this.#time_ns = super.now();
      return this.#time_ns;
    }

    override begin(transaction: number): void {
      super.begin(transaction);
      this.#open = transaction;
      this.#recorder.add(this.#time_ns, BEGIN, 0, transaction);
    }

    override *execute(transaction: number, view: View): Steps<Outcome | typeof ABORTED> {
      const outcome = yield* super.execute(transaction, view);
      this.#recorder.add(this.now(), EXECUTED, 0, transaction);
      return outcome;
    }

    override finish(transaction: number): void {
      super.finish(transaction);
      this.#open = NONE;
      this.#recorder.add(this.#time_ns, END, 0, transaction);
    }

    override abort(cause: string, transaction = NONE): void {
      super.abort(cause);
      const open = this.#open;
      this.#open = NONE;
      // Of an open attempt the time was read; it is the one at which its account was closed.
      const time_ns = open === NONE ? this.now() : this.#time_ns;
      this.#recorder.add(time_ns, UNDO, this.#causes.indexOf(cause), open === NONE ? transaction : open);
    }

    override phase(phase: Phase, transaction = NONE): void {
      this.#recorder.add(this.now(), PHASE, PHASES.indexOf(phase), transaction);
    }

    override parked(duration_ns: number): void {
      super.parked(duration_ns);
      this.#recorder.add(this.now(), PARKED, duration_ns, this.#open);
    }

    override report(end_ns: number, makespan_ns: number): CoreReport {
      return { ...super.report(end_ns, makespan_ns), log: this.#recorder.log() };
    }
  };
}

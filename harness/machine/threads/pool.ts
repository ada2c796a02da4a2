/** The cores of a session, a worker each, and what becomes of them when one fails. */
import { location } from '../told.ts';
import type { CoreResult, TrialSetup } from './trial.ts';
import type { Answer, Failure, Task } from './worker.ts';
import { Workers } from './workers.ts';

/** The main thread has already loaded the same modules by then. */
const LOAD_TIMEOUT_MS = 60_000;

/** A worker ended that should not have. */
export class WorkerDiedError extends Error {
  override readonly name = 'WorkerDiedError';
}

/** Something did not end in the time that it has. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
}

export class CorePool {
  readonly #algorithm: string;
  readonly #setup: TrialSetup;
  readonly #workers: Workers;
  readonly #lent: boolean;
  /** Ends the run that is under way. */
  #giveUp: ((error: Error) => void) | undefined;
  #running = false;
  /** Why no more runs are possible. */
  #ended: string | undefined;
  #closed = false;

  /**
   * @param algorithm its name, for messages
   * @param lent workers to use and to give back; its own, which it ends, unless there are any
   */
  constructor(algorithm: string, setup: TrialSetup, lent?: Workers) {
    if (lent !== undefined && lent.cores !== setup.cores)
      throw new Error(`${lent.cores} workers are not for ${setup.cores} cores`);
    this.#algorithm = algorithm;
    this.#setup = setup;
    this.#workers = lent ?? new Workers(setup.cores);
    this.#lent = lent !== undefined;
    this.#workers.onDeath = (error) => {
      this.#ended ??= `${algorithm}: a worker died: ${error.message}`;
      this.#giveUp?.(new WorkerDiedError(this.#ended));
    };
  }

  /** Loads the code in every worker. */
  async load(): Promise<void> {
    const setup = this.#setup;
    await this.#perform((core) => ({ core, setup }), LOAD_TIMEOUT_MS);
  }

  /** Throws unless a run may start now. */
  check(): void {
    if (this.#running) throw new Error(`${this.#algorithm}: a run is under way already`);
    if (this.#ended !== undefined) throw new Error(`no more runs: ${this.#ended}`);
  }

  async run(repetition: number, rehearsal: boolean, timeout_ms: number): Promise<CoreResult[]> {
    const answers = await this.#perform((core) => ({ core, repetition, rehearsal }), timeout_ms);
    return answers.map(({ result }) => result as CoreResult);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#ended ??= `${this.#algorithm}: the session is closed`;
    this.#workers.onDeath = undefined;
    if (!this.#lent) await this.#workers.end();
  }

  async #perform(task: (core: number) => Task, timeout_ms: number): Promise<Answer[]> {
    this.#running = true;
    const unfinished = new Set(Array.from({ length: this.#setup.cores }, (_, core) => core));
    // All workers are idle, and the pool picks the first that is: a core gets the same worker in each run, so
    // that warm-up warms what is measured.
    const answers = [...unfinished].map(async (core) => {
      const answer = await this.#ask(task(core));
      unfinished.delete(core);
      return answer;
    });
    const { promise: givenUp, reject } = Promise.withResolvers<never>();
    this.#giveUp = reject;
    const timer = setTimeout(() => reject(this.#hangs(unfinished, timeout_ms)), timeout_ms);
    try {
      return await Promise.race([Promise.all(answers), givenUp]);
    } catch (error) {
      // The other cores may wait for this one for ever, asleep or spinning: end them all.
      this.#ended ??= (error as Error).message;
      await this.#workers.end();
      throw error;
    } finally {
      clearTimeout(timer);
      this.#giveUp = undefined;
      this.#running = false;
    }
  }

  async #ask(task: Task): Promise<Answer> {
    const answer = await this.#workers.perform(task).catch((error: Error) => {
      throw new WorkerDiedError(`${this.#algorithm}: the worker of core ${task.core} died: ${error.message}`);
    });
    if (answer.failure) throw this.#thrown(task.core, answer.failure);
    return answer;
  }

  #thrown(core: number, failure: Failure): Error {
    const said = `${failure.message}${location(failure)}`;
    const error = new Error(`${this.#algorithm} failed on core ${core}: ${said}`);
    error.stack = `${error.name}: ${error.message}\n${frames(failure.stack)}`;
    return error;
  }

  #hangs(unfinished: ReadonlySet<number>, timeout_ms: number): Error {
    const which = [...unfinished].join(', ');
    return new TimeoutError(
      `${this.#algorithm} hangs: core${unfinished.size === 1 ? '' : 's'} ${which} did not end within ${timeout_ms} ms`,
    );
  }
}

function frames(stack: string): string {
  return stack
    .split('\n')
    .filter((line) => line.startsWith('    at '))
    .join('\n');
}

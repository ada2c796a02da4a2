/** The workers of a session, one a core, and what becomes of them when one fails. */
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import type { CoreResult, TrialSetup } from './trial.ts';
import type { Answer, Failure, Task, WorkerSetup } from './worker.ts';

const ENTRY = new URL('./entry.js', import.meta.url).href;
const HARNESS = new URL('../', import.meta.url).href;
const EXEC_ARGV = ['--conditions=threads', '--disable-warning=ExperimentalWarning'];
/** The main thread has already loaded the same modules by then. */
const LOAD_TIMEOUT_MS = 60_000;

/** What the workers of this process have loaded, so that later ones need not erase it again. */
const sources = new Map<string, string>();

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
  readonly #cores: number;
  readonly #pool: Piscina<Task, Answer>;
  /** Ends the run that is under way. */
  #giveUp: ((error: Error) => void) | undefined;
  #running = false;
  /** Why no more runs are possible. */
  #ended: string | undefined;

  /** @param algorithm its name, for messages */
  constructor(algorithm: string, setup: TrialSetup) {
    this.#algorithm = algorithm;
    this.#cores = setup.cores;
    this.#pool = new Piscina<Task, Answer>({
      filename: ENTRY,
      minThreads: setup.cores,
      maxThreads: setup.cores,
      concurrentTasksPerWorker: 1,
      execArgv: EXEC_ARGV,
      workerData: { trial: setup, sources } satisfies WorkerSetup,
      recordTiming: false,
    });
    // A worker that dies in its task rejects it; this is for one that dies after it has answered, whether the
    // other cores still run, and may wait for it for ever, or not.
    this.#pool.on('error', (error: Error) => {
      this.#ended ??= `${algorithm}: a worker died: ${error.message}`;
      this.#giveUp?.(new WorkerDiedError(this.#ended));
    });
  }

  /** Loads the code in every worker. */
  async load(): Promise<void> {
    const answers = await this.#perform((core) => ({ core }), LOAD_TIMEOUT_MS);
    for (const answer of answers) for (const [url, source] of answer.sources ?? []) sources.set(url, source);
  }

  /** Throws unless a run may start now. */
  check(): void {
    if (this.#running) throw new Error(`${this.#algorithm}: a run is under way already`);
    if (this.#ended !== undefined) throw new Error(`no more runs: ${this.#ended}`);
  }

  async run(repetition: number, timeout_ms: number): Promise<CoreResult[]> {
    const answers = await this.#perform((core) => ({ core, repetition }), timeout_ms);
    return answers.map(({ result }) => result as CoreResult);
  }

  async close(): Promise<void> {
    this.#ended ??= `${this.#algorithm}: the session is closed`;
    await this.#pool.destroy();
  }

  async #perform(task: (core: number) => Task, timeout_ms: number): Promise<Answer[]> {
    this.#running = true;
    const unfinished = new Set(Array.from({ length: this.#cores }, (_, core) => core));
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
      await this.#pool.destroy();
      throw error;
    } finally {
      clearTimeout(timer);
      this.#giveUp = undefined;
      this.#running = false;
    }
  }

  async #ask(task: Task): Promise<Answer> {
    const answer = await this.#pool.run(task).catch((error: Error) => {
      throw new WorkerDiedError(`${this.#algorithm}: the worker of core ${task.core} died: ${error.message}`);
    });
    if (answer.failure) throw this.#thrown(task.core, answer.failure);
    return answer;
  }

  #thrown(core: number, { message, stack }: Failure): Error {
    const error = new Error(`${this.#algorithm} failed on core ${core}: ${message}${location(stack)}`);
    error.stack = `${error.name}: ${error.message}\n${frames(stack)}`;
    return error;
  }

  #hangs(unfinished: ReadonlySet<number>, timeout_ms: number): Error {
    const which = [...unfinished].join(', ');
    return new TimeoutError(
      `${this.#algorithm} hangs: core${unfinished.size === 1 ? '' : 's'} ${which} did not end within ${timeout_ms} ms`,
    );
  }
}

/** The first place of a stack in code that is neither the machine's own nor a package's, or nothing. */
function location(stack: string): string {
  for (const [, url, line, column] of stack.matchAll(/(file:\/\/[^\s()]+):(\d+):(\d+)/g)) {
    if (url.startsWith(HARNESS) || url.includes('/node_modules/')) continue;
    return ` (${fileURLToPath(url)}:${line}:${column})`;
  }
  return '';
}

function frames(stack: string): string {
  return stack
    .split('\n')
    .filter((line) => line.startsWith('    at '))
    .join('\n');
}

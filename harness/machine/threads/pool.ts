/** The workers of a session, one a core, and what becomes of them when one fails. */
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import type { CoreResult, TrialSetup } from './trial.ts';
import type { Answer, Failure, Task } from './worker.ts';

const WORKER = new URL('./worker.ts', import.meta.url).href;
const HARNESS = new URL('../', import.meta.url).href;
const EXEC_ARGV = ['--conditions=threads', '--disable-warning=ExperimentalWarning'];
/** The main thread has already loaded the same modules by then. */
const LOAD_TIMEOUT_MS = 60_000;

export class CorePool {
  readonly #algorithm: string;
  readonly #cores: number;
  readonly #pool: Piscina<Task, Answer>;
  /** The worker of each core, by thread id: the same in each run, so that warm-up warms what is measured. */
  #threads: number[] = [];
  #running = false;
  /** Why no more runs are possible. */
  #ended: string | undefined;

  /** @param algorithm its name, for messages */
  constructor(algorithm: string, setup: TrialSetup) {
    this.#algorithm = algorithm;
    this.#cores = setup.cores;
    this.#pool = new Piscina<Task, Answer>({
      filename: WORKER,
      minThreads: setup.cores,
      maxThreads: setup.cores,
      concurrentTasksPerWorker: 1,
      execArgv: EXEC_ARGV,
      workerData: setup,
      recordTiming: false,
      loadBalancer: (task, workers) => {
        if (this.#threads.length === 0) this.#threads = workers.map(({ id }) => id);
        const { core } = (task as unknown as Record<symbol, { core: number }>)[Piscina.queueOptionsSymbol];
        return workers.find(({ id }) => id === this.#threads[core]) ?? null;
      },
    });
    // One that dies in a run rejects its task; one that dies between runs is told by the next run.
    this.#pool.on('error', (error: Error) => this.#died(error.message));
    this.#pool.on('workerDestroy', () => this.#died('it exited'));
  }

  #died(how: string): void {
    if (!this.#running) this.#ended ??= `${this.#algorithm}: a worker died between runs: ${how}`;
  }

  /** Loads the code in every worker. */
  async load(): Promise<void> {
    await this.#perform((core) => ({ core }), LOAD_TIMEOUT_MS);
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
    if (this.#running) throw new Error(`${this.#algorithm}: a run is under way already`);
    if (this.#ended !== undefined) throw new Error(`no more runs: ${this.#ended}`);
    this.#running = true;
    const unfinished = new Set(Array.from({ length: this.#cores }, (_, core) => core));
    const answers = [...unfinished].map(async (core) => {
      const answer = await this.#ask(task(core));
      unfinished.delete(core);
      return answer;
    });
    const { promise: hanging, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(this.#hangs(unfinished, timeout_ms)), timeout_ms);
    try {
      return await Promise.race([Promise.all(answers), hanging]);
    } catch (error) {
      // The other cores may wait for this one for ever, asleep or spinning: end them all.
      this.#ended ??= (error as Error).message;
      await this.#pool.destroy();
      throw error;
    } finally {
      clearTimeout(timer);
      this.#running = false;
    }
  }

  async #ask(task: Task): Promise<Answer> {
    const answer = await this.#pool
      .run({ ...task, [Piscina.queueOptionsSymbol]: { core: task.core } })
      .catch((error: Error) => {
        throw new Error(`${this.#algorithm}: the worker of core ${task.core} died: ${error.message}`);
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
    return new Error(
      `${this.#algorithm} hangs: core${unfinished.size === 1 ? '' : 's'} ${which} did not end within ${timeout_ms} ms`,
    );
  }
}

/** The first place of a stack in code that is not the machine's own: ` (file:line:column)`, or nothing. */
function location(stack: string): string {
  for (const [, url, line, column] of stack.matchAll(/(file:\/\/[^\s()]+):(\d+):(\d+)/g)) {
    if (!url.startsWith(HARNESS)) return ` (${fileURLToPath(url)}:${line}:${column})`;
  }
  return '';
}

function frames(stack: string): string {
  return stack
    .split('\n')
    .filter((line) => line.startsWith('    at '))
    .join('\n');
}

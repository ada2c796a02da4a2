/**
 * Workers for the cores of sessions: of one session, so that no other configuration has shaped the code that is
 * measured, or of one session after another where nothing is measured, since to start one takes a tenth of a second
 * of the processor's time.
 */
import { Piscina } from 'piscina';
import './inlining.ts';
import { serveSources } from './sources.ts';
import type { Answer, Task } from './worker.ts';

const ENTRY = new URL('./entry.js', import.meta.url).href;
const EXEC_ARGV = ['--conditions=threads', '--disable-warning=ExperimentalWarning'];

export class Workers {
  readonly cores: number;
  /** Told when a worker dies, also one that has answered; the session's that uses them. */
  onDeath: ((error: Error) => void) | undefined;
  #pool: Piscina<Task, Answer> | undefined;
  #ending: Promise<void> | undefined;

  constructor(cores: number) {
    this.cores = cores;
  }

  /** Starts the workers where there are none, or where they have been ended. */
  async perform(task: Task): Promise<Answer> {
    this.#pool ??= this.#start();
    return this.#pool.run(task);
  }

  /** Ends them, whatever they do. */
  async end(): Promise<void> {
    const pool = this.#pool;
    this.#pool = undefined;
    if (pool !== undefined) this.#ending = pool.destroy();
    await this.#ending;
  }

  #start(): Piscina<Task, Answer> {
    serveSources();
    const pool = new Piscina<Task, Answer>({
      filename: ENTRY,
      minThreads: this.cores,
      maxThreads: this.cores,
      concurrentTasksPerWorker: 1,
      execArgv: EXEC_ARGV,
      recordTiming: false,
    });
    // A worker that dies in its task rejects it; this is for one that dies after it has answered, whether the
    // other cores still run, and may wait for it for ever, or not.
    pool.on('error', (error: Error) => {
      this.onDeath?.(error);
      void this.end();
    });
    return pool;
  }
}

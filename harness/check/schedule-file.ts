/**
 * A saved run: all that decides a simulated run, as JSON, so that it can be seen again step by step. What failed in a
 * check is saved so, and is a test once it lies in test/regressions.
 */
import { z } from 'zod';
import { type Configuration, configure } from '../experiment/configuration.ts';
import { machineRequest } from '../experiment/machine-file.ts';
import { inPlainWords } from '../experiment/plain-words.ts';
import { UserError } from '../experiment/user-error.ts';
import { Replay } from '../machine/simulated/schedules/recorded.ts';
import type { Schedule } from '../machine/simulated/schedules/schedule.ts';
import { jobOf } from './cases.ts';
import { type Conditions, type Finding, type Judged, judge } from './judge.ts';
import type { Origin } from './result.ts';
import { type Watcher, watched } from './watch.ts';

const VERSION = 1;
/** A saved step is a digit to this base, the core's number. */
export const MOST_CORES = 36;

const values = z.record(z.string(), z.unknown());

const schema = z.strictObject({
  schema: z.literal(VERSION),
  /** The check and the law that it broke, for readers. */
  check: z.string(),
  law: z.string(),
  algorithm: z.string(),
  options: values,
  workload: z.string(),
  parameters: values,
  transactions: z.int().min(0),
  cores: z.int().min(1),
  seed: z.int(),
  model: z.string(),
  /** Which core takes each step, a digit a step; or virtual time, which needs no record. */
  schedule: z.union([z.literal('virtual-time'), z.strictObject({ steps: z.string().regex(/^[0-9a-z]*$/) })]),
  verdict: z.union([
    z.strictObject({ verdict: z.literal('valid') }),
    z.strictObject({
      verdict: z.enum(['invalid', 'unknown', 'error', 'law']),
      name: z.string(),
      explanation: z.string(),
    }),
  ]),
});

export type SavedRun = z.output<typeof schema>;

/** Whether a run of this origin can be saved: a run on real threads never comes again. */
export function canBeSaved(configuration: Configuration, origin: Origin): boolean {
  return origin.kind === 'virtual-time' || (origin.kind === 'choices' && configuration.cores <= MOST_CORES);
}

export function savedRun(
  configuration: Configuration,
  origin: Origin,
  { check, law, finding }: { check: string; law: string; finding: Finding | undefined },
): SavedRun {
  const { algorithm, options, workload, parameters, transactions, cores, seed, machine } = configuration;
  return {
    schema: VERSION,
    check,
    law,
    // As they were loaded: a name, or the URL of a file, which is the same from any folder.
    algorithm: algorithm.reference,
    options,
    workload: workload.reference,
    parameters,
    transactions,
    cores,
    seed,
    model: machine,
    schedule:
      origin.kind === 'choices'
        ? { steps: origin.choices.map((core) => core.toString(MOST_CORES)).join('') }
        : 'virtual-time',
    verdict:
      finding === undefined
        ? { verdict: 'valid' }
        : { verdict: finding.kind, name: finding.name, explanation: finding.explanation },
  };
}

/** Reads what a file holds. Throws a UserError if that is no saved run; `name` is what the file is called. */
export function parseSavedRun(text: string, name: string): SavedRun {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    throw new UserError(`${name} is no saved schedule, nor any JSON: ${(error as Error).message}`);
  }
  const version = (data as { schema?: unknown } | null)?.schema;
  if (typeof version === 'number' && version !== VERSION) {
    throw new UserError(`${name} has schema version ${version}, and this program reads version ${VERSION}`);
  }
  const parsed = schema.safeParse(data, { error: inPlainWords });
  if (parsed.success) return parsed.data;
  const [{ path, message }] = parsed.error.issues;
  const where = path.length === 0 ? '' : `${path.join('.')}: `;
  throw new UserError(`${name} is no saved schedule: ${where}${message}`);
}

/** Every name and value of a saved run, checked. */
export async function configurationOf(saved: SavedRun): Promise<Configuration> {
  const { algorithm, options, workload, parameters, transactions, cores, seed, model } = saved;
  const request = { algorithm, options, workload, parameters, ...machineRequest(model), cores, seed };
  // A block may be empty here, which is no trial.
  const configuration = await configure({ ...request, transactions: Math.max(1, transactions) });
  if (configuration.model === undefined) throw new UserError(`a saved schedule cannot run on ${model}`);
  return { ...configuration, transactions };
}

export interface Replayed {
  readonly judged: Judged;
  /** How many of the recorded steps the run took. */
  readonly taken: number;
  readonly recorded: number;
}

export interface Replaying extends Pick<Conditions, 'observer' | 'stepLimit'> {
  readonly loose?: boolean;
  readonly watcher?: Watcher;
}

/**
 * Runs it again. Throws a UserError if the recorded steps do not fit the run any more; unless it is to be loose,
 * and pass over steps that cannot be taken: so a schedule stays of use when the fault that it shows has been mended.
 */
export function replaySaved(
  saved: SavedRun,
  configuration: Configuration,
  { loose = false, watcher = {}, ...conditions }: Replaying,
): Replayed {
  const { model } = configuration as { model: NonNullable<Configuration['model']> };
  const job = watched(jobOf(configuration), watcher);
  if (saved.schedule === 'virtual-time') {
    return { judged: judge(job, { ...conditions, model }), taken: 0, recorded: 0 };
  }
  const steps = Array.from(saved.schedule.steps, (digit) => Number.parseInt(digit, MOST_CORES));
  const replay = new Counted(loose ? new LooseReplay(steps) : new Replay(steps));
  const judged = judge(job, { ...conditions, model, schedule: replay });
  if (judged.run === undefined && replay.misfit !== undefined) {
    throw new UserError(`${replay.misfit}; the algorithm or the workload has changed since it was saved`);
  }
  return { judged, taken: Math.min(replay.taken, steps.length), recorded: steps.length };
}

/** Counts the steps, and keeps apart what the replay itself complains of. */
class Counted implements Schedule {
  readonly #schedule: Schedule;
  taken = 0;
  misfit: string | undefined;

  constructor(schedule: Schedule) {
    this.#schedule = schedule;
  }

  add(core: number, time: number): void {
    this.#schedule.add(core, time);
  }

  next(): number {
    try {
      const core = this.#schedule.next();
      if (core >= 0) this.taken++;
      return core;
    } catch (error) {
      this.misfit = (error as Error).message;
      throw error;
    }
  }

  horizon(): number {
    return this.#schedule.horizon();
  }
}

/** The same choices again, but for those of cores that may not step then. */
class LooseReplay implements Schedule {
  readonly #choices: readonly number[];
  readonly #ready = new Set<number>();
  #position = 0;

  constructor(choices: readonly number[]) {
    this.#choices = choices;
  }

  add(core: number): void {
    this.#ready.add(core);
  }

  next(): number {
    if (this.#ready.size === 0) return -1;
    while (this.#position < this.#choices.length) {
      const core = this.#choices[this.#position++];
      if (this.#ready.delete(core)) return core;
    }
    const lowest = Math.min(...this.#ready);
    this.#ready.delete(lowest);
    return lowest;
  }

  horizon(): number {
    return Number.NEGATIVE_INFINITY;
  }
}

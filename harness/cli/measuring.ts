/** Measures configurations for a command: shows how far it is, and records each trial as it ends. */
import { availableParallelism } from 'node:os';
import { type Configuration, machineName } from '../experiment/configuration.ts';
import { requestOf } from '../experiment/identity.ts';
import { measure } from '../experiment/measure.ts';
import type { ResultsFolder } from '../experiment/record.ts';
import type { Summary } from '../experiment/summary.ts';
import type { Trial } from '../experiment/trial.ts';
import { workOf } from '../experiment/work.ts';
import { commandFor } from '../report/command.ts';
import type { Progress } from './progress.ts';
import type { Terminal } from './terminal.ts';
import { guarded } from './watchdog.ts';

export interface Measuring {
  readonly repetitions: number;
  readonly progress: Progress;
  readonly folder: ResultsFolder | undefined;
  readonly trace?: boolean;
  readonly terminal: Terminal;
}

/** The trials, the failed ones too, in the order of the configurations. */
export async function measured(
  configurations: readonly Configuration[],
  { repetitions, progress, folder, terminal, trace = false }: Measuring,
): Promise<Trial[]> {
  const trials: Trial[] = [];
  if (configurations.length === 0) return trials;
  progress.doing(`${configurations[0].workload.declaration.name} on ${machineName(configurations[0])}`);
  // For one there is nothing to gain from a worker, which takes a while to start. A trace stays in its thread.
  const workers = configurations.length > 1 && !trace ? availableParallelism() : 0;
  const all = async (): Promise<void> => {
    for await (const trial of measure(workOf(configurations, repetitions), {
      trace,
      workers,
      onProgress: (message) => progress.doing(message),
    })) {
      folder?.add(trial);
      trials.push(trial);
      progress.ended(trial.configuration);
    }
  };
  try {
    const simulatedHere = workers === 0 && configurations[0].model !== undefined;
    await (simulatedHere ? guarded(configurations[0], terminal, all) : all());
  } finally {
    progress.clear();
  }
  const place = new Map(configurations.map((configuration, at) => [configuration, at]));
  const at = ({ configuration }: Trial): number => place.get(configuration) ?? -1;
  return trials.sort((a, b) => at(a) - at(b) || a.repetition - b.repetition);
}

/** What JSON output says of a configuration. */
export function jsonOf(summary: Summary, trials: readonly Trial[], repetitions: number): unknown {
  const { configuration, guarantee, id, metrics, n, rejected, throughput, warnings, witness } = summary;
  return {
    id,
    configuration: requestOf(configuration),
    guarantee,
    witness,
    n,
    rejected: rejected.length,
    medians: metrics,
    throughput,
    warnings,
    command: commandFor(configuration, { repetitions }),
    trials: trials
      .filter((trial) => trial.configuration === configuration)
      .map(({ metrics, repetition, verdict, warnings }) => ({
        repetition,
        metrics,
        // Not the serial order: it is as long as the block.
        verdict: verdict.verdict === 'valid' ? { verdict: 'valid' } : verdict,
        warnings,
      })),
  };
}

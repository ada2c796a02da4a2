/**
 * Calibration: finds the machine model under which the simulated machine takes, for a set of small programs, the
 * time that the machine to be measured takes. Nothing here knows what a figure means; it asks the simulator how
 * a program's time depends on it. So the same procedure, given a simulated machine to measure, finds its model.
 */
import type { MachineModel } from '../machine/simulated/model.ts';
import { leastSquares } from './least-squares.ts';
import {
  engineProbes,
  type Figure,
  type FigureProbe,
  figureProbes,
  type Probe,
  SHARED_BYTES,
  siblingProbe,
} from './probes.ts';
import { type Machine, type Reading, simulatedMachine } from './readings.ts';

/** How one figure was found. */
export interface Measured {
  readonly figure: Figure;
  /** What the model holds, in ns unless it is a fraction: three digits. */
  readonly value_ns: number;
  readonly how: string;
  /** Absent where several probes together tell the figure. */
  readonly reading?: Reading;
}

/** An engine of the calibration, and what the model that came out of it makes of it. */
export interface EngineReading {
  readonly how: string;
  readonly measured_ns: number;
  readonly predicted_ns: number;
}

export interface Calibration {
  readonly figures: readonly Measured[];
  readonly engines: readonly EngineReading[];
}

export interface CalibrationOptions {
  readonly cores: number;
  /** The size of what is read to miss every cache. */
  readonly memory_bytes: number;
  readonly onProgress?: (what: string) => void;
}

/** The figures of a machine on which nothing takes any time; what is measured is filled in. */
export const BLANK: Omit<MachineModel, 'name' | 'summary' | 'cores' | 'domains' | 'sources'> = {
  hit_ns: 0,
  atomic_ns: 0,
  memory_ns: 0,
  shared_ns: 0,
  shared_bytes: SHARED_BYTES,
  pause_ns: 0,
  work_ns: 0,
  access_ns: 0,
  operation_ns: 0,
  attempt_ns: 0,
  version_ns: 0,
  wake_ns: 0,
  spin_ns: 0,
  sleep_ns: 0,
  sibling: 0,
  block_ns: 0,
  crowding: 0,
};

export async function calibrate(machine: Machine, options: CalibrationOptions): Promise<Calibration> {
  const { cores, memory_bytes, onProgress } = options;
  const figures: Measured[] = [];
  const find = async (probe: FigureProbe): Promise<void> => {
    onProgress?.(`${probe.figure}: ${probe.how}`);
    const reading = await machine(probe);
    const value_ns = rounded(await solve(probe, reading, figures));
    figures.push({ figure: probe.figure, value_ns, how: probe.how, reading });
  };
  for (const probe of figureProbes(cores, memory_bytes)) await find(probe);
  const probes = engineProbes();
  const readings: Reading[] = [];
  for (const probe of probes) {
    onProgress?.(`an engine's own code: ${probe.how}`);
    readings.push(await machine(probe));
  }
  const how = `${probes.length} runs of three small engines: what they take beyond their accesses, by least squares`;
  for (const { figure, value_ns } of await engineFigures(probes, readings, figures)) {
    figures.push({ figure, value_ns: rounded(value_ns), how });
  }
  if (cores > 1) await find(siblingProbe());
  const engines = await Promise.all(
    probes.map(async (probe, at) => ({
      how: probe.how,
      measured_ns: readings[at].fast_ns,
      predicted_ns: (await predict(probe, figures)).median_ns,
    })),
  );
  return { figures, engines };
}

/** Secant steps, until the figure no longer changes: some programs' times are not quite linear in theirs. */
const STEPS = 4;
const CLOSE = 1e-3;
const START_NS = 50;

/** The figure's value under which the simulated machine takes as long. Throws if the two computed different things. */
async function solve(probe: FigureProbe, reading: Reading, known: readonly Measured[]): Promise<number> {
  const at = async (value_ns: number): Promise<number> => {
    const predicted = await predict(probe, [...known, { figure: probe.figure, value_ns, how: '' }]);
    if (predicted.result !== reading.result) {
      throw new Error(`${probe.figure}: measured was ${reading.result}, simulated ${predicted.result}`);
    }
    return predicted.median_ns - reading.fast_ns;
  };
  let [low, high] = [0, START_NS];
  let [below, above] = [await at(low), await at(high)];
  for (let step = 0; step < STEPS && above !== below; step++) {
    const next = Math.max(0, low - (below * (high - low)) / (above - below));
    if (Math.abs(next - high) <= CLOSE * high) break;
    [low, below] = [high, above];
    [high, above] = [next, await at(next)];
  }
  return high;
}

/** What an engine's own code is charged by. */
const ENGINE_FIGURES = [
  'access_ns',
  'operation_ns',
  'attempt_ns',
  'version_ns',
] as const satisfies readonly Figure[];

/** Four figures from more engines than that: least squares of the relative errors. */
async function engineFigures(
  probes: readonly Probe[],
  readings: readonly Reading[],
  known: readonly Measured[],
): Promise<Pick<Measured, 'figure' | 'value_ns'>[]> {
  const rows: number[][] = [];
  const missing: number[] = [];
  for (const [at, probe] of probes.entries()) {
    const { fast_ns } = readings[at];
    const base = (await predict(probe, known)).median_ns;
    const slopes = ENGINE_FIGURES.map(async (figure) => {
      const { median_ns } = await predict(probe, [...known, { figure, value_ns: 1, how: '' }]);
      return (median_ns - base) / fast_ns;
    });
    rows.push(await Promise.all(slopes));
    missing.push((fast_ns - base) / fast_ns);
  }
  const values = leastSquares(rows, missing);
  return ENGINE_FIGURES.map((figure, at) => ({ figure, value_ns: values[at] }));
}

function predict(probe: Probe, figures: readonly Measured[]): Promise<Reading> {
  return simulatedMachine(
    withMeasured({ name: 'blank', summary: '', cores: probe.request.cores, ...BLANK, sources: {} }, figures),
  )(probe);
}

/** The model with the figures that were measured. */
export function withMeasured(
  base: Omit<MachineModel, 'domains'>,
  figures: readonly Pick<Measured, 'figure' | 'value_ns'>[],
): MachineModel {
  const own = Object.fromEntries(figures.map(({ figure, value_ns }) => [figure, value_ns]));
  const { transfer_ns = 0, ...others } = own;
  const cores = 2 ** Math.ceil(Math.log2(base.cores));
  return { ...base, ...others, domains: [{ cores, transfer_ns }] };
}

function rounded(value: number): number {
  return Number(value.toPrecision(3));
}

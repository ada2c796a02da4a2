/** From a calibration to a model file of the host that it ran on. */
import type { MachineModel } from '../machine/simulated/model.ts';
import { BLANK, type Calibration, type Measured, withMeasured } from './calibrate.ts';

export interface Host {
  /** What the model is called. */
  readonly name: string;
  readonly cpu: string;
  readonly cores: number;
  /** Of the calibration, as 2026-11-25. */
  readonly date: string;
}

/** The model, each figure with how it was measured. */
export function hostModel({ figures }: Calibration, { cores, cpu, date, name }: Host): MachineModel {
  const by = `contend calibrate, ${cpu}, ${date}`;
  const sources = Object.fromEntries(
    figures.map((measured) => [
      measured.figure === 'transfer_ns' ? 'domains' : measured.figure,
      `measured by ${by}: ${sourceOf(measured)}`,
    ]),
  );
  const base = {
    name,
    summary: `${cpu}, ${cores} core${cores === 1 ? '' : 's'}, as contend calibrate found it on ${date}`,
    cores,
    ...BLANK,
    sources: {
      domains: 'guess: there was one core, so no other to hand a line to',
      sleep_ns: 'none: there was one core, so no other to wake',
      sibling: 'none: there was one core',
      ...sources,
      shared_bytes: 'guess: what of the last-level cache is there for one block',
      block_ns: 'none: threads stand ready before a block starts',
      crowding: 'none: not measured',
    },
  };
  return withMeasured(base, figures);
}

function sourceOf({ how, reading }: Measured): string {
  if (reading === undefined) return how;
  const { fast_ns, median_ns, samples, spread } = reading;
  const taken = `${digits(fast_ns)} ns a round in the fastest tenth of ${samples} samples`;
  return `${how}; ${taken}, median ${digits(median_ns)}, quartiles ${(100 * spread).toFixed(0)} % apart`;
}

function digits(value: number): string {
  return String(Number(value.toPrecision(3)));
}

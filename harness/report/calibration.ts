/** What a calibration found, and how far its model is from the machine. */
import { median } from 'simple-statistics';
import type { Calibration, EngineReading, Measured } from '../calibrate/calibrate.ts';
import { type Judgement, meanError } from '../calibrate/judge.ts';
import type { Look } from './paint.ts';
import { type Column, table } from './table.ts';
import { counted, percent } from './units.ts';

const NONE = '–';

export function calibrationReport({ engines, figures }: Calibration, look: Look): string {
  return `${figureTable(figures, look)}\n\n${engineTable(engines, look)}`;
}

function figureTable(figures: readonly Measured[], { paint, width }: Look): string {
  const columns: Column[] = [
    { title: 'figure' },
    { title: 'ns', align: 'right' },
    { title: 'fastest\ntenth', align: 'right' },
    { title: 'median', align: 'right' },
    { title: 'quartiles\napart %', align: 'right' },
    { title: 'samples', align: 'right' },
    { title: 'measured by', width: Math.max(30, width - 66) },
  ];
  const rows = figures.map(({ figure, how, reading, value_ns }) => [
    paint('bold', figure),
    String(value_ns),
    ...(reading === undefined
      ? [NONE, NONE, NONE, NONE]
      : [
          digits(reading.fast_ns),
          digits(reading.median_ns),
          percent(reading.spread),
          String(reading.samples),
        ]),
    how,
  ]);
  return table(columns, rows, (title) => paint('dim', title));
}

function engineTable(engines: readonly EngineReading[], { paint }: Look): string {
  const columns: Column[] = [
    { title: 'engine' },
    { title: 'ns a transaction\nmeasured', align: 'right' },
    { title: '\nby the model', align: 'right' },
    { title: 'predicted /\nmeasured', align: 'right' },
  ];
  const rows = engines.map(({ how, measured_ns, predicted_ns }) => [
    how,
    digits(measured_ns),
    digits(predicted_ns),
    (predicted_ns / measured_ns).toFixed(2),
  ]);
  return table(columns, rows, (title) => paint('dim', title));
}

/** Algorithms against workloads and cores: predicted / measured throughput. */
export function judgementReport(judgements: readonly Judgement[], { paint }: Look): string {
  const columns = [...Map.groupBy(judgements, columnOf).entries()].sort(
    ([, a], [, b]) => a[0].cores - b[0].cores,
  );
  const algorithms = [...new Set(judgements.map(({ algorithm }) => algorithm))];
  const rows = algorithms.map((algorithm) => [
    paint('bold', algorithm),
    ...columns.map(([, column]) => ratioOf(column.find((judgement) => judgement.algorithm === algorithm))),
  ]);
  const errors = columns.map(([, column]) => paint('bold', percent(meanError(column))));
  const head = columns.map(([title]): Column => ({ title, align: 'right' }));
  const grid = table(
    [{ title: 'predicted / measured\nthroughput' }, ...head],
    [...rows, ['mean error %', ...errors]],
    (title) => paint('dim', title),
  );
  return `${grid}\n\n${worst(judgements)}`;
}

function columnOf({ cores, workload }: Judgement): string {
  return `${workload.label}\n${counted(cores, 'core')}`;
}

function ratioOf(judgement: Judgement | undefined): string {
  return judgement === undefined || Number.isNaN(judgement.ratio) ? NONE : judgement.ratio.toFixed(2);
}

function worst(judgements: readonly Judgement[]): string {
  const valid = judgements.filter(({ ratio }) => !Number.isNaN(ratio));
  const signed = valid.map(({ ratio }) => ratio).sort((a, b) => a - b);
  const noise = valid.map(({ measured_tps, median_tps }) => measured_tps / median_tps - 1);
  const busy = noise.reduce((total, each) => total + each, 0) / noise.length;
  return (
    `Mean absolute error of ${valid.length} predictions: ${percent(meanError(valid))} %, the median one ` +
    `${percent(median(signed.map((ratio) => Math.abs(ratio - 1))))} %; ` +
    `from ${signed[0]?.toFixed(2)} to ${signed.at(-1)?.toFixed(2)} of what was measured.\n` +
    `Measured is the fastest tenth of the repetitions, ${percent(busy)} % above their median on average.`
  );
}

function digits(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** What one number of cores comes to, in more than one number a trial: latencies, the cores' time, efficiency. */
import { mean, median } from 'simple-statistics';
import type { Row } from '../../experiment/row.ts';
import { type Breakdown, breakdown } from './breakdown.ts';
import { type Chart, chartOf } from './chart.ts';
import { numberAt, textAt } from './columns.ts';
import { type Cell, heatMap } from './heatmap.ts';
import { TIME_COLOURS } from './palette.ts';
import { warningsOf } from './points.ts';
import { QUANTILE_NOTE, type Quantile, quantiles } from './quantiles.ts';
import { quantityOf } from './quantity.ts';
import { ranking } from './ranked.ts';
import { seriesOf } from './series.ts';
import { facetOf, sampling, warningNote, wording } from './words.ts';

/** Rows that differ in nothing but chance, the algorithm and the columns of `facets`. */
export interface Profiled {
  readonly rows: readonly Row[];
  readonly facets: readonly string[];
  readonly rejected: readonly Row[];
}

const QUANTILES = [
  ['median', 'latency_p50_ns'],
  ['95 %', 'latency_p95_ns'],
  ['99 %', 'latency_p99_ns'],
] as const;
/** Behind what has a warning, where it cannot be drawn hollow. */
const WARNED = '°';

/** From a transaction's first attempt to its commit: the median and the tail. */
export function latencyChart({ rows, facets, rejected }: Profiled): Chart {
  const series = seriesOf(rows);
  const y = quantityOf('latency_p50_ns');
  const panels = groups(rows, facets).map(([title, group]) => ({
    title,
    points: [...Map.groupBy(group, series.of)].flatMap(([name, own]) =>
      QUANTILES.map(
        ([quantile, column]): Quantile => ({
          series: name,
          quantile,
          y: medianOf(own, column) * y.factor,
          warnings: warningsOf(own).join(' '),
        }),
      ).filter((point) => Number.isFinite(point.y)),
    ),
  }));
  const texts = wording({
    subject: 'latency from first attempt to commit',
    slug: ['latency'],
    rows,
    notes: [QUANTILE_NOTE, ...warningNote(warningsOf(rows), 'hollow'), ...series.notes],
    asides: sampled(rows, series.of, facets),
    rejected,
  });
  return chartOf(texts, quantiles({ ...texts, y: { ...y, title: 'latency' }, panels, looks: series.looks }));
}

/** Where the cores' time went. */
export function breakdownChart({ rows, facets, rejected }: Profiled): Chart {
  const series = seriesOf(rows);
  const warned = new Set(rows.filter((row) => warningsOf([row]).length > 0).map(series.of));
  const labelOf = (row: Row): string => series.of(row) + (warned.has(series.of(row)) ? WARNED : '');
  const panels = groups(rows, facets).map(([title, group]) => ({
    title,
    shares: [...Map.groupBy(group, labelOf)].flatMap(([name, own]) => sharesOf(name, own)),
  }));
  const useful = panels.flatMap(({ shares }) => shares.filter(({ part }) => part === 'useful'));
  const texts = wording({
    subject: "where the cores' time went",
    slug: ['time'],
    rows,
    notes: [...warningNote(warningsOf(rows), WARNED), ...series.notes],
    asides: [
      "useful: last attempts; wasted: aborted ones; engine: the algorithm's own work outside attempts; means of the trials",
    ],
    rejected,
  });
  const order = ranking(useful.map(({ series: name, share }) => ({ series: name, y: share })));
  return chartOf(texts, breakdown({ ...texts, panels, order }));
}

function sharesOf(series: string, rows: readonly Row[]): Breakdown['panels'][number]['shares'] {
  const parts = Object.keys(TIME_COLOURS) as (keyof typeof TIME_COLOURS)[];
  return parts.map((part) => ({ series, part, share: mean(rows.map((row) => numberAt(row, part))) }));
}

/** How near each algorithm comes to the best that any schedule could reach: a column a block. */
export function efficiencyChart({ rows, facets, rejected }: Profiled): Chart {
  const series = seriesOf(rows);
  // Of one setting the values will do, under its name.
  const [only] = facets.length === 1 && facets[0].includes('.') ? facets : [];
  const columns =
    only === undefined ? groups(rows, facets, ' ') : [...Map.groupBy(rows, (row) => textAt(row, only))];
  const cells = columns.flatMap(([column, group]) =>
    [...Map.groupBy(group, series.of)].map(
      ([name, own]): Cell => ({
        series: name,
        column,
        y: medianOf(own, 'efficiency'),
        warnings: warningsOf(own).join(' '),
      }),
    ),
  );
  const texts = wording({
    subject: 'efficiency: bound / makespan, %',
    slug: ['efficiency'],
    rows,
    notes: [...warningNote(warningsOf(rows), WARNED), ...series.notes],
    asides: sampled(rows, series.of, facets),
    rejected,
  });
  return chartOf(
    texts,
    heatMap({
      ...texts,
      cells,
      columns: columns.map(([column]) => column),
      heading: only === undefined ? '' : quantityOf(only).name,
    }),
  );
}

/** The rows of each block, by the words for it. */
function groups(rows: readonly Row[], facets: readonly string[], between?: string): [string, Row[]][] {
  return [...Map.groupBy(rows, (row) => facetOf(row, facets, between))];
}

function medianOf(rows: readonly Row[], column: string): number {
  const values = rows.map((row) => numberAt(row, column)).filter(Number.isFinite);
  return values.length === 0 ? Number.NaN : median(values);
}

function sampled(rows: readonly Row[], series: (row: Row) => string, facets: readonly string[]): string[] {
  const sizes = groups(rows, facets).flatMap(([, group]) =>
    [...Map.groupBy(group, series).values()].map((own) => own.length),
  );
  return [sampling(sizes, false)];
}

/**
 * The charts that anybody would draw of these rows, from the grid's shape alone: of each machine, since real and
 * virtual time do not compare,
 *
 *   along each setting that varies and is a number   throughput, speed-up, aborts per commit; others become panels
 *   where nothing but the algorithm varies           the same as bars
 *   on the most cores                                latency, the cores' time, efficiency
 */
import type { Row } from '../../experiment/row.ts';
import { type Chart, type ChartRequest, chart } from './chart.ts';
import { isNumeric, numberAt, textAt, valuesOf, varying } from './columns.ts';
import { breakdownChart, efficiencyChart, latencyChart } from './profile.ts';
import { type Filter, filtered, filteredIfAny, refuseUnfit } from './selection.ts';

const QUANTITIES = ['throughput_tps', 'speedup', 'aborts_per_commit'];
/** As many panels as still make one figure, of lines and of bars; and columns of a heat map. */
const LINE_PANELS = 4;
const BAR_PANELS = 6;
const BLOCKS = 12;

/** Throws a UserError where there is nothing to draw, or the rows are of several schemas. */
export function obviousCharts(
  runs: readonly Row[],
  rejected: readonly Row[] = [],
  filter: Filter = {},
): Chart[] {
  refuseUnfit(runs);
  const refused = Map.groupBy(filteredIfAny(rejected, filter), ({ machine }) => machine);
  return [...Map.groupBy(filtered(runs, filter), ({ machine }) => machine)].flatMap(([machine, rows]) =>
    machineCharts(rows, refused.get(machine) ?? []),
  );
}

/** What a chart runs along when nobody says: the cores, or else the first number that varies, or the algorithms. */
export function usualAxis(runs: readonly Row[], filter: Filter = {}): string {
  const rows = filtered(runs, filter);
  const settings = settingsOf(rows).filter((column) => isNumeric(rows, column));
  return settings.includes('cores') ? 'cores' : (settings[0] ?? 'algorithm');
}

function machineCharts(rows: readonly Row[], rejected: readonly Row[]): Chart[] {
  const workloads = [...Map.groupBy(rows, ({ workload }) => workload)];
  const lines = workloads.flatMap(([workload, own]) =>
    settingsOf(own)
      .filter((x) => isNumeric(own, x))
      .flatMap((x) =>
        along(x, own, { rejected, ...(workloads.length > 1 ? { prefix: `${workload}-` } : {}) }),
      ),
  );
  const most = mostOf(mostOf(rows, 'cores'), 'transactions');
  const bars = lines.length > 0 ? [] : barCharts(most, rejected);
  const profiled = { ...narrowed(most, settingsOf(most), BAR_PANELS), rejected };
  const blocks = { ...narrowed(most, settingsOf(most), BLOCKS), rejected };
  return [
    ...lines,
    ...bars,
    latencyChart(profiled),
    breakdownChart(profiled),
    ...(blocks.facets.length > 0 ? [efficiencyChart(blocks)] : []),
  ];
}

/** Each quantity along x. Of the number of cores and of transactions a chart along anything else shows the most. */
function along(
  x: string,
  rows: readonly Row[],
  { rejected, prefix = '' }: { rejected: readonly Row[]; prefix?: string },
): Chart[] {
  const told = rows.filter((row) => Number.isFinite(numberAt(row, x)));
  const most = ['cores', 'transactions'].filter((column) => column !== x).reduce(mostOf, told);
  // On the most cores it may be the same everywhere.
  if (valuesOf(most, x).length < 2) return [];
  const others = settingsOf(most).filter((column) => column !== x);
  const { rows: drawn, facets } = narrowed(withLines(most, x, others), others, LINE_PANELS);
  return drawnOf(drawn, { x, facet: facets, rejected, kind: 'lines' }).map((one) => ({
    ...one,
    name: `${prefix}${one.name}`,
  }));
}

/** The rows of those blocks that were measured at several x; all of them if there is no such block. */
function withLines(rows: readonly Row[], x: string, others: readonly string[]): readonly Row[] {
  const blocks = Map.groupBy(rows, (row) => JSON.stringify(others.map((column) => textAt(row, column))));
  const lines = [...blocks.values()].filter((block) => valuesOf(block, x).length > 1).flat();
  return lines.length > 0 ? lines : rows;
}

function barCharts(rows: readonly Row[], rejected: readonly Row[]): Chart[] {
  const { rows: drawn, facets } = narrowed(rows, settingsOf(rows), BAR_PANELS);
  return drawnOf(drawn, { x: 'algorithm', facet: facets, rejected, kind: 'bars' });
}

function drawnOf(rows: readonly Row[], request: Omit<ChartRequest, 'y'>): Chart[] {
  return QUANTITIES.filter((y) => isNumeric(rows, y)).map((y) => chart(rows, { ...request, y }));
}

/** The settings that differ, but an algorithm's own, which tell series apart. */
function settingsOf(rows: readonly Row[]): string[] {
  return varying(rows).filter((column) => !/^algorithm\b/.test(column));
}

/** The rows with the largest value of the column. */
function mostOf(rows: readonly Row[], column: string): readonly Row[] {
  // More threads than the host has cores say little, so where there are others these do not stand for it.
  const telling = rows.filter(({ warnings }) => !`${warnings ?? ''}`.includes('more-workers-than-cores'));
  const largest = valuesOf(column === 'cores' && telling.length > 0 ? telling : rows, column).at(-1);
  return rows.filter((row) => textAt(row, column) === largest);
}

/** As many of the blocks as there may be panels, evenly from the first to the last; and the columns that tell them apart. */
function narrowed(
  rows: readonly Row[],
  columns: readonly string[],
  panels: number,
): { rows: readonly Row[]; facets: readonly string[] } {
  const key = (row: Row): string => JSON.stringify(columns.map((column) => textAt(row, column)));
  const blocks = [...Map.groupBy(rows, key).values()];
  const step = (blocks.length - 1) / (panels - 1);
  const chosen =
    blocks.length <= panels
      ? blocks
      : Array.from({ length: panels }, (_, at) => blocks[Math.round(at * step)]);
  const left = chosen.flat();
  return { rows: left, facets: columns.filter((column) => varying(left).includes(column)) };
}

/** Our rows beside the points that a paper published, and beside what the conflicts of the block permit at all. */
import type { Claims } from '../claims/claim.ts';
import { type Cells, Rows } from '../claims/rows.ts';
import type { Row } from '../experiment/row.ts';
import type { Look } from './paint.ts';
import { table } from './table.ts';
import { grouped } from './units.ts';

/** Measured columns of a published row; all others say what it is of. */
const MEASURED = ['throughput_tps', 'speedup'];

/**
 * A line a curve of the paper, at its largest number of cores: speed-ups of the paper, of ours under each setting, and
 * the highest that any schedule could reach. Nothing where there are no published points with rows of ours.
 */
export function besidePaper(claims: Claims, runs: readonly Row[], look: Look): string {
  const settings = claims.settings.map(({ name, selects }) => ({
    name,
    rows: new Rows(runs.filter(selects)),
  }));
  const lines = curveEnds(claims).flatMap((point) => {
    const ours = settings.map(({ rows }) => rows.where(placeOf(point)));
    const bound = ours.flatMap(({ all }) => all).map((row) => Number(row.baseline_ns) / Number(row.bound_ns));
    if (bound.length === 0) return [];
    return [
      [
        point.algorithm,
        ...placeWords(point),
        factor(Number(point.speedup)),
        ...ours.map((rows) => (rows.all.length === 0 ? '–' : factor(rows.median('speedup')))),
        factor(Math.max(...bound)),
      ],
    ];
  });
  if (lines.length === 0) return '';
  const right = (title: string) => ({ title, align: 'right' as const });
  const columns = [
    { title: 'speed-up of', gap: 1 },
    { title: 'on' },
    right('transactions'),
    right('cores'),
    right('paper'),
    ...settings.map(({ name }) => right(name.replace(', ', ',\n'))),
    right('conflicts\npermit'),
  ];
  return table(columns, lines, (title) => look.paint('bold', title));
}

/** Of points that differ only in their cores the one with the most. */
function curveEnds({ published = [] }: Claims): Row[] {
  const points = published.flatMap(({ rows }) => rows).filter(({ speedup }) => speedup !== undefined);
  const curves = Map.groupBy(points, (point) => JSON.stringify({ ...placeOf(point), cores: '' }));
  return [...curves.values()].map((curve) =>
    curve.reduce((most, point) => (Number(point.cores) > Number(most.cores) ? point : most)),
  );
}

function placeOf(point: Row): Cells {
  return Object.fromEntries(Object.entries(point).filter(([column]) => !MEASURED.includes(column)));
}

function placeWords(point: Row): string[] {
  const parameters = Object.entries(point).filter(([column]) => column.startsWith('workload.'));
  const words = parameters.map(([column, cell]) =>
    Number.isNaN(Number(cell)) ? cell : `${grouped(Number(cell))} ${column.replace('workload.', '')}`,
  );
  return [words.join(', '), grouped(Number(point.transactions)), point.cores];
}

function factor(speedup: number): string {
  return speedup.toFixed(speedup < 10 ? 2 : 1);
}

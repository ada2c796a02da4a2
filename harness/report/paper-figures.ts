/** A paper's figures drawn of our rows, with its own points laid over; and how far claims hang on guesses. */
import { type Claims, drawnRows, type Figure } from '../claims/claim.ts';
import { sensitivity } from '../claims/sensitivity.ts';
import type { Row } from '../experiment/row.ts';
import { type Chart, chart } from './charts/chart.ts';

/** One chart a figure of which there are rows, then one a figure whose value is varied. */
export function paperFigures(claims: Claims, runs: readonly Row[]): Chart[] {
  return [
    ...(claims.figures ?? []).flatMap((figure) => drawn(figure, claims, runs)),
    ...sensitivityCharts(claims, runs),
  ];
}

function drawn(figure: Figure, claims: Claims, runs: readonly Row[]): Chart[] {
  const { name, title, x, y, by, facet = [], settings } = figure;
  const chosen = claims.settings.filter((setting, at) => settings?.includes(setting.name) ?? at === 0);
  const rows = chosen.flatMap((setting) =>
    drawnRows(figure, runs.filter(setting.selects)).map((row) => bare(row, setting.name)),
  );
  if (rows.length === 0) return [];
  const overlays = (claims.published ?? [])
    .filter((points) => points.figure === figure.published)
    .map(({ mark, rows: points }) => ({ label: `the paper's, ${mark}`, rows: points }));
  return [
    chart(rows, { name, title, x, y, facet, overlays, kind: 'lines', ...(by === undefined ? {} : { by }) }),
  ];
}

/** The setting's name says what its figures of the machine do, and a series' own what its algorithm and options are. */
function bare({ series, ...row }: Row, setting: string): Row {
  const said = series === undefined ? /^machine\./ : /^(machine|algorithm)\./;
  const cells = Object.entries(row).filter(([column]) => !said.test(column));
  return { ...Object.fromEntries(cells), ...(series === undefined ? {} : { algorithm: series }), setting };
}

/** A column without what it belongs to: `hit_ns` of `machine.hit_ns`. */
const bareName = (column: string): string => column.replace(/^\w+\./, '');

/** A line a claim over the figure's values: how far the number that decides is beyond its threshold, which is at 1. */
function sensitivityCharts(claims: Claims, runs: readonly Row[]): Chart[] {
  const points = sensitivity(claims, runs);
  return [...Map.groupBy(points, ({ figure }) => figure)].map(([figure, own]) => {
    const line = (claim: string, value: number, margin: number): Row => {
      return { schema: '1', claim, [figure]: `${value}`, margin: `${margin}` };
    };
    const values = [...new Set(own.map(({ value }) => value))];
    const rows = [
      ...own.map(({ claim, value, margin }) => line(claim, value, margin)),
      ...values.map((value) => line('threshold', value, 1)),
    ];
    return chart(rows, {
      name: `sensitivity-${bareName(figure)}`,
      title: `Headline claims against ${bareName(figure)}: above 1 they hold`,
      x: figure,
      y: 'margin',
      by: 'claim',
      kind: 'lines',
    });
  });
}

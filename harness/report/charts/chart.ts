/**
 * A chart of any columns.
 *
 *   rows ─ filter ─▶ panels ─ series ─▶ points (median, interval) ─▶ Vega-Lite specification ─▶ render.ts, page.ts
 *
 * It refuses what would mix different things on one line, and says what to ask for instead. Nothing here touches a
 * file, so reports, notebooks and the command line draw with the same functions.
 */
import type { Row } from '../../experiment/row.ts';
import { UserError } from '../../experiment/user-error.ts';
import { bars } from './bars.ts';
import { isNumeric, resolveColumn, valuesOf } from './columns.ts';
import type { Spec } from './frame.ts';
import { lines } from './lines.ts';
import { type Overlay, overlayPoints } from './overlay.ts';
import { type Point, pointsOf } from './points.ts';
import { quantityOf } from './quantity.ts';
import { boundsAlong, orderOf, referencesOf } from './references.ts';
import { type Filter, filtered, filteredIfAny, refuseMixture, refuseUnfit } from './selection.ts';
import { type Series, seriesOf } from './series.ts';
import { facetOf, joined, sampling, type Texts, warningNote, wording } from './words.ts';

export interface Chart {
  /** Of its files: no blanks, no slashes. */
  readonly name: string;
  readonly title: string;
  /** What stands under it in a paper: what is drawn, where it ran, how to read it. Plain text. */
  readonly caption: string;
  /** The part of it that many charts of the same rows share: how points are to be read, and what is not drawn. */
  readonly notes: readonly string[];
  /** A Vega-Lite specification with its data in it. */
  readonly spec: Spec;
}

export interface ChartRequest {
  /** Lines where x is a number and bars where it is not, unless given. */
  readonly kind?: 'lines' | 'bars';
  /** Columns of the files, or those that `columns.ts` derives; `accounts` will do for `workload.accounts`. */
  readonly x: string;
  readonly y: string;
  /** A series for each of its values; by default for each algorithm with those of its options that differ. */
  readonly by?: string;
  /** A panel for each combination of their values. Several machines always have panels of their own. */
  readonly facet?: readonly string[];
  readonly filter?: Filter;
  /** Rows without a valid verdict: of these the caption tells, they are not drawn. */
  readonly rejected?: readonly Row[];
  /** Points from elsewhere to lay over lines: a paper's. */
  readonly overlays?: readonly Overlay[];
  /** Instead of what the quantities suggest. */
  readonly title?: string;
  readonly name?: string;
}

/** As many lines in a panel can be told apart; where there are more, those that keep the block's order go apart. */
const MANY_SERIES = 8;
/** More than that is no chart but a catalogue. */
const MOST_PANELS = 24;

/** Throws a UserError where there is nothing to draw, or rows would be pooled that differ by more than chance. */
export function chart(all: readonly Row[], request: ChartRequest): Chart {
  refuseUnfit(all);
  const column = (name: string): string => resolveColumn(all, name);
  const [x, y] = [column(request.x), column(request.y)];
  const by = request.by === undefined ? undefined : column(request.by);
  const rows = filtered(all, request.filter ?? {});
  const wanted = (request.facet ?? []).map(column);
  const apart = valuesOf(rows, 'machine').length > 1 && ![x, ...wanted].includes('machine');
  const facets = apart ? ['machine', ...wanted] : wanted;
  const numeric = request.kind === undefined ? isNumeric(rows, x) : request.kind === 'lines';
  if (numeric && !isNumeric(rows, x))
    throw new UserError(`lines need numbers along x, and ${x} holds others`);
  if (!isNumeric(rows, y)) throw new UserError(`${y} holds no numbers to draw`);
  refuseMixture(rows, [x, ...(by === undefined ? [] : [by]), ...facets], by);
  const panelled = numeric || x === 'algorithm' || x === by || facets.includes(x) ? facets : [...facets, x];
  const drawing: Drawing = {
    request,
    rows,
    x,
    y,
    series: seriesOf(rows, by),
    facets: panelled,
    rejected: filteredIfAny(request.rejected ?? [], request.filter ?? {}),
  };
  return (numeric ? lineChart : barChart)(drawing);
}

/** What is drawn of which rows, all names resolved. */
interface Drawing {
  readonly request: ChartRequest;
  readonly rows: readonly Row[];
  readonly x: string;
  readonly y: string;
  readonly series: Series;
  readonly facets: readonly string[];
  readonly rejected: readonly Row[];
}

function lineChart(drawing: Drawing): Chart {
  const { request, rows, x, y, series, facets } = drawing;
  const apart = series.looks.size > MANY_SERIES && new Set(rows.map(orderOf)).size > 1;
  const title = (row: Row): string => joined([facetOf(row, facets), apart ? orderOf(row) : ''], ', ');
  const overlays = request.overlays ?? [];
  const panels = panelsOf(rows, title).map(([title, group]) => ({
    title,
    axes: group[0].machine,
    points: pointsOf(group, { x, y, series: series.of, numeric: true }),
    references: referencesOf(group, x, y),
    overlays: overlays.map((overlay) => overlayPoints(overlay, group, { x, y, series: series.of })),
  }));
  const texts = textsOf(drawing, panels, overlays);
  const axes = { x: quantityOf(x), y: quantityOf(y) };
  return chartOf(texts, lines({ ...texts, ...axes, panels, looks: series.looks }));
}

function barChart(drawing: Drawing): Chart {
  const { rows, x, y, series, facets } = drawing;
  const panels = panelsOf(rows, (row) => facetOf(row, facets)).map(([title, group]) => {
    const bounds = boundsAlong(group, y, series.of);
    const points = pointsOf(group, { x, y, series: series.of, numeric: false });
    return { title, points: points.map((point) => ({ ...point, bound: bounds.get(point.series) ?? null })) };
  });
  const texts = textsOf(drawing, panels, []);
  return chartOf(texts, bars({ ...texts, y: quantityOf(y), panels, looks: series.looks }));
}

/** The rows of each panel by its title; panels in the order in which they first appear. */
function panelsOf(rows: readonly Row[], title: (row: Row) => string): [string, Row[]][] {
  const panels = [...Map.groupBy(rows, title)];
  if (panels.length <= MOST_PANELS) return panels;
  throw new UserError(
    `${panels.length} panels are more than the ${MOST_PANELS} that can be looked at: narrow them with --filter`,
  );
}

function textsOf(
  { request, rows, x, y, series, rejected }: Drawing,
  panels: readonly { readonly points: readonly Point[] }[],
  overlays: readonly Overlay[],
): Texts {
  const points = panels.flatMap((panel) => panel.points);
  const [subject, ground] = [y, x].map((column) => quantityOf(column).title.replace(/ \(.*/, ''));
  const words = wording({
    subject: request.title ?? (x === 'algorithm' ? subject : `${subject} against ${ground}`),
    slug: [y, ...(x === 'algorithm' ? [] : [x])],
    rows,
    notes: [
      ...warningNote(
        points.flatMap(({ warnings }) => warnings.split(' ')),
        'hollow',
      ),
      ...overlays.map(({ label }) => `× ${label}`),
      ...series.notes,
    ],
    asides: [sampling(points.map(({ n }) => n))],
    rejected,
  });
  return request.name === undefined ? words : { ...words, name: request.name };
}

export function chartOf({ name, title, caption, notes }: Texts, spec: Spec): Chart {
  return { name, title, caption, notes, spec };
}

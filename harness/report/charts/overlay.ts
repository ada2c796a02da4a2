/** Points from elsewhere, such as a paper's, laid over our lines. */
import type { Row } from '../../experiment/row.ts';
import { isSetting, numberAt, resolveColumn, sameValue, textAt } from './columns.ts';
import { quantityOf } from './quantity.ts';

export interface Overlay {
  /** As the chart tells of it: `paper, digitised`. */
  readonly label: string;
  /**
   * A point each: the cells of x and y in the columns' own units, and those settings that tell which line it belongs
   * to (`{ algorithm: 'x', accounts: 100, cores: 4, throughput_tps: 15_000 }`). A setting that it does not
   * name may be any.
   */
  readonly rows: readonly Readonly<Record<string, string | number>>[];
}

export interface OverlayPoint {
  readonly series: string;
  readonly x: number;
  readonly y: number;
}

/** Those of the overlay's points that belong to lines of these rows; what was not measured at all is left out. */
export function overlayPoints(
  overlay: Overlay,
  rows: readonly Row[],
  { x, y, series }: { x: string; y: string; series: (row: Row) => string },
): OverlayPoint[] {
  const [xFactor, yFactor] = [x, y].map((column) => quantityOf(column).factor);
  return overlay.rows.flatMap((given) => {
    const point = Object.fromEntries(
      Object.entries(given).map(([name, cell]) => [resolveColumn(rows, name), `${cell}`]),
    );
    const told = Object.keys(point).filter((column) => isSetting(column) && column !== x && column !== y);
    const own = rows.find((row) => told.every((column) => sameValue(textAt(row, column), point[column])));
    if (own === undefined) return [];
    return [{ series: series(own), x: numberAt(point, x) * xFactor, y: numberAt(point, y) * yFactor }];
  });
}

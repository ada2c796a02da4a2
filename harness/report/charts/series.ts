/** Who is compared in a chart, by what name, and how each of them looks. */
import type { Row } from '../../experiment/row.ts';
import { isControl } from '../words.ts';
import { isNumeric, isSetting, numberAt, textAt, varying } from './columns.ts';
import { type Style, styleAt, styleOf } from './palette.ts';
import { settingOf } from './words.ts';

export interface Series {
  /** A row's series, by the name that the chart shows. */
  readonly of: (row: Row) => string;
  /** In the order in which they first appear. */
  readonly looks: ReadonlyMap<string, Style>;
  /** What the names need to be understood. */
  readonly notes: readonly string[];
}

/** Behind the name of what promises less than serializability. */
const CONTROL = '†';

/** An algorithm each, apart by those options that differ; or else the values of the column `by`. */
export function seriesOf(rows: readonly Row[], by?: string): Series {
  return by === undefined || by === 'algorithm' ? algorithms(rows) : byValue(rows, by);
}

function algorithms(rows: readonly Row[]): Series {
  const options = new Map(
    [...Map.groupBy(rows, (row) => row.algorithm)].map(([name, group]) => [
      name,
      varying(group).filter((column) => column.startsWith('algorithm.')),
    ]),
  );
  const of = (row: Row): string => {
    const own = (options.get(row.algorithm) ?? []).filter((column) => row[column] !== '');
    const given = own.map((column) => `${column.replace('algorithm.', '')}=${row[column]}`);
    return [row.algorithm + (isControl(row.guarantee) ? CONTROL : ''), ...given].join(' ');
  };
  const controls = rows.some(({ guarantee }) => isControl(guarantee));
  const notes = controls ? [`${CONTROL} promises less than serializability`] : [];
  return { of, looks: looksOf(rows, of, (row) => row.algorithm), notes };
}

/** Numbers look as their rank says, so that no two of them look alike; names as everywhere. */
function byValue(rows: readonly Row[], by: string): Series {
  const of = (row: Row): string => (isSetting(by) ? settingOf(row, by) : textAt(row, by)) || '–';
  if (!isNumeric(rows, by)) return { of, looks: looksOf(rows, of, (row) => textAt(row, by)), notes: [] };
  const sorted = rows.toSorted((a, b) => numberAt(a, by) - numberAt(b, by));
  const names = [...new Set(sorted.map(of))];
  return { of, looks: new Map(names.map((name, rank) => [name, styleAt(rank)])), notes: [] };
}

/** A name's variants are told apart by dash, in the order of the alphabet, so that no other name matters. */
function looksOf(
  rows: readonly Row[],
  of: (row: Row) => string,
  nameOf: (row: Row) => string,
): Map<string, Style> {
  const names = new Map(rows.map((row) => [of(row), nameOf(row)]));
  const variants = Map.groupBy([...names.keys()].sort(), (label) => names.get(label));
  return new Map(
    [...names].map(([label, name]) => [label, styleOf(name, variants.get(name)?.indexOf(label))]),
  );
}

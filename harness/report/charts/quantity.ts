/** What a column is on an axis: its title, its unit and how its values are written. */

/** All of a quantity that does not depend on the values. */
export interface Quantity {
  readonly title: string;
  /** In a word or two, without its unit. */
  readonly name: string;
  /** From the column's unit to the axis's, which is the SI's base unit. */
  readonly factor: number;
  /** A tick's text, as an expression of Vega's. */
  readonly labelExpr: string;
}

const TITLES: Readonly<Record<string, string>> = {
  throughput_tps: 'throughput (tx/s)',
  speedup: 'speed-up over the plain loop',
  efficiency: 'efficiency (bound / makespan)',
};

const SHARES = ['efficiency', 'useful', 'wasted', 'blocked', 'idle', 'engine'];
const PLAIN = "abs(datum.value) < 1e4 ? format(datum.value, ',.4~r') : format(datum.value, '~s')";
const SECONDS = "datum.value == 0 ? '0' : format(datum.value, '~s') + 's'";
const PERCENT = "format(datum.value, '.0%')";

export function quantityOf(column: string): Quantity {
  const isTime = column.endsWith('_ns');
  const isRate = column.endsWith('_tps');
  const words = column
    .replace(/_(ns|tps)$/, '')
    .replace(/^(algorithm|workload|machine)\./, '')
    .replaceAll('_', ' ');
  const title = TITLES[column] ?? (isRate ? `${words} (tx/s)` : words);
  return {
    title,
    name: title.replace(/ \(.*| over.*/, ''),
    factor: isTime ? 1e-9 : 1,
    labelExpr: isTime ? SECONDS : SHARES.includes(column) ? PERCENT : PLAIN,
  };
}

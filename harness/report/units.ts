/** Numbers as people read them: three significant digits, a unit, and a dash for what there is none of. */

const NONE = '–';

/** 812, 97.4 k, 1.23 M */
export function short(value: number): string {
  return scaled(value, 1000, ['', ' k', ' M', ' G', ' T']);
}

/** 812 ns, 310 µs, 1.23 ms, 2.10 s */
export function duration(value_ns: number): string {
  return scaled(value_ns, 1000, [' ns', ' µs', ' ms', ' s']);
}

/** 13.9×, 0.98× */
export function times(factor: number): string {
  return Number.isNaN(factor) ? NONE : `${digits(factor)}×`;
}

/** 1.25 */
export function ratio(value: number): string {
  return Number.isNaN(value) ? NONE : value.toFixed(2);
}

/** 62: of a fraction, without the sign. */
export function percent(fraction: number): string {
  return Number.isNaN(fraction) ? NONE : (100 * fraction).toFixed(0);
}

/** 1,000,000: a count, or the median of counts. */
export function grouped(count: number): string {
  return Number.isNaN(count) ? NONE : count.toLocaleString('en-US', { maximumFractionDigits: 1 });
}

/** "1 core", "2 cores" */
export function counted(count: number, what: string): string {
  return `${grouped(count)} ${what}${count === 1 ? '' : 's'}`;
}

function scaled(value: number, step: number, units: readonly string[]): string {
  if (Number.isNaN(value)) return NONE;
  let rest = value;
  let unit = 0;
  // Rounded first: 999.6 is 1.00 k, not 1000.
  while (Math.abs(Number(rest.toPrecision(3))) >= step && unit < units.length - 1) {
    rest /= step;
    unit++;
  }
  return `${unit === 0 && Number.isInteger(rest) ? rest : digits(rest)}${units[unit]}`;
}

function digits(value: number): string {
  const rounded = Number(value.toPrecision(3));
  const magnitude = Math.abs(rounded);
  return rounded.toFixed(magnitude >= 100 ? 0 : magnitude >= 10 ? 1 : 2);
}

/** Bars of block characters. */

const FULL = '█';
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** A bar of so much of the width, to an eighth of a character. What is more than nothing shows. */
export function bar(fraction: number, width: number): string {
  if (!(fraction > 0)) return '';
  const eighths = Math.max(1, Math.round(Math.min(1, fraction) * width * 8));
  return FULL.repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8];
}

/**
 * How many of `width` cells each share gets: in proportion, and together as near to the sum of the shares as
 * whole cells come. Shares are fractions whose sum is at most 1.
 */
export function cells(shares: readonly number[], width: number): number[] {
  let sum = 0;
  let placed = 0;
  return shares.map((share) => {
    sum += Math.max(0, share);
    const end = Math.min(width, Math.round(sum * width));
    const count = Math.max(0, end - placed);
    placed += count;
    return count;
  });
}

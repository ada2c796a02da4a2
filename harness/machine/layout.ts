/** How the fields of a record lie in memory: the same on both machines. */
import { type Fields, type Layout, LINE_BYTES } from './machine.ts';

export const WORD_BYTES = 4;
export const VALUE_BYTES = 8;

export interface Arrangement {
  /** The byte offset of each field in a record; a value's is a multiple of 8. */
  readonly offsets: Readonly<Record<string, number>>;
  /** The bytes from one record to the next. */
  readonly bytes: number;
}

/**
 * Values first, then words, each in the order of declaration. A packed record of up to a line takes the next
 * power of two, so that it never straddles two lines; a longer one, and a padded one, takes whole lines.
 */
export function arrange(fields: Fields, layout: Layout): Arrangement {
  const offsets: Record<string, number> = {};
  let end = 0;
  for (const [name, kind] of Object.entries(fields)) {
    if (kind !== 'value') continue;
    offsets[name] = end;
    end += VALUE_BYTES;
  }
  for (const [name, kind] of Object.entries(fields)) {
    if (kind === 'value') continue;
    offsets[name] = end;
    end += WORD_BYTES * (kind === 'word' ? 1 : kind[1]);
  }
  const whole = layout === 'padded' || end > LINE_BYTES;
  return { offsets, bytes: whole ? roundUp(end, LINE_BYTES) : 2 ** Math.ceil(Math.log2(end)) };
}

/** The next multiple of `unit`. */
export function roundUp(size: number, unit: number): number {
  return Math.ceil(size / unit) * unit;
}

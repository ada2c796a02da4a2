/** What the pointer is told of a mark: its name, its numbers with their units, and in words what it has none of. */
import type { Part } from './frame.ts';
import type { Quantity } from './quantity.ts';

/** The mark's name, as a heading. */
export const NAME: Part = { field: 'series', title: 'title' };
export const REMARKS: Part = { field: 'remarks', title: 'warnings' };

/** Adds the field `remarks`. */
export const REMARKED: Part = {
  calculate: "datum.warnings === '' ? 'none' : replace(datum.warnings, / /g, ', ')",
  as: 'remarks',
};

/** Adds fields that say y, and the interval where there is one. */
export function valued(quantity: Quantity): Part[] {
  const interval = `${said('low', quantity)} + ' to ' + ${said('high', quantity)}`;
  return [
    REMARKED,
    { calculate: said('y', quantity), as: 'value' },
    { calculate: `isValid(datum.low) ? ${interval} : 'none'`, as: 'interval' },
  ];
}

/** The field's number as the axis writes it. */
export function said(field: string, { labelExpr }: Quantity): string {
  return `(${labelExpr.replaceAll('datum.value', `datum.${field}`)})`;
}

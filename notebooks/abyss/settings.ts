/** Under which figures of the machine model the claims are looked at. */
import { asItIs, type Setting } from '../../harness/claims/claim.ts';
import { Rows } from '../../harness/claims/rows.ts';
import type { Row } from '../../harness/experiment/row.ts';

const ONE_CHIP = 1;

/** Rows of a machine whose lines take the given domains: of one, a chip with cheap lines; of more, several sockets. */
export function machineOf(rows: Rows, kind: 'chip' | 'sockets'): Rows {
  return new Rows(
    rows.all.filter((row) => domainsOf(row) > 0 && (domainsOf(row) === ONE_CHIP) === (kind === 'chip')),
  );
}

function domainsOf(row: Row): number {
  const cell = row['machine.domains'] ?? '';
  return cell === '' ? 0 : (JSON.parse(cell) as unknown[]).length;
}

export const settings: readonly Setting[] = [
  {
    name: 'the model as it is',
    summary:
      'chip-1024 with its own figures, guesses after the paper of which none was fitted to its results',
    selects: (row) => asItIs(row) || domainsOf(row) > 0,
  },
];

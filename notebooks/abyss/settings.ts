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

/** Of transactions that compute so many units besides their accesses, there is a setting each. */
function computing(work: number): Setting {
  return {
    name: `${work / 1000} us of computing`,
    summary: `each transaction computes ${work} units besides its accesses, in those cells that were run so`,
    selects: (row) => asItIs(row) && row['workload.work'] === `${work}`,
  };
}

export const settings: readonly Setting[] = [
  {
    name: 'the model as it is',
    summary:
      'chip-1024 with its own figures, guesses after the paper of which none was fitted to its results; transactions are ' +
      'their accesses and compute nothing. (ABY-X gives the domains of two machines.)',
    selects: (row) => (asItIs(row) || domainsOf(row) > 0) && row['workload.work'] === '0',
  },
  computing(10_000),
  computing(50_000),
];

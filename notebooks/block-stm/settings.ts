/** Under which figures of the machine model the claims are looked at. */
import { asItIs, type Setting } from '../../harness/claims/claim.ts';
import type { Row } from '../../harness/experiment/row.ts';

/**
 * What a block costs in the paper, whatever its size, in nanoseconds: the intercept of time over block size in
 * figures 5 and 8, fitted to the digitised points (32 threads: 10 to 14 ms for Diem, 2 to 8 ms for Aptos).
 */
export const BLOCK_NS: Readonly<Record<string, number>> = { diem: 12e6, aptos: 5e6 };

function hasBlockCost(row: Row): boolean {
  const given = Object.keys(row).filter((column) => column.startsWith('machine.') && row[column] !== '');
  return given.length === 1 && row['machine.block_ns'] === `${BLOCK_NS[row['workload.variant']]}`;
}

export const settings: readonly Setting[] = [
  {
    name: 'the model as it is',
    summary: 'server-32 with its own figures, none of which was fitted to the paper',
    selects: (row) => asItIs(row) || row.machine === 'two-socket',
  },
  {
    name: 'a fixed cost a block',
    summary:
      'block_ns = 12 ms for Diem and 5 ms for Aptos: what figures 5 and 8 of the paper themselves come to, so ' +
      'BSTM-10 and BSTM-11 are no test under it',
    selects: hasBlockCost,
  },
];

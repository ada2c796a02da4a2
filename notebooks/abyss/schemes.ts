/** The paper's schemes by its names, as cells of our rows. */
import type { Cells, Rows } from '../../harness/claims/rows.ts';

/** What a copy of a row and the first back-off are given as, in units of work: guesses. */
export const GUESSED = { 'algorithm.copy': 250, 'algorithm.backoff': 100 } as const;

const locking = (policy: string): Cells => ({
  algorithm: '2pl',
  'algorithm.policy': policy,
  'algorithm.timestamps': ['atomic', 'none'],
  'algorithm.timeout': 0,
  'algorithm.upgrades': 'declared',
  ...GUESSED,
});

export const schemes = {
  NO_WAIT: locking('no-wait'),
  WAIT_DIE: locking('wait-die'),
  DL_DETECT: locking('detection'),
  TIMESTAMP: { algorithm: 'timestamp-ordering', 'algorithm.timestamps': 'atomic', ...GUESSED },
  MVCC: { algorithm: 'mvto', 'algorithm.timestamps': 'atomic', ...GUESSED },
  OCC: { algorithm: 'occ', 'algorithm.timestamps': 'atomic', ...GUESSED },
  'H-STORE': { algorithm: 'partition-locking', 'algorithm.timestamps': 'atomic' },
} as const satisfies Readonly<Record<string, Cells>>;

export type Scheme = keyof typeof schemes;

/** Rows of a scheme as the paper runs it. */
export function of(rows: Rows, scheme: Scheme, ...cells: Cells[]): Rows {
  return cells.reduce((some, more) => some.where(more), rows.where(schemes[scheme]));
}

/** On the model's own domains: another machine is looked at by its own claim. */
export const UPDATES: Cells = { 'workload.reads': 0.5, 'workload.partitions': 0, 'machine.domains': '' };
export const MEDIUM: Cells = { ...UPDATES, 'workload.theta': 0.6, transactions: 4096 };
export const HOT: Cells = { ...UPDATES, 'workload.theta': 0.8 };

/** The paper's schemes by its names, as cells of our rows. */
import type { Cells } from '../../harness/claims/rows.ts';

/** What a copy of a row is given as, in units of work: a guess. */
const COPY = 250;

const locking = (policy: string): Cells => ({
  algorithm: '2pl',
  'algorithm.policy': policy,
  'algorithm.timestamps': ['atomic', 'none'],
  'algorithm.timeout': 0,
  'algorithm.upgrades': 'declared',
});

export const schemes = {
  NO_WAIT: locking('no-wait'),
  WAIT_DIE: locking('wait-die'),
  DL_DETECT: locking('detection'),
  TIMESTAMP: { algorithm: 'timestamp-ordering', 'algorithm.timestamps': 'atomic', 'algorithm.copy': COPY },
  MVCC: { algorithm: 'mvto', 'algorithm.timestamps': 'atomic', 'algorithm.copy': COPY },
  OCC: { algorithm: 'occ', 'algorithm.timestamps': 'atomic', 'algorithm.copy': COPY },
  'H-STORE': { algorithm: 'partition-locking', 'algorithm.timestamps': 'atomic' },
} as const satisfies Readonly<Record<string, Cells>>;

export type Scheme = keyof typeof schemes;

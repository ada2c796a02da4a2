/** The registry of workloads, one line each, by name. A workload is loaded when it is asked for. */
import type { Workload } from './workload.ts';

export const workloads = {
  cycle: () => import('./cycle.ts'),
  mixed: () => import('./mixed.ts'),
  transfers: () => import('./transfers.ts'),
  'write-skew': () => import('./write-skew.ts'),
  ycsb: () => import('./ycsb.ts'),
} satisfies Readonly<Record<string, () => Promise<{ default: Workload }>>>;

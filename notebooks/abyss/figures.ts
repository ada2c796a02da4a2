/** The figures of "Staring into the Abyss", as charts of this experiment's rows. */
import type { Figure } from '../../harness/claims/claim.ts';
import { GUESSED, schemes } from './schemes.ts';

const OVER_CORES = { x: 'cores', y: 'throughput_tps' } as const;
/** Whose timestamps, if they draw any, are from the counter. */
const COUNTED = { 'algorithm.timestamps': 'atomic', 'workload.work': 0 };
const { 'H-STORE': _, ...NOT_PARTITIONED } = schemes;
/** On the model's own domains. */
const UPDATES = { ...COUNTED, 'workload.partitions': 0, 'workload.reads': 0.5, 'machine.domains': '' };

export const figures: readonly Figure[] = [
  {
    name: 'figure-4',
    title: 'Lock thrashing: locks in the order of keys',
    filter: { 'algorithm.policy': 'ordered', ...GUESSED },
    ...OVER_CORES,
    by: 'workload.theta',
  },
  {
    name: 'figure-5',
    title: 'Waiting for a lock for so many nanoseconds, theta 0.8, 64 cores',
    filter: { 'algorithm.policy': 'detection', 'algorithm.timestamps': 'none' },
    x: 'algorithm.timeout',
    y: 'throughput_tps',
    by: 'algorithm.policy',
  },
  {
    name: 'figure-6',
    title: 'Transactions that draw 100 timestamps each',
    filter: { algorithm: 'timestamps-alone', 'algorithm.between': 10 },
    ...OVER_CORES,
    by: 'algorithm.timestamps',
  },
  {
    name: 'figure-8',
    title: 'Only reads, uniform keys',
    filter: { ...COUNTED, 'workload.reads': 1, 'workload.operations': 16 },
    series: NOT_PARTITIONED,
    ...OVER_CORES,
  },
  {
    name: 'figure-9',
    title: 'Medium contention: theta 0.6, half updates',
    filter: { ...UPDATES, 'workload.theta': 0.6, transactions: 4096 },
    series: NOT_PARTITIONED,
    ...OVER_CORES,
  },
  {
    name: 'figure-10',
    title: 'High contention: theta 0.8, half updates',
    filter: { ...UPDATES, 'workload.theta': 0.8, transactions: 2048 },
    series: NOT_PARTITIONED,
    ...OVER_CORES,
  },
  {
    name: 'figure-11',
    title: 'Skew, 64 cores',
    filter: { ...UPDATES, cores: 64, transactions: 2048 },
    series: NOT_PARTITIONED,
    x: 'workload.theta',
    y: 'throughput_tps',
  },
  {
    name: 'figure-14',
    title: 'Transactions that touch two of 64 partitions, 64 cores',
    filter: { ...COUNTED, 'workload.partitions': 64 },
    series: schemes,
    x: 'workload.spread',
    y: 'throughput_tps',
  },
];

/** The figures of the Block-STM paper, as charts of this experiment's rows with the paper's points laid over. */
import type { Figure } from '../../harness/claims/claim.ts';

const DIEM = { 'workload.variant': 'diem', machine: 'server-32', 'algorithm.build': ['', 'timed'] };
const APTOS = { 'workload.variant': 'aptos', machine: 'server-32' };
const MINE = { algorithm: 'block-stm' };
const OVER_THREADS = { x: 'cores', y: 'speedup', facet: ['setting', 'transactions'] };
const OVER_ACCOUNTS = { ...OVER_THREADS, by: 'workload.accounts' };
const SMALL = { transactions: [1000, 10_000], cores: [4, 8, 16, 32] };
/** The model without anything fitted, and with all that was. */
const BOTH = ['as it is', 'block cost, crowding'];

export const figures: readonly Figure[] = [
  {
    name: 'figure-3',
    title: 'Diem payments between 1,000 accounts: Block-STM, Bohm, LiTM',
    filter: { ...DIEM, ...SMALL, algorithm: ['block-stm', 'bohm', 'litm'], 'workload.accounts': 1000 },
    ...OVER_THREADS,
    settings: BOTH,
    published: '3',
  },
  {
    name: 'figure-3-low-contention',
    title: 'Diem payments between 10,000 accounts: Block-STM, Bohm, LiTM',
    filter: { ...DIEM, ...SMALL, algorithm: ['block-stm', 'bohm', 'litm'], 'workload.accounts': 10_000 },
    ...OVER_THREADS,
    settings: BOTH,
    published: '3',
  },
  {
    name: 'figure-4',
    title: 'Diem payments between few accounts',
    filter: { ...DIEM, ...MINE, ...SMALL, 'workload.accounts': [2, 10, 100] },
    ...OVER_ACCOUNTS,
    settings: BOTH,
    published: '4',
  },
  {
    name: 'figure-5',
    title: 'Diem payments, blocks of 1,000 to 50,000',
    filter: { ...DIEM, ...MINE, cores: [16, 32], 'workload.accounts': 10_000 },
    x: 'transactions',
    y: 'speedup',
    by: 'cores',
    facet: ['setting'],
    settings: BOTH,
    published: '5',
  },
  {
    name: 'figure-6',
    title: 'Aptos payments between many accounts',
    filter: { ...APTOS, ...MINE, ...SMALL, 'workload.accounts': [1000, 10_000] },
    ...OVER_ACCOUNTS,
    settings: BOTH,
    published: '6',
  },
  {
    name: 'figure-7',
    title: 'Aptos payments between few accounts',
    filter: { ...APTOS, ...MINE, ...SMALL, 'workload.accounts': [2, 10, 100] },
    ...OVER_ACCOUNTS,
    settings: BOTH,
    published: '7',
  },
  {
    name: 'figure-8',
    title: 'Aptos payments, blocks of 1,000 to 50,000',
    filter: { ...APTOS, ...MINE, cores: [16, 32], 'workload.accounts': 10_000 },
    x: 'transactions',
    y: 'speedup',
    by: 'cores',
    facet: ['setting'],
    settings: BOTH,
    published: '8',
  },
];

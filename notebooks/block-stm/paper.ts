/**
 * The Block-STM paper's figures as numbers, in thousand transactions a second.
 *
 * Digitised from the vector figures in the published PDF (Gelashvili et al., PPoPP 2023): coordinates of the
 * polylines against the grid lines, good to about 1 %. The tick at 24 threads has no data point in any figure.
 */

import type { Published } from '../../harness/claims/claim.ts';
import type { Row } from '../../harness/experiment/row.ts';

/** Threads of figures 3, 4, 6 and 7. */
export const THREADS = [4, 8, 16, 32] as const;
/** Transactions a block in figures 5 and 8. */
export const BLOCKS = [1000, 5000, 10_000, 20_000, 50_000] as const;

/** Sequential execution, thousand transactions a second: 5.0 to 5.2 (Diem), 9.8 to 10.4 (Aptos). */
export const SEQUENTIAL = { diem: 5.1, aptos: 9.85 } as const;

export type Variant = keyof typeof SEQUENTIAL;

/** One line of a figure over numbers of threads. */
export interface Line {
  readonly figure: string;
  readonly variant: Variant;
  readonly algorithm: 'block-stm' | 'bohm' | 'litm';
  readonly accounts: number;
  readonly transactions: number;
  /** At each of THREADS. */
  readonly ktps: readonly number[];
}

type Short = readonly [accounts: number, transactions: number, ...ktps: number[]];

function lines(
  figure: string,
  variant: Variant,
  algorithm: Line['algorithm'],
  rows: readonly Short[],
): Line[] {
  return rows.map(([accounts, transactions, ...ktps]) => {
    return { figure, variant, algorithm, accounts, transactions, ktps };
  });
}

export const overThreads: readonly Line[] = [
  ...lines('3', 'diem', 'block-stm', [
    [1000, 1000, 15.4, 23.9, 33.9, 42.9],
    [10_000, 1000, 15.4, 23.9, 34.5, 44.3],
    [1000, 10_000, 18.6, 34.3, 59.9, 94.6],
    [10_000, 10_000, 19.0, 34.9, 62.0, 95.1],
  ]),
  ...lines('3', 'diem', 'bohm', [
    [1000, 1000, 12.8, 22.7, 33.1, 35.9],
    [10_000, 1000, 12.6, 22.3, 32.5, 34.3],
    [1000, 10_000, 14.9, 32.6, 63.8, 108.8],
    [10_000, 10_000, 14.5, 31.5, 58.5, 92.8],
  ]),
  ...lines('3', 'diem', 'litm', [
    [1000, 1000, 3.6, 4.9, 5.7, 6.1],
    [10_000, 1000, 7.6, 11.0, 14.3, 14.5],
    [1000, 10_000, 1.3, 2.4, 4.1, 5.6],
    [10_000, 10_000, 5.7, 10.9, 18.4, 26.1],
  ]),
  ...lines('4', 'diem', 'block-stm', [
    [2, 1000, 4.3, 3.8, 3.7, 3.6],
    [2, 10_000, 4.4, 3.9, 3.8, 3.7],
    [10, 1000, 8.7, 7.7, 7.5, 7.3],
    [10, 10_000, 9.4, 8.5, 8.2, 8.0],
    [100, 1000, 15.0, 21.8, 28.0, 29.7],
    [100, 10_000, 17.8, 30.1, 44.4, 48.4],
  ]),
  ...lines('6', 'aptos', 'block-stm', [
    [1000, 1000, 29.5, 44.1, 61.8, 74.0],
    [10_000, 1000, 29.3, 43.9, 62.5, 71.2],
    [1000, 10_000, 35.8, 64.1, 108.2, 160.0],
    [10_000, 10_000, 36.6, 65.3, 111.2, 166.4],
  ]),
  ...lines('7', 'aptos', 'block-stm', [
    [2, 1000, 8.3, 7.5, 7.8, 6.9],
    [2, 10_000, 8.6, 7.9, 7.4, 7.0],
    [10, 1000, 16.2, 14.6, 13.6, 13.5],
    [10, 10_000, 17.7, 15.7, 15.0, 14.5],
    [100, 1000, 28.6, 39.9, 48.8, 54.4],
    [100, 10_000, 33.7, 53.7, 75.2, 82.8],
  ]),
];

/** One line of figure 5 or 8, over block sizes. */
export interface BlockLine {
  readonly figure: string;
  readonly variant: Variant;
  readonly threads: number;
  readonly accounts: number;
  /** At each of BLOCKS. */
  readonly ktps: readonly number[];
}

export const overBlocks: readonly BlockLine[] = [
  { figure: '5', variant: 'diem', threads: 16, accounts: 1000, ktps: [33.7, 56.0, 61.0, 63.6, 64.6] },
  { figure: '5', variant: 'diem', threads: 16, accounts: 10_000, ktps: [34.8, 57.5, 62.3, 66.0, 67.7] },
  { figure: '5', variant: 'diem', threads: 32, accounts: 1000, ktps: [43.7, 84.9, 95.7, 103.8, 107.2] },
  { figure: '5', variant: 'diem', threads: 32, accounts: 10_000, ktps: [44.1, 88.7, 100.8, 109.8, 112.9] },
  { figure: '8', variant: 'aptos', threads: 16, accounts: 10_000, ktps: [62.5, 99.0, 111.2, 116.2, 120.2] },
  { figure: '8', variant: 'aptos', threads: 32, accounts: 1000, ktps: [74.0, 135.1, 160.0, 159.7, 164.9] },
  { figure: '8', variant: 'aptos', threads: 32, accounts: 10_000, ktps: [71.2, 136.7, 166.4, 168.8, 171.8] },
];

function row(
  line: Pick<Line, 'variant' | 'accounts' | 'transactions'>,
  algorithm: string,
  cores: number,
  ktps: number,
): Row {
  return {
    algorithm,
    workload: 'transfers',
    machine: 'server-32',
    cores: `${cores}`,
    transactions: `${line.transactions}`,
    'workload.variant': line.variant,
    'workload.accounts': `${line.accounts}`,
    throughput_tps: `${1000 * ktps}`,
    speedup: `${ktps / SEQUENTIAL[line.variant]}`,
  };
}

function pointsOver(figure: string): Row[] {
  const threads = overThreads
    .filter((line) => line.figure === figure)
    .flatMap((line) => line.ktps.map((ktps, at) => row(line, line.algorithm, THREADS[at], ktps)));
  const blocks = overBlocks
    .filter((line) => line.figure === figure)
    .flatMap((line) =>
      line.ktps.map((ktps, at) =>
        row({ ...line, transactions: BLOCKS[at] }, 'block-stm', line.threads, ktps),
      ),
    );
  return [...threads, ...blocks];
}

/** All points, as rows beside ours. Speed-ups are over the paper's own sequential execution. */
export const published: readonly Published[] = ['3', '4', '5', '6', '7', '8'].map((figure) => ({
  figure,
  mark: 'digitised',
  rows: pointsOver(figure),
}));

/** What the cells of the Block-STM notebook call. */

import runs from '../../results/block-stm/runs.csv?raw';
import { algorithm, type Form, form, NOTHING, selection, stops, type Values } from '../live/controls.ts';
import { type Choice, type Entry, nameOf, type Settings } from '../live/protocol.ts';
import type { Overlay } from '../live/speedup.ts';
import { rowsOf } from '../page/rows.ts';
import claims from './claims.ts';
import { overThreads, SEQUENTIAL, THREADS, type Variant } from './paper.ts';
import { FITTED } from './settings.ts';

export { breakdownFigure } from '../live/breakdown.ts';
export { speedupFigure } from '../live/speedup.ts';
export { Sweeps } from '../live/sweeps.ts';
export { Timelines, timelineFigure } from '../live/timelines.ts';
export { verdictLine } from '../live/verdict.ts';
export { claimsTable } from '../page/claims-table.ts';
export { paperFigure } from '../page/paper-figure.ts';
export { provenance } from '../page/rows.ts';
export { sensitivityFigure } from '../page/sensitivity-figure.ts';
export { claims };

/** The committed reference results. */
export const rows = rowsOf(runs);

/** What a payment computes in the paper, in nanoseconds: one over the sequential throughput. */
const WORK: Readonly<Record<Variant, number>> = { diem: 200_000, aptos: 100_000 };
/** The settings under which the claims are looked at: figures of the model that differ. */
const MODELS = { own: {}, block: { block_ns: FITTED.block_ns }, crowding: FITTED };
const CORES = [1, 2, 4, 8, 16, 32];

function offered(catalogue: readonly Entry[]) {
  return {
    accounts: stops('accounts', 'accounts', [2, 3, 5, 10, 20, 50, 100, 200, 500, 1000, 10_000], 100),
    cores: stops('cores', 'cores, up to', CORES.slice(2), 32),
    transactions: stops(
      'transactions',
      'payments in a block',
      [100, 200, 500, 1000, 2000, 5000, 10_000],
      200,
    ),
    variant: selection<Variant>('variant', 'a payment', {
      diem: 'Diem: 21 reads, 4 writes',
      aptos: 'Aptos: 8 reads, 5 writes',
    }),
    chosen: algorithm('algorithm', 'algorithm', { catalogue, start: 'block-stm' }),
    beside: algorithm('beside', 'beside it', { catalogue, start: NOTHING, orNothing: true }),
    model: selection<keyof typeof MODELS>('model', 'the machine’s model', {
      own: 'as it is',
      block: 'with a fixed cost of a block',
      crowding: 'with that, and crowding',
    }),
  };
}

type Offered = ReturnType<typeof offered>;

export function blockControls(catalogue: readonly Entry[]): Form<Offered> {
  return form(offered(catalogue));
}

/** What is simulated for these values of the controls. */
export function settingsOf(values: Values<Offered>): Settings {
  const { accounts, cores, transactions, variant, model, chosen, beside } = values;
  const choices = [chosen, beside].filter((choice): choice is Choice => choice !== undefined);
  return {
    choices: choices.filter((choice, at) => choices.map(nameOf).indexOf(nameOf(choice)) === at),
    workload: 'transfers',
    parameters: { accounts, variant, work: WORK[variant] },
    machine: 'server-32',
    model: MODELS[model],
    cores: CORES.filter((count) => count <= cores),
    transactions,
    seed: 1,
  };
}

function small(catalogue: readonly Entry[]) {
  return {
    accounts: stops('small-accounts', 'accounts', [2, 3, 5, 10, 20, 50, 100], 10),
    cores: stops('small-cores', 'cores', [1, 2, 4, 8, 16], 4),
    transactions: stops('small-transactions', 'payments in the block', [10, 20, 30, 40, 60, 80, 120], 30),
    chosen: algorithm('small-algorithm', 'algorithm', { catalogue, start: 'block-stm' }),
  };
}

type Small = ReturnType<typeof small>;

/** Of a block small enough to see every attempt. */
export function timelineControls(catalogue: readonly Entry[]): Form<Small> {
  return form(small(catalogue));
}

export function timelineSettings({ accounts, cores, transactions, chosen }: Values<Small>): Settings {
  return {
    choices: [chosen!],
    workload: 'transfers',
    parameters: { accounts, variant: 'diem', work: WORK.diem },
    machine: 'server-32',
    cores: [cores],
    transactions,
    seed: 1,
  };
}

/** The paper's points for the first algorithm, where the settings are some of its own. */
export function overlayOf({ choices, parameters, transactions, cores }: Settings): Overlay | undefined {
  const line = overThreads.find(
    (one) =>
      one.algorithm === choices[0].algorithm &&
      one.variant === parameters.variant &&
      one.accounts === parameters.accounts &&
      one.transactions === transactions,
  );
  if (line === undefined) return undefined;
  const points = line.ktps.map((ktps, at) => ({
    cores: THREADS[at],
    speedup: ktps / SEQUENTIAL[line.variant],
  }));
  const [most] = cores.slice(-1);
  return {
    source: `the paper’s figure ${line.figure}, digitised, over its own sequential execution`,
    points: points.filter((point) => point.cores <= most),
  };
}

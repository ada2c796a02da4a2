/** What the cells of the notebook on "Staring into the Abyss" call. */

import runs from '../../results/abyss/runs.csv?raw';
import { algorithm, type Form, form, selection, stops, type Values } from '../live/controls.ts';
import { type Choice, type Entry, nameOf, type Settings } from '../live/protocol.ts';
import { rowsOf } from '../page/rows.ts';
import claims from './claims.ts';

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

const OPERATIONS = 16;
const CORES = [1, 4, 16, 64, 256, 1024];
/** By machine: how many cores it has. */
const MACHINES = { 'chip-1024': 1024, 'two-socket': 64 } as const;

const THETAS = [0, 0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
const WRITES = { half: 0.5, tenth: 0.9, none: 1 } as const;

function offered(catalogue: readonly Entry[]) {
  return {
    theta: stops('theta', 'skew of the keys (theta)', THETAS, 0.6),
    cores: stops('cores', 'cores, up to', CORES.slice(2), 64),
    transactions: stops('transactions', 'transactions in a block', [200, 500, 1000, 2000, 4000], 200),
    keys: stops('keys', 'keys', [1024, 4096, 16_384, 65_536], 16_384),
    chosen: algorithm('algorithm', 'algorithm', { catalogue, start: '2pl' }),
    beside: algorithm('beside', 'beside it', { catalogue, start: 'silo', orNothing: true }),
    writes: selection<keyof typeof WRITES>('writes', 'writes', {
      half: 'half of the operations',
      tenth: 'one operation in ten',
      none: 'none: only reads',
    }),
    machine: selection<keyof typeof MACHINES>('machine', 'machine', {
      'chip-1024': 'one chip of 1,024 cores',
      'two-socket': 'two sockets, 64 cores',
    }),
  };
}

type Offered = ReturnType<typeof offered>;

export function tableControls(catalogue: readonly Entry[]): Form<Offered> {
  return form(offered(catalogue));
}

/** What is simulated for these values of the controls. */
export function settingsOf(values: Values<Offered>): Settings {
  const { theta, cores, transactions, keys, chosen, beside, writes, machine } = values;
  const choices = [chosen, beside].filter((choice): choice is Choice => choice !== undefined);
  return {
    choices: choices.filter((choice, at) => choices.map(nameOf).indexOf(nameOf(choice)) === at),
    workload: 'ycsb',
    parameters: { keys, theta, operations: OPERATIONS, reads: WRITES[writes] },
    machine,
    cores: CORES.filter((count) => count <= Math.min(cores, MACHINES[machine])),
    transactions,
    seed: 1,
  };
}

function small(catalogue: readonly Entry[]) {
  return {
    theta: stops('small-theta', 'skew of the keys (theta)', THETAS, 0.8),
    cores: stops('small-cores', 'cores', [1, 2, 4, 8, 16], 8),
    transactions: stops('small-transactions', 'transactions', [10, 20, 40, 60, 100], 40),
    chosen: algorithm('small-algorithm', 'algorithm', { catalogue, start: '2pl' }),
  };
}

type Small = ReturnType<typeof small>;

/** Of a block small enough to see every attempt. */
export function timelineControls(catalogue: readonly Entry[]): Form<Small> {
  return form(small(catalogue));
}

export function timelineSettings({ theta, cores, transactions, chosen }: Values<Small>): Settings {
  return {
    choices: [chosen!],
    workload: 'ycsb',
    parameters: { keys: 1024, theta, operations: OPERATIONS, reads: 0.5 },
    machine: 'chip-1024',
    cores: [cores],
    transactions,
    seed: 1,
  };
}

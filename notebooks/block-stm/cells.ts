/** What the cells of the Block-STM notebook call. */
import { controls, type Form, type Selection, type Stops, type Values } from '../live/controls.ts';
import type { Choice, Settings } from '../live/protocol.ts';

export { breakdownFigure } from '../live/breakdown.ts';
export { Simulator } from '../live/simulator.ts';
export { speedupFigure } from '../live/speedup.ts';
export { verdictLine } from '../live/verdict.ts';

/** What a payment computes in the paper, in nanoseconds: one over the sequential throughput. */
const WORK = { diem: 200_000, aptos: 100_000 };

const CHOICES = {
  'block-stm': { label: 'Block-STM', choice: { algorithm: 'block-stm', options: {} } },
  bohm: { label: 'Bohm, write sets known', choice: { algorithm: 'bohm', options: {} } },
  litm: { label: 'LiTM', choice: { algorithm: 'litm', options: {} } },
  'static-dag': { label: 'static DAG', choice: { algorithm: 'static-dag', options: {} } },
  '2pl': { label: 'two-phase locking', choice: { algorithm: '2pl', options: {} } },
  silo: { label: 'Silo', choice: { algorithm: 'silo', options: {} } },
  tl2: { label: 'TL2', choice: { algorithm: 'tl2', options: {} } },
  sequential: { label: 'sequential', choice: { algorithm: 'sequential', options: {} } },
  uncontrolled: { label: 'no control at all', choice: { algorithm: 'uncontrolled', options: {} } },
} satisfies Readonly<Record<string, { label: string; choice: Choice }>>;

const labels = Object.fromEntries(
  Object.entries(CHOICES).map(([name, { label }]) => [name, label]),
) as Readonly<Record<keyof typeof CHOICES, string>>;

const offered = {
  accounts: {
    kind: 'stops',
    label: 'accounts',
    stops: [2, 3, 5, 10, 20, 50, 100, 200, 500, 1000, 10_000],
    value: 100,
  },
  cores: { kind: 'stops', label: 'cores, up to', stops: [4, 8, 16, 32], value: 32 },
  transactions: {
    kind: 'stops',
    label: 'payments in a block',
    stops: [100, 200, 500, 1000, 2000, 5000, 10_000],
    value: 1000,
  },
  variant: {
    kind: 'selection',
    label: 'payment',
    options: { diem: 'Diem: 21 reads, 4 writes, 200 µs', aptos: 'Aptos: 8 reads, 5 writes, 100 µs' },
    value: 'diem',
  },
  algorithm: { kind: 'selection', label: 'algorithm', options: labels, value: 'block-stm' },
  beside: { kind: 'selection', label: 'beside it', options: { none: 'nothing', ...labels }, value: 'none' },
} as const satisfies Readonly<Record<string, Stops | Selection>>;

export function blockControls(): Form<typeof offered> {
  return controls(offered);
}

/** What is simulated for these values of the controls. */
export function settingsOf(values: Values<typeof offered>): Settings {
  const { accounts, cores, transactions, variant, algorithm, beside } = values;
  const chosen = beside === 'none' || beside === algorithm ? [algorithm] : [algorithm, beside];
  return {
    choices: chosen.map((name) => CHOICES[name].choice),
    workload: 'transfers',
    parameters: { accounts, variant, work: WORK[variant] },
    machine: 'server-32',
    cores: [1, 2, 4, 8, 16, 32].filter((count) => count <= cores),
    transactions,
    seed: 1,
  };
}

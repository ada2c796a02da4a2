/** The experiment that runs when nobody says which: a first look at contention, in a minute or two. */
import { THREADS } from './configuration.ts';

export interface Grid {
  readonly name: string;
  readonly question: string;
  readonly workload: string;
  /** Parameters of the workload, one table each. */
  readonly levels: readonly {
    readonly title: string;
    readonly parameters: Readonly<Record<string, unknown>>;
  }[];
  readonly machines: readonly string[];
  readonly transactions: number;
  /** On real threads. */
  readonly repetitions: number;
}

export const quickstart: Grid = {
  name: 'quickstart',
  question: 'How much do more cores help, when transactions collide often, sometimes and hardly ever?',
  workload: 'transfers',
  levels: [
    { title: 'high contention', parameters: { accounts: 10, work: 10_000 } },
    { title: 'medium contention', parameters: { accounts: 100, work: 10_000 } },
    { title: 'low contention', parameters: { accounts: 10_000, work: 10_000 } },
  ],
  machines: ['server-32', THREADS],
  transactions: 1000,
  repetitions: 3,
};

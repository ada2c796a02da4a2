/** What an experiment crosses with what, as a table: a line a block and machine. */
import { machineName } from '../experiment/configuration.ts';
import type { Work } from '../experiment/work.ts';
import type { Look } from './paint.ts';
import { type Column, table } from './table.ts';
import { grouped } from './units.ts';
import { labelOf, workloadLabelOf } from './words.ts';

const COLUMNS: readonly Column[] = [
  { title: 'workload', width: 36 },
  { title: 'machine' },
  { title: 'transactions', align: 'right' },
  { title: 'cores', width: 20 },
  { title: 'seeds', width: 16 },
  { title: 'algorithms', width: 40 },
  { title: 'trials', align: 'right' },
];

export function gridTable(work: readonly Work[], { paint }: Look): string {
  const blocks = Map.groupBy(work, ({ configuration: c }) =>
    [workloadLabelOf(c), machineName(c), c.transactions].join(),
  );
  const rows = [...blocks.values()].map((parts) => {
    const { configuration } = parts[0];
    const all = (of: (part: Work) => string | number): string => [...new Set(parts.map(of))].join(', ');
    return [
      workloadLabelOf(configuration),
      machineName(configuration),
      grouped(configuration.transactions),
      all((part) => part.configuration.cores),
      all((part) => part.configuration.seed),
      all((part) => labelOf(part.configuration)),
      grouped(parts.reduce((sum, { repetitions }) => sum + repetitions.length, 0)),
    ];
  });
  return table(COLUMNS, rows, (title) => paint('dim', title));
}

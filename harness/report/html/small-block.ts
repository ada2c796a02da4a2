/** A few transactions of the experiment's own kind, run again here and drawn core by core: numbers made visible. */
import type { Configuration } from '../../experiment/configuration.ts';
import type { Row } from '../../experiment/row.ts';
import { simulatedTrial } from '../../experiment/trials/simulated.ts';
import { escaped } from '../charts/page.ts';
import { traceCommandFor } from '../command.ts';
import { timelineSvg } from '../timeline/timeline.ts';
import { counted } from '../units.ts';
import { isControl, labelOf, machineOf, workloadLabelOf } from '../words.ts';
import type { Again } from './again.ts';

const CORES = 4;
const TRANSACTIONS = 40;
const SHOWN = 3;

/**
 * The timelines of the experiment's most contended cell: of the algorithms that were simulated there, those that abort
 * most and least. Nothing where nothing was simulated.
 */
export function smallBlocks(runs: readonly Row[], again: Again): string {
  return chosen(runs, again).map(figure).join('\n');
}

function chosen(runs: readonly Row[], again: Again): Configuration[] {
  const simulated = runs.filter((row) => again.configuration(row)?.model && !isControl(row.guarantee));
  const rate = (row: Row): number => Number(row.aborts) / Number(row.transactions);
  const [contended] = simulated.toSorted((a, b) => rate(b) - rate(a));
  if (contended === undefined) return [];
  const cell = (row: Row): string =>
    JSON.stringify(Object.entries(row).filter(([column]) => /^(workload|machine)\b/.test(column)));
  const there = simulated
    .filter((row) => cell(row) === cell(contended))
    .toSorted((a, b) => rate(b) - rate(a));
  const byLabel = new Map<string, Configuration>();
  for (const row of there) {
    const configuration = again.configuration(row) as Configuration;
    const label = labelOf(configuration);
    if (!byLabel.has(label)) byLabel.set(label, configuration);
  }
  const all = [...byLabel.values()];
  const picked = all.length <= SHOWN ? all : [all[0], all[Math.floor(all.length / 2)], all[all.length - 1]];
  return picked.map(smaller);
}

function smaller(configuration: Configuration): Configuration {
  const { cores, transactions } = configuration;
  return {
    ...configuration,
    cores: Math.min(cores, CORES),
    transactions: Math.min(transactions, TRANSACTIONS),
  };
}

function figure(configuration: Configuration): string {
  const title = `${labelOf(configuration)} on ${workloadLabelOf(configuration)}`;
  const { trace, verdict } = simulatedTrial(configuration, undefined, { trace: true });
  if (trace === undefined) return '';
  const subtitle = `${machineOf(configuration)}; ${counted(configuration.transactions, 'transaction')}; ${verdict.verdict}`;
  const command = traceCommandFor(configuration);
  return `<figure class="timeline"><div class="scroll" tabindex="0" role="region" aria-label="${escaped(`Timeline of ${title}, scrolls sideways`)}">${timelineSvg(trace, { title, subtitle })}</div>
<figcaption>The same, to look at closely at ui.perfetto.dev: <code>${escaped(command)}</code></figcaption></figure>`;
}

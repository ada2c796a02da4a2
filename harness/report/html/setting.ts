/** What was to run, and where it ran. */
import type { Environment } from '../../experiment/environment.ts';
import type { Results } from '../../experiment/results.ts';
import { isSetting, valuesOf, varying } from '../charts/columns.ts';
import { escaped } from '../charts/page.ts';
import { counted } from '../units.ts';

/** As many values of a setting as are told one by one. */
const TOLD = 12;

/** What varies, and over which values; then the experiment with every default, as it can be run again. */
export function setUp({ rejected, runs }: Results, experiment: string | undefined): string {
  const rows = [...runs, ...rejected];
  const settings = [...new Set(['algorithm', ...varying(rows), 'seed', 'repetition'])].filter(
    (column) => isSetting(column) || valuesOf(rows, column).length > 1,
  );
  const list = settings.map((column) => {
    const values = valuesOf(rows, column);
    const told = values.slice(0, TOLD).join(', ');
    return term(column, values.length > TOLD ? `${told}, … (${values.length})` : told);
  });
  const file =
    experiment === undefined
      ? ''
      : `<h3>experiment.yaml, with every default</h3>
<pre tabindex="0">${escaped(experiment.trimEnd())}</pre>`;
  return `<dl>${list.join('')}</dl>${file}`;
}

export function environmentOf(environment: Partial<Environment>): string {
  const { contend, cores, cpu, date, git, load, machines = {}, memory_bytes, node, os, v8 } = environment;
  const known: [string, string | undefined][] = [
    ['date', date],
    ['contend', contend],
    ['commit', git && `${git.commit}${git.dirty ? ', with changes that are not committed' : ''}`],
    ['processor', cpu && `${cpu}${cores === undefined ? '' : `, ${counted(cores, 'core')}`}`],
    ['memory', memory_bytes === undefined ? undefined : `${(memory_bytes / 2 ** 30).toFixed(1)} GiB`],
    ['load before', load?.map((value) => value.toFixed(2)).join(', ')],
    ['system', os],
    ['Node', node && `${node}, V8 ${v8}`],
  ];
  const list = known.flatMap(([name, value]) => (value === undefined ? [] : [term(name, value)]));
  const models = Object.entries(machines).map(([name, model]) => modelOf(name, { ...model }));
  return `<dl>${list.join('')}</dl>${models.join('')}`;
}

/** A machine model's figures with their sources: a guess is named one. */
function modelOf(name: string, model: Readonly<Record<string, unknown>>): string {
  const { summary = '', sources = {}, name: _name, ...figures } = model;
  const rows = Object.entries(figures).map(([figure, value]) => {
    const source = (sources as Readonly<Record<string, unknown>>)[figure] ?? '';
    const shown = typeof value === 'object' ? JSON.stringify(value) : `${value}`;
    return `<tr><th scope="row">${escaped(figure)}</th><td>${escaped(shown)}</td><td>${escaped(`${source}`)}</td></tr>`;
  });
  return `<details><summary>${escaped(name)}, simulated: ${escaped(`${summary}`)}</summary>
<div class="scroll" tabindex="0" role="region" aria-label="${escaped(`Figures of ${name}, scrolls sideways`)}"><table>
<thead><tr><th scope="col">figure</th><th scope="col">value</th><th scope="col">source</th></tr></thead>
<tbody>${rows.join('')}</tbody></table></div></details>`;
}

function term(name: string, value: string): string {
  return `<dt>${escaped(name)}</dt><dd>${escaped(value)}</dd>`;
}

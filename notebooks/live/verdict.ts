/** How a sweep goes, and what verification says of its runs. */
import { type Choice, nameOf, type Point } from './protocol.ts';
import type { Sweep } from './sweeps.ts';

const REPLAYED =
  'the block was replayed serially, and every read, every outcome and the whole final state agreed.';

/** `data-state`: `going`, `good`, or `bad` where a run was refused or nothing could be simulated. */
export function verdictLine({ settings, points, done, failure }: Sweep): Element {
  const line = document.createElement('p');
  line.className = 'verdict';
  line.setAttribute('role', 'status');
  const wanted = settings.cores.length * settings.choices.length;
  const rejected = points.filter(({ verdict }) => verdict !== 'valid');
  const isBad = failure !== undefined || rejected.length > 0;
  line.dataset.state = !done ? 'going' : isBad ? 'bad' : 'good';
  line.textContent =
    failure ??
    (rejected.length > 0
      ? refused(settings.choices, rejected, wanted)
      : done
        ? `${wanted === 1 ? 'The run is' : `All ${wanted} runs are`} valid: ${REPLAYED}`
        : `simulating: ${points.length} of ${wanted} runs`);
  return line;
}

function refused(choices: readonly Choice[], rejected: readonly Point[], wanted: number): string {
  const [first] = rejected;
  const names = [...new Set(rejected.map(({ choice }) => nameOf(choices[choice])))].join(', ');
  const cores = first.cores === 1 ? '1 core' : `${first.cores} cores`;
  return `${rejected.length} of ${wanted} runs refused and not drawn (${names}). On ${cores}: ${first.explanation ?? first.verdict}`;
}

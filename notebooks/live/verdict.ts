/** How a sweep goes, and what verification says of its runs. */
import { nameOf } from './figure.ts';
import type { Choice, Point } from './protocol.ts';
import type { Progress } from './simulator.ts';

/** `data-state`: `going`, `good`, or `bad` where a run was refused or nothing could be simulated. */
export function verdictLine({ settings, points, done, failure }: Progress): Element {
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
      ? refused(settings.choices, rejected)
      : done
        ? `All ${wanted} runs valid: each block was replayed serially, and every read, every outcome and the whole final state agreed.`
        : `simulating: ${points.length} of ${wanted} runs`);
  return line;
}

function refused(choices: readonly Choice[], rejected: readonly Point[]): string {
  const [first] = rejected;
  const names = [...new Set(rejected.map(({ choice }) => nameOf(choices[choice])))].join(', ');
  const runs = rejected.length === 1 ? '1 run' : `${rejected.length} runs`;
  const cores = first.cores === 1 ? '1 core' : `${first.cores} cores`;
  return `${runs} of ${names} refused and not drawn. On ${cores}: ${first.explanation ?? first.verdict}`;
}

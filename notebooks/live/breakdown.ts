/** Where the cores' time went, at each number of cores. */
import * as Plot from '@observablehq/plot';
import { TIME_COLOURS } from '../../harness/report/charts/palette.ts';
import { drawnWidth, figure, valid } from './figure.ts';
import { nameOf, SHARES, type Share } from './protocol.ts';
import type { Progress } from './sweeps.ts';

const WORDS: Readonly<Record<Share, string>> = {
  useful: 'useful: the attempt that counted',
  engine: 'the algorithm’s own: scheduling, validation',
  wasted: 'wasted: attempts undone',
  blocked: 'blocked inside an attempt',
  idle: 'idle',
};

export function breakdownFigure(progress: Progress, { width }: { readonly width: number }): Element {
  const { cores, choices } = progress.settings;
  const names = choices.map(nameOf);
  const points = valid(progress).map((point) => ({ ...point, name: names[point.choice] }));
  const parts = points.flatMap(({ name, cores, shares }) =>
    SHARES.map((share) => ({ name, cores, share, value: shares[share] })),
  );
  const facet = choices.length > 1 ? { fx: 'name' } : {};
  const picture = Plot.plot({
    width: drawnWidth(width),
    height: 270,
    marginLeft: 36,
    marginTop: 36,
    marginBottom: 44,
    style: { fontSize: '12px', overflow: 'visible' },
    x: { label: 'virtual cores', labelOffset: 40, domain: [...cores], type: 'band', padding: 0.12 },
    y: { label: 'share of the cores’ time, %', percent: true, domain: [0, 110], ticks: [0, 25, 50, 75, 100] },
    ...(choices.length > 1 ? { fx: { label: null, domain: names } } : {}),
    color: { domain: [...SHARES], range: SHARES.map((share) => colourOf(share)) },
    marks: [
      Plot.barY(parts, { ...facet, x: 'cores', y: 'value', fill: 'share', order: [...SHARES] }),
      Plot.text(points, {
        ...{ ...facet, x: 'cores', y: 1, dy: -7 },
        text: ({ attemptsPerTransaction: attempts }) => attempts.toFixed(attempts < 9.95 ? 2 : 0),
      }),
      Plot.ruleY([0]),
    ],
  });
  const caption =
    'What the virtual cores did. Above each bar: attempts a transaction; 1.00 is no re-execution.';
  const element = figure('breakdown', picture, caption);
  picture.after(legend());
  return element;
}

/** What is idle is light on a light page, and dark on a dark one. */
function colourOf(share: Share): string {
  return share === 'idle' ? 'var(--idle)' : TIME_COLOURS[share];
}

function legend(): Element {
  const list = document.createElement('ul');
  list.className = 'legend';
  for (const share of SHARES) {
    const item = list.appendChild(document.createElement('li'));
    item.appendChild(document.createElement('span')).style.background = colourOf(share);
    item.append(WORDS[share]);
  }
  return list;
}

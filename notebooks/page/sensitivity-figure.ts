/** How far the headline claims hang on guesses: a panel a figure, over its range; above 1 a claim holds. */
import { type Point, sensitivity } from '../../harness/claims/sensitivity.ts';
import { COLOURS } from '../../harness/report/charts/palette.ts';
import { quantityOf } from '../../harness/report/charts/quantity.ts';
import { inkOf } from '../live/figure.ts';
import { type Line, type Panel, panels } from './panels.ts';
import { axis, type Drawn } from './paper-figure.ts';

const LEAST_WIDTH = 160;
const COLUMNS = 4;

export function sensitivityFigure({ claims, rows, width }: Drawn): HTMLElement {
  const points = sensitivity(claims, rows);
  const found = new Set(points.map(({ claim }) => claim));
  const names = claims.claims.map(({ id }) => id).filter((id) => found.has(id));
  const look = (claim: string): Line['colour'] => inkOf(COLOURS[names.indexOf(claim) % COLOURS.length]);
  const margins = [1, ...points.map(({ margin }) => margin)];
  const y = axis('margin', margins);
  const all = [...Map.groupBy(points, ({ figure }) => figure)].map(([figure, own]): Panel => {
    const values = [...new Set(own.map(({ value }) => value))];
    const { name } = quantityOf(figure);
    const lines = names.map((claim): Line => {
      const line = own.filter((point) => point.claim === claim).map(({ value: x, margin: y }) => ({ x, y }));
      return { name: claim, colour: look(claim), look: 'line', points: line };
    });
    const threshold: Line = {
      ...{ name: 'threshold', colour: 'currentColor', dash: '3 3', look: 'thin' },
      points: [Math.min(...values), Math.max(...values)].map((x) => ({ x, y: 1 })),
    };
    return {
      title: `${name}${figure.endsWith('_ns') ? ' (ns)' : ''}, usually ${usual(own)}`,
      lines: [threshold, ...lines],
      x: axis(name, values, values),
    };
  });
  const picture = panels({
    panels: all,
    x: axis('', [0, 1]),
    y,
    width,
    least: LEAST_WIDTH,
    columns: COLUMNS,
  });
  const element = Object.assign(document.createElement('figure'), { className: 'sensitivity' });
  element.append(
    picture,
    Object.assign(document.createElement('figcaption'), {
      textContent:
        'Simulated: the number that decides each headline claim as a multiple of what it must reach (or the other way ' +
        'round, where it must not exceed it), with one guess changed at a time. Above 1 the claim holds.',
    }),
  );
  return element;
}

function usual(points: readonly Point[]): string {
  return points.find(({ own }) => own)!.value.toLocaleString('en');
}

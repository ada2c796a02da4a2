/**
 * Charts in a page that needs nothing else: Vega and its relatives stand in it, so it opens from disk without a
 * network, and answers to the pointer. A report takes the same parts.
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Chart } from './chart.ts';
import { BY_NIGHT, GREY, GROUND, INK } from './palette.ts';

/** Each package's bundle for browsers lies beside its module. */
const BUNDLES = [
  [import.meta.resolve('vega'), 'vega.min.js'],
  [import.meta.resolve('vega-lite'), 'vega-lite.min.js'],
  [import.meta.resolve('vega-embed'), 'vega-embed.min.js'],
] as const;

/** Charts are drawn for a white ground; on a dark screen the colours that need it are others. Exports and paper stay light. */
const NIGHT = Object.entries(BY_NIGHT)
  .flatMap(([day, night]) =>
    ['fill', 'stroke'].map((what) => `  figure.chart svg [${what}="${day}" i] { ${what}: ${night}; }`),
  )
  .join('\n');

/** The styles that a page with charts needs. */
export const CHART_STYLE = `
figure.chart { margin: 0 0 2.5rem; overflow-x: auto; }
figure.chart > div { background: ${GROUND}; }
figure.chart svg { max-width: 100%; height: auto; }
figure.chart figcaption { max-width: 45rem; color: #555; font-size: 0.9rem; }
@media screen and (prefers-color-scheme: dark) {
  figure.chart > div { background: ${BY_NIGHT[GROUND]}; }
  figure.chart svg.marks { background: none !important; }
  figure.chart figcaption { color: ${BY_NIGHT[GREY]}; }
${NIGHT}
}
`;

/** Draws every chart of the page, larger than on paper. No action leads to another site. */
const START = `
const SCALE = 1.4;
for (const figure of document.querySelectorAll('figure.chart')) {
  const spec = JSON.parse(figure.querySelector('script').textContent);
  const actions = { export: true, source: false, compiled: false, editor: false };
  vegaEmbed(figure.querySelector('div'), spec, { actions, renderer: 'svg', downloadFileName: figure.id })
    .then(() => {
      const svg = figure.querySelector('svg.marks');
      svg.style.width = SCALE * svg.width.baseVal.value + 'px';
      figure.setAttribute('data-drawn', '');
    });
}
`;

/** A chart where it is to stand in the page. */
export function chartFigure({ name, spec, caption }: Chart): string {
  const data = JSON.stringify(spec).replaceAll('<', '\\u003c');
  return (
    `<figure class="chart" id="${escaped(name)}"><div></div>` +
    `<script type="application/json">${data}</script><figcaption>${escaped(caption)}</figcaption></figure>`
  );
}

/** The scripts that draw the page's charts, for its end. */
export function chartScripts(): string {
  const bundles = BUNDLES.map(([module, file]) =>
    readFileSync(join(dirname(fileURLToPath(module)), file), 'utf8'),
  );
  return [...bundles, START].map((text) => `<script>${inScript(text)}</script>`).join('\n');
}

/** A page of charts. */
export function chartPage(title: string, charts: readonly Chart[]): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>${escaped(title)}</title>
<style>
:root { color-scheme: light dark; }
body { margin: 2rem auto; max-width: 60rem; padding: 0 1rem; background: ${GROUND}; color: ${INK}; font: 1rem/1.4 system-ui, sans-serif; }
h1 { font-size: 1.3rem; }${CHART_STYLE}
@media screen and (prefers-color-scheme: dark) {
  body { background: ${BY_NIGHT[GROUND]}; color: ${BY_NIGHT[INK]}; }
}
</style>
</head>
<body>
<h1>${escaped(title)}</h1>
${charts.map(chartFigure).join('\n')}
${chartScripts()}
</body>
</html>
`;
}

/** The text as HTML shows it, in an attribute too. */
export function escaped(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
  };
  return text.replaceAll(/[&<>"]/g, (character) => entities[character]);
}

/** A script must not hold the words that end it; within a string or a pattern the backslash changes nothing. */
function inScript(code: string): string {
  return code.replaceAll(/<\/(script)/gi, '<\\/$1').replaceAll('<!--', '<\\!--');
}

/** The timeline as a picture: well-formed, complete, the same bytes each time, and safe with any name. */
import { Resvg } from '@resvg/resvg-js';
import { describe, expect, test } from 'vitest';
import { NONE, type Trace } from '../../../harness/machine/trace.ts';
import { timelineSvg } from '../../../harness/report/timeline/timeline.ts';
import { traced } from './traces.ts';

const TITLES = { title: 'a run', subtitle: 'simulated' };
/** Renders it, which throws unless it is well-formed. */
const sizeOf = (svg: string): [number, number] => {
  const { height, width } = new Resvg(svg, { font: { loadSystemFonts: false } });
  return [width, height];
};
const attempt = { core: 0, transaction: 7, number: 1, outcome: 'committed', cause: undefined } as const;
const WORK: Trace = {
  makespan_ns: 1000,
  slices: [
    [
      { activity: 'engine', from_ns: 0, to_ns: 250, attempt: NONE, transaction: NONE },
      { activity: 'execute', from_ns: 250, to_ns: 500, attempt: 0, transaction: 7 },
      { activity: 'idle', from_ns: 500, to_ns: 1000, attempt: NONE, transaction: NONE },
    ],
  ],
  attempts: [{ ...attempt, from_ns: 250, to_ns: 500 }],
  aborts: [],
};

describe('a timeline', () => {
  test('is a row a core, a box a slice, to scale', () => {
    const svg = timelineSvg(WORK, { ...TITLES, width: 1080 });
    // 1000 pixels between the names of the cores and the margin: a pixel a nanosecond.
    const boxes = (look: string) =>
      new RegExp(`class="contend-timeline-${look}" fill="[^"]+" d="([^"]+)"`).exec(svg)?.[1];
    expect(boxes('engine')).toMatch(/^M56 \d+h250v24H56z$/);
    expect(boxes('useful')).toMatch(/^M306 \d+h250v24H306z$/);
    expect(boxes('idle')).toMatch(/^M556 \d+h500v24H556z$/);
    expect(svg).toContain('<title>transaction 7, attempt 1, committed; 250 ns from 250 ns</title>');
    expect(sizeOf(svg)[0]).toBe(1080);
  });

  test('links each attempt at a transaction to the next one, and tells those that were aborted apart', async () => {
    const trace = await traced({ algorithm: 'block-stm', accounts: 2 });
    const svg = timelineSvg(trace, TITLES);
    const retries = trace.attempts.filter(({ number }) => number > 1).length;
    const [, links] = /contend-timeline-link"[^>]* d="([^"]*)"/.exec(svg) ?? ['', ''];
    expect(retries).toBeGreaterThan(10);
    expect(links.match(/C/g)?.length).toBe(retries);
    for (const words of ['executes', 'executes, to be aborted', 'validates, outside of attempts', 'idle']) {
      expect(svg).toContain(`>${words}</text>`);
    }
    expect(svg.match(/<title>/g)?.length).toBe(trace.attempts.length);
    sizeOf(svg);
  });

  test.each([1, 4, 16, 32])(
    'of %i cores is a picture of sensible size, the same each time',
    async (cores) => {
      const svgs = [1, 2].map(async () =>
        timelineSvg(await traced({ algorithm: 'silo', cores, transactions: 200 }), TITLES),
      );
      const [svg, again] = await Promise.all(svgs);
      expect(svg).toBe(again);
      const [width, height] = sizeOf(svg);
      expect(width).toBe(960);
      expect(height).toBeGreaterThan(90);
      expect(height).toBeLessThan(560);
    },
  );

  test('holds names that look like markup', () => {
    const hostile = `</svg><script>alert("1")</script> & 'more'`;
    const svg = timelineSvg(WORK, { title: hostile, subtitle: hostile });
    expect(svg).not.toMatch(/<script|<\/svg>\S/);
    sizeOf(svg);
  });

  test('of a large block leaves out what comes to nothing at its scale', async () => {
    const of = (transactions: number) => traced({ algorithm: 'sequential', cores: 1, transactions });
    const [small, large] = [timelineSvg(await of(1000), TITLES), timelineSvg(await of(10_000), TITLES)];
    expect(large.length).toBeLessThan(4 * small.length);
  });

  test('of a block that takes no time is drawn all the same', () => {
    sizeOf(timelineSvg({ makespan_ns: 0, slices: [[]], attempts: [], aborts: [] }, TITLES));
  });
});

/** What a chart holds, and what it refuses. */

import { compile } from 'vega-lite';
import { describe, expect, test } from 'vitest';
import type { Row } from '../../../harness/experiment/row.ts';
import { type ChartRequest, chart } from '../../../harness/report/charts/chart.ts';
import { obviousCharts, usualAxis } from '../../../harness/report/charts/obvious.ts';
import { gridRows } from './rows.ts';

/** All that a specification draws of series, wherever it stands in it. */
function drawn(spec: unknown): Record<string, unknown>[] {
  if (typeof spec !== 'object' || spec === null) return [];
  const { data } = spec as { data?: { values?: Record<string, unknown>[] } };
  const own = (data?.values ?? []).filter((value) => 'series' in value);
  return [...own, ...Object.values(spec).flatMap(drawn)];
}

describe('a line chart', () => {
  const request: ChartRequest = { x: 'cores', y: 'throughput_tps', facet: ['accounts'] };

  test('has the median of each configuration, between the ends of its interval', () => {
    const { spec } = chart(gridRows(), request);
    const points = drawn(spec);
    expect(points).toHaveLength(2 * 3 * 2);
    const at = points.find(({ series, x, y }) => series === 'one' && x === 4 && Number(y) > 300_000);
    // Three repetitions: 4 cores, 25 us of work each, 1.2 to 1.24 times the bound.
    expect(at).toMatchObject({ y: 100 / (1_000_000 / 4 / 1e9) / 1.22, n: 3, warnings: '' });
    for (const { y, low, high } of points) {
      expect(Number(low)).toBeLessThanOrEqual(Number(y));
      expect(Number(high)).toBeGreaterThanOrEqual(Number(y));
    }
  });

  test('says where it ran, what was the same, and how to read it', () => {
    const { name, title, caption } = chart(gridRows(), request);
    expect(name).toBe('throughput-cores-model');
    expect(title).toBe('Throughput against cores');
    expect(caption).toContain('virtual time, simulated model');
    expect(caption).toContain('blocks of 100 transactions');
    expect(caption).toContain('medians of 3 trials');
  });

  test('tells of trials without a valid verdict, and draws none of them', () => {
    const rejected = gridRows({ algorithms: ['liar'], cores: [4], accounts: [10] });
    const { caption, spec } = chart(gridRows(), { ...request, rejected });
    expect(caption).toContain('not drawn, since without a valid verdict: liar (3)');
    expect(drawn(spec).map(({ series }) => series)).not.toContain('liar');
  });

  test('lays the points of another over the line they belong to', () => {
    const overlay = {
      label: 'paper, digitised',
      rows: [
        { algorithm: 'two', accounts: 10, cores: 4, throughput_tps: 123 },
        { algorithm: 'two', accounts: 77, cores: 4, throughput_tps: 456 },
        { algorithm: 'three', accounts: 10, cores: 4, throughput_tps: 789 },
      ],
    };
    const { caption, spec } = chart(gridRows(), { ...request, overlays: [overlay] });
    expect(caption).toContain('× paper, digitised');
    const laid = drawn(spec).filter(({ n, y }) => n === undefined && y !== null);
    expect(laid).toEqual([{ series: 'two', x: 4, y: 123 }]);
  });
});

describe('a chart refuses', () => {
  const rows = gridRows();
  const request: ChartRequest = { x: 'cores', y: 'throughput_tps' };

  test.each<[string, Parameters<typeof chart>, RegExp]>([
    ['nothing', [[], request], /nothing to draw/],
    [
      'rows of several schemas',
      [[...rows, { ...rows[0], schema: '2' }], request],
      /schemas 1 and 2 cannot share a chart/,
    ],
    [
      'to pool what differs by more than chance',
      [rows, request],
      /differ in workload\.accounts too.*--facet workload\.accounts.*--filter workload\.accounts=1000/,
    ],
    [
      'an unknown column',
      [rows, { ...request, y: 'thruput_tps' }],
      /unknown column: thruput_tps.*throughput_tps/,
    ],
    [
      'a value that there is none of',
      [rows, { ...request, filter: { cores: 5 } }],
      /no row has cores=5 \(known: 1, 4, 16\)/,
    ],
    ['lines along words', [rows, { ...request, x: 'algorithm', kind: 'lines' }], /lines need numbers/],
    [
      'words as a quantity',
      [rows, { ...request, y: 'witness', facet: ['accounts'] }],
      /unknown column: witness/,
    ],
    ['a quantity in words', [rows, { ...request, y: 'verdict', facet: ['accounts'] }], /no numbers/],
    [
      'more panels than can be looked at',
      [
        gridRows({ accounts: Array.from({ length: 30 }, (_, at) => at + 2) }),
        { ...request, facet: ['accounts'] },
      ],
      /30 panels are more than/,
    ],
  ])('%s', (_, [given, asked], message) => {
    expect(() => chart(given, asked)).toThrow(message);
  });
});

test('machines never share a panel, nor real and virtual time an axis', () => {
  const rows = gridRows({ machines: ['model', 'threads'], accounts: [10] });
  const { spec } = chart(rows, { x: 'cores', y: 'throughput_tps' });
  const titles = JSON.stringify(spec).match(/"text":\["[^\]]*(virtual time|measured)[^\]]*\]/g);
  expect(titles).toEqual([
    expect.stringContaining('simulated model'),
    expect.stringContaining('measured, threads'),
  ]);
});

describe('the obvious charts', () => {
  test.each<[string, Parameters<typeof gridRows>[0], string[]]>([
    [
      'along the cores and along contention',
      {},
      [
        ...['throughput-cores-model', 'speed-up-cores-model', 'aborts-per-commit-cores-model'],
        ...['throughput-accounts-model', 'speed-up-accounts-model', 'aborts-per-commit-accounts-model'],
        ...['latency-model', 'time-model', 'efficiency-model'],
      ],
    ],
    [
      'as bars, where only the algorithm varies',
      { cores: [4], accounts: [10] },
      ['throughput-model', 'speed-up-model', 'aborts-per-commit-model', 'latency-model', 'time-model'],
    ],
    [
      'of each machine by itself',
      { machines: ['model', 'threads'], cores: [4], accounts: [10], algorithms: ['one'] },
      ['model', 'threads'].flatMap((machine) =>
        ['throughput', 'speed-up', 'aborts-per-commit', 'latency', 'time'].map(
          (name) => `${name}-${machine}`,
        ),
      ),
    ],
  ])('%s', (_, grid, names) => {
    expect(obviousCharts(gridRows(grid)).map(({ name }) => name)).toEqual(names);
  });

  test('show the most threads that the host has cores for, where there are some', () => {
    const rows = gridRows({ machines: ['threads'], cores: [2, 8], accounts: [10] });
    const crowded = rows.map((row) =>
      row.cores === '8' ? { ...row, warnings: 'more-workers-than-cores' } : row,
    );
    const latency = (of: Row[]) => obviousCharts(of).find(({ name }) => name.startsWith('latency'))?.caption;
    expect(latency(rows)).toContain('8 cores');
    expect(latency(crowded)).toContain('2 cores');
    expect(latency(crowded.filter(({ cores }) => cores === '8'))).toContain('8 cores');
  });

  test('are Vega-Lite that compiles without a warning, however odd the grid', () => {
    const grids = [
      {},
      { repetitions: 1, cores: [1], accounts: [2] },
      { algorithms: Array.from({ length: 15 }, (_, at) => `algorithm-with-a-long-name-${at}`) },
      { machines: ['model', 'threads'], cores: [1, 1024] },
    ];
    const said: unknown[] = [];
    const logger = {
      level: () => logger,
      error: say,
      warn: say,
      info: () => logger,
      debug: () => logger,
    } as never;
    function say(...words: unknown[]): never {
      said.push(words);
      return logger;
    }
    for (const grid of grids) {
      for (const { spec } of obviousCharts(gridRows(grid))) compile(spec, { logger });
    }
    expect(said).toEqual([]);
  });
});

test('a figure that some rows leave to the machine model is told apart and can be asked for', () => {
  const [plain, slow] = ['', '90'].map((memory) =>
    gridRows({ accounts: [10] }).map(
      (row): Row => ({ ...row, 'machine.memory_ns': memory, 'machine.hit_ns': '' }),
    ),
  );
  const hits = slow
    .filter(({ cores }) => cores !== '16')
    .map((row) => ({ ...row, 'machine.hit_ns': `0.${row.cores}` }));
  const rows = [...plain, ...slow, ...hits];
  const charts = obviousCharts(rows);
  const along = charts.find(({ name }) => name === 'throughput-cores-model');
  expect(JSON.stringify(along?.spec)).toContain('"text":["memory_ns=90"]');
  // On the most cores that it is given for it is the same everywhere.
  expect(charts.map(({ name }) => name)).not.toContain('throughput-hit-model');
  const request: ChartRequest = { x: 'cores', y: 'speedup', filter: { memory_ns: '', hit_ns: '' } };
  expect(drawn(chart(rows, request).spec)).toHaveLength(2 * 3);
});

test('the usual axis is the cores, or else what varies', () => {
  expect(usualAxis(gridRows())).toBe('cores');
  expect(usualAxis(gridRows({ cores: [4] }))).toBe('workload.accounts');
  expect(usualAxis(gridRows(), { cores: 4, accounts: 10 })).toBe('algorithm');
});

test('a bound far above all that was reached is cut at the top of its panel', () => {
  const rows = gridRows({ accounts: [10] }).map((row) =>
    row.cores === '1' ? row : { ...row, bound_ns: '1' },
  );
  const { spec } = chart(rows, { x: 'cores', y: 'speedup' });
  const json = JSON.stringify(spec);
  const [, top] = /"field":"y"[^}]*"domain":\[0,([\d.]+)\]/.exec(json) ?? [];
  const values = [...json.matchAll(/"y":(-?[\d.e+]+)/g)].map(([, y]) => Number(y));
  expect(Math.max(...values)).toBe(Number(top));
  expect(json).toContain('bound ↑');
});

test('a line for each value of a number: none looks like another, each by its name', () => {
  const rows = gridRows({ algorithms: ['one'], accounts: [2, 10, 100, 1000] });
  const { spec } = chart(rows, { x: 'cores', y: 'speedup', by: 'accounts' });
  const names = [2, 10, 100, 1000].map((level) => `accounts=${level}`);
  expect([...new Set(drawn(spec).map(({ series }) => series))]).toEqual(names);
  const [, range] = /"domain":\["accounts=2"[^\]]*\],"range":\[("#[^\]]*)\]/.exec(JSON.stringify(spec)) ?? [];
  expect(new Set(range.split(',')).size).toBe(4);
});

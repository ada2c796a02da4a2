/** What the Block-STM paper claims of its evaluation (section 4), as checks of this experiment's rows. */
import {
  type Claim,
  defineClaims,
  every,
  greatest,
  least,
  ratio,
  type Value,
  value,
} from '../../harness/claims/claim.ts';
import type { Cells, Rows } from '../../harness/claims/rows.ts';
import { figures } from './figures.ts';
import { published } from './paper.ts';
import { APTOS_BLOCK_NS, FITTED, FOUR_ROUNDS_NS, settings } from './settings.ts';

const SERVER = 'server-32';

/** Rows of one algorithm on the paper's payments and machine. */
function of(rows: Rows, algorithm: string, cells: Cells = {}): Rows {
  const usual = { 'algorithm.build': ['', 'timed'], 'machine.block_ns': ['', FITTED.block_ns] };
  return rows.where({ algorithm, workload: 'transfers', machine: SERVER, ...usual, ...cells });
}

/** Every combination of these columns' values that the rows have, with a label for it. */
function cellsOf(rows: Rows, columns: readonly string[]): { rows: Rows; cells: Cells; label: string }[] {
  return columns.reduce<{ rows: Rows; cells: Cells; label: string }[]>(
    (all, column) =>
      all.flatMap(({ rows: some, cells, label }) =>
        some.values(column).map((cell) => ({
          rows: some.where({ [column]: cell }),
          cells: { ...cells, [column]: cell },
          label: [label, words(column, cell)].filter((part) => part !== '').join(', '),
        })),
      ),
    [{ rows, cells: {}, label: '' }],
  );
}

function words(column: string, cell: string): string {
  if (column === 'workload.variant') return cell;
  if (column === 'transactions') return `blocks of ${cell}`;
  return `${cell} ${column.replace('workload.', '')}`;
}

const PLACE = ['workload.variant', 'workload.accounts', 'transactions', 'cores'];

/** Speed-ups of Block-STM, over the plain sequential loop, in these cells. */
function speedups(rows: Rows, cells: Cells): Value[] {
  return cellsOf(of(rows, 'block-stm', cells), PLACE).map((cell) => value(cell.label, cell.rows, 'speedup'));
}

/** Block-STM's throughput over another algorithm's, wherever both have rows. */
function against(rows: Rows, other: string, cells: Cells): Value[] {
  return cellsOf(of(rows, other, cells), PLACE).map((cell) =>
    ratio(cell.label, of(rows, 'block-stm', cell.cells), cell.rows),
  );
}

/** Block-STM over LiTM in figure 3: 10,000 accounts, blocks of 1,000, on 4, 8, 16 and 32 threads. */
const LITM_BEHIND = [15.4 / 7.6, 23.9 / 11.0, 34.5 / 14.3, 44.3 / 14.5];

const claims: Claim[] = [
  {
    id: 'BSTM-1',
    statement: 'near-linear under low contention: 18x (Diem) and 16x (Aptos) on 32 threads',
    source: 'section 4, figures 3 and 6',
    headline: 'abstract; stands for the maximum of BSTM-11, which takes longer to vary',
    mark: 'read',
    quantity: 'speed-up over sequential, 10,000 accounts, blocks of 10,000, 32 cores',
    threshold: 'at least 14',
    values: (rows) => speedups(rows, { 'workload.accounts': 10_000, transactions: 10_000, cores: 32 }),
    holds: every((speedup) => speedup >= 14),
    weak: every((speedup) => speedup > 1),
    decisive: least,
    limit: 14,
  },
  {
    id: 'BSTM-2',
    statement: 'at most 30 % slower than sequential on an inherently sequential load',
    source: 'abstract, figures 4 and 7',
    headline: 'abstract',
    mark: 'read',
    quantity: 'speed-up over sequential, 2 accounts, every number of cores, both block sizes',
    threshold: 'at least 0.70 everywhere',
    values: (rows) => speedups(rows, { 'workload.accounts': 2 }),
    holds: every((speedup) => speedup >= 0.7),
    weak: every((speedup) => speedup >= 0.5),
    decisive: least,
    limit: 0.7,
    remark:
      'Aptos payments come to 0.66 to 0.70 on 16 and 32 cores: what an incarnation reads as soon as it starts again is ' +
      'often withdrawn a moment later. 10 µs of delay before each re-execution bring 0.84 to 0.87 on 16 cores, ' +
      'but nothing on 32. With a block cost, Aptos blocks of 1,000 fall below as well: 13 ms were fitted to Diem, and weigh twice as much on blocks ' +
      'that take half as long; the Aptos points of figure 8 have an intercept of 6.5 ms',
  },
  {
    id: 'BSTM-3',
    statement: 'with 10 accounts it already beats sequential',
    source: 'section 4, figures 4 and 7',
    headline: 'where it begins to pay',
    mark: 'read',
    quantity: 'speed-up over sequential, 10 accounts, every number of cores, both block sizes',
    threshold: 'above 1 everywhere',
    values: (rows) => speedups(rows, { 'workload.accounts': 10 }),
    holds: every((speedup) => speedup > 1),
    weak: (values) => greatest(values) > 1,
    decisive: least,
    limit: 1,
  },
  {
    id: 'BSTM-4',
    statement: 'with 100 accounts up to 8x (9x in the introduction)',
    source: 'sections 1 and 4, figures 4 and 7',
    headline: 'introduction',
    mark: 'read',
    quantity: 'speed-up over sequential, 100 accounts, blocks of 10,000, 32 cores',
    threshold: 'at least 6',
    values: (rows) => speedups(rows, { 'workload.accounts': 100, transactions: 10_000, cores: 32 }),
    holds: every((speedup) => speedup >= 6),
    weak: every((speedup) => speedup > 1),
    decisive: least,
    limit: 6,
  },
  {
    id: 'BSTM-5',
    statement: 'with 100 accounts it does not scale beyond 16 threads',
    source: 'section 4, figures 4 and 7',
    headline: 'where it ends to scale',
    mark: 'read',
    quantity: 'throughput on 32 cores / on 16, 100 accounts',
    threshold: 'at most 1.15',
    values: (rows) =>
      cellsOf(of(rows, 'block-stm', { 'workload.accounts': 100, cores: 32 }), PLACE.slice(0, 3)).flatMap(
        (cell) => {
          const fewer = of(rows, 'block-stm', { ...cell.cells, cores: 16 });
          return fewer.all.length === 0 ? [] : [ratio(cell.label, cell.rows, fewer)];
        },
      ),
    holds: every((gain) => gain <= 1.15),
    weak: every((gain) => gain <= 1.5),
    decisive: greatest,
    limit: 1.15,
    atMost: true,
    remark:
      'the conflicts leave room for more than 16 cores (the bound), and the model lets them be used; a block cost, or ' +
      'crowding, which makes 32 cores slower than 16 by a sixth, takes most of that gain (sensitivity-crowding)',
  },
  {
    id: 'BSTM-6',
    statement: 'comparable with Bohm given perfect write sets, in most cases',
    source: 'section 4, figure 3',
    headline: 'beside its rivals',
    mark: 'read',
    quantity: 'throughput / that of Bohm, 1,000 and 10,000 accounts, every number of cores',
    threshold: 'between 0.80 and 1.35 everywhere',
    values: (rows) => against(rows, 'bohm', {}),
    holds: every((share) => share >= 0.8 && share <= 1.35),
    weak: every((share) => share >= 0.5 && share <= 2),
    decisive: least,
    limit: 0.8,
  },
  {
    id: 'BSTM-7',
    statement: 'significantly better than Bohm on 32 threads with blocks of 1,000',
    source: 'section 4, figure 3',
    mark: 'read',
    quantity: 'throughput / that of Bohm, blocks of 1,000, 32 cores',
    threshold: 'at least 1.1',
    values: (rows) => against(rows, 'bohm', { transactions: 1000, cores: 32 }),
    holds: every((share) => share >= 1.1),
    weak: every((share) => share > 1),
    decisive: least,
    limit: 1.1,
    remark: 'the model has no cost that Bohm pays a block and Block-STM does not: see BSTM-7-why',
  },
  {
    id: 'BSTM-7-why',
    statement:
      'why: inserting placeholders is not what makes Bohm slower on small blocks; a fixed cost of its own would be',
    source:
      'ours; in figure 3 lines through the two block sizes have intercepts of 21 ms (Bohm) and 14 ms (Block-STM)',
    mark: 'computed',
    quantity:
      "Bohm's throughput with placeholders inserted in the run / before it, blocks of 1,000, 32 cores",
    threshold: 'at least 0.9: inserting takes less than a tenth, where 7 ms would be a quarter',
    paper: [],
    values: (rows) => {
      const given = of(rows, 'bohm', { 'algorithm.build': 'given', transactions: 1000, cores: 32 });
      return cellsOf(given, ['workload.accounts']).map(({ cells, label, rows: before }) => {
        const place = { ...cells, transactions: 1000, cores: 32, 'workload.variant': 'diem' };
        return ratio(label, of(rows, 'bohm', { ...place, seed: before.values('seed') }), before);
      });
    },
    holds: every((share) => share >= 0.9),
    weak: every((share) => share >= 0.75),
  },
  {
    id: 'BSTM-8',
    statement: '3 to 4 times LiTM with 10,000 accounts, regardless of block size',
    source: 'section 4, figure 3',
    headline: 'beside its rivals',
    mark: 'read',
    quantity: 'throughput / that of LiTM, 10,000 accounts, 16 and 32 cores',
    threshold: 'at least 2',
    values: (rows) => against(rows, 'litm', { 'workload.accounts': 10_000, cores: [16, 32] }),
    holds: every((share) => share >= 2),
    weak: every((share) => share > 1),
    decisive: least,
    limit: 2,
    remark:
      'with blocks of 1,000 LiTM loses one attempt in six here and is done in 4 rounds, so that by its conflicts it ' +
      'cannot be 3 times slower: see BSTM-8-why',
  },
  {
    id: 'BSTM-8-why',
    statement: "why: it would come out if each of LiTM's 4 rounds cost what a block costs, 13 ms",
    source: 'ours; in figure 3 LiTM takes 52 to 69 ms longer than here, on any number of threads',
    mark: 'computed',
    quantity:
      'throughput / that of LiTM at a block cost of 52 ms, 10,000 accounts, blocks of 1,000, 4 to 32 cores',
    threshold: 'within a fifth of the paper: 2.0, 2.2, 2.4, 3.1',
    paper: [{ text: '2.03, 2.17, 2.41, 3.06', mark: 'digitised' }],
    values: (rows) =>
      cellsOf(of(rows, 'litm', { 'machine.block_ns': FOUR_ROUNDS_NS }), [...PLACE, 'seed']).map((cell) =>
        ratio(cell.label, of(rows, 'block-stm', cell.cells), cell.rows),
      ),
    holds: (values) => values.every((one, at) => Math.abs(one.value / LITM_BEHIND[at] - 1) <= 0.2),
    weak: every((share) => share > 1.5),
  },
  {
    id: 'BSTM-9',
    statement: 'larger still over LiTM with 1,000 accounts, up to 25x',
    source: 'section 4, figure 3, of which no point shows more than 16.9x',
    mark: 'read',
    quantity: 'throughput / that of LiTM, blocks of 10,000, 32 cores: 1,000 accounts, then 10,000',
    threshold: 'at least 8 with 1,000 accounts, and more than with 10,000',
    values: (rows) =>
      [1000, 10_000].map((accounts) => {
        const place = { 'workload.accounts': accounts, transactions: 10_000, cores: 32 };
        const mine = of(rows, 'block-stm', { ...place, 'workload.variant': 'diem' });
        return ratio(`${accounts} accounts`, mine, of(rows, 'litm', place));
      }),
    holds: ([few, many]) => few.value >= 8 && few.value > many.value,
    weak: ([few, many]) => few.value > many.value,
    decisive: ([few]) => few.value,
    limit: 8,
  },
  {
    id: 'BSTM-10',
    statement: 'throughput rises with the block size and saturates by 10,000 to 20,000',
    source: 'section 4, figures 5 and 8',
    mark: 'read',
    quantity: 'throughput of blocks of 50,000 / of 1,000, then / of 10,000; 10,000 accounts, 32 cores',
    threshold: 'at least 1.8 over 1,000, at most 1.2 over 10,000',
    values: (rows) =>
      cellsOf(largeBlocks(rows, 32), ['workload.variant']).flatMap(({ cells, label, rows: large }) =>
        [1000, 10_000].map((transactions) => {
          const place = { ...cells, 'workload.accounts': 10_000, cores: 32, transactions };
          return ratio(`${label}, over blocks of ${transactions}`, large, of(rows, 'block-stm', place));
        }),
      ),
    holds: (values) => values.every((one, at) => (at % 2 === 0 ? one.value >= 1.8 : one.value <= 1.2)),
    weak: (values) => values.every((one, at) => (at % 2 === 0 ? one.value > 1.05 : one.value <= 1.5)),
    decisive: (values) => least(values.filter((_, at) => at % 2 === 0)),
    limit: 1.8,
    remark:
      'without a cost a block there is none to spread over more transactions, so as it is the model cannot show it; with ' +
      'one it is weak by Aptos alone, whose points come to half of it: see BSTM-10-why',
  },
  {
    id: 'BSTM-10-why',
    statement: 'why: it would come out for Aptos with the fixed cost that its own points come to, 6.5 ms',
    source: 'ours; the intercept of the two lines of figure 8 on 32 threads',
    mark: 'computed',
    quantity:
      'throughput of blocks of 50,000 / of 1,000, then / of 10,000; Aptos, 10,000 accounts, 32 cores, block cost 6.5 ms',
    threshold: 'at least 1.8 over 1,000, at most 1.2 over 10,000',
    paper: [],
    values: (rows) => {
      const aptos = of(rows, 'block-stm', {
        'workload.variant': 'aptos',
        'machine.block_ns': APTOS_BLOCK_NS,
      });
      return [1000, 10_000].map((transactions) =>
        ratio(
          `over blocks of ${transactions}`,
          aptos.where({ transactions: 50_000 }),
          aptos.where({ transactions }),
        ),
      );
    },
    holds: ([small, large]) => small.value >= 1.8 && large.value <= 1.2,
    weak: ([small]) => small.value > 1.05,
  },
  {
    id: 'BSTM-11',
    statement:
      'at most 110k tps (21x, Diem) and 170k (17x, Aptos) on 32 threads, 67k (13x) and 120k (12x) on 16',
    source: 'section 4, figures 5 and 8',
    mark: 'read',
    quantity: 'speed-up over sequential, 10,000 accounts, blocks of 50,000, 16 and 32 cores',
    threshold: 'at least 10 on 16 cores, at least 16 on 32',
    values: (rows) => speedups(rows, { 'workload.accounts': 10_000, transactions: 50_000, cores: [16, 32] }),
    holds: everyOn((speedup, cores) => speedup >= (cores === 16 ? 10 : 16)),
    weak: every((speedup) => speedup > 1),
  },
  {
    id: 'BSTM-13',
    statement: 'from 64 to 128 cores it gains next to nothing: its counters are the limit',
    source: 'a third party: final report of neo1202/parallel-block-stm',
    mark: 'read',
    quantity:
      'throughput on 128 cores / on 64: transfers of lines as in a two-socket server, then nearly free',
    threshold: 'at most 1.15, and at least 1.2 times as much where transfers are nearly free',
    paper: [{ text: '1.03: 219k to 226k tps', mark: 'read' }],
    values: (rows) => doubled(rows, 290_000),
    holds: ([modelled, free]) =>
      free !== undefined && modelled.value <= 1.15 && free.value >= 1.2 * modelled.value,
    weak: ([modelled, free]) => free !== undefined && modelled.value < free.value,
    remark:
      'the 290 µs are core time that was measured with the wait for the counters in it; with 20 µs of work the counters ' +
      'are the limit: see BSTM-13-why',
  },
  {
    id: 'BSTM-13-why',
    statement: 'why: the counters are the limit where transactions are short enough',
    source: 'ours: the same with 20 µs of work',
    mark: 'computed',
    quantity:
      'throughput on 128 cores / on 64: transfers of lines as in a two-socket server, then nearly free',
    threshold: 'at most 1.15, and at least 1.2 times as much where transfers are nearly free',
    paper: [],
    values: (rows) => doubled(rows, 20_000),
    holds: ([modelled, free]) =>
      free !== undefined && modelled.value <= 1.15 && free.value >= 1.2 * modelled.value,
    weak: ([modelled, free]) => free !== undefined && modelled.value < free.value,
  },
];

/** Of each kind of domains: what twice as many cores make of it. */
function doubled(rows: Rows, work: number): Value[] {
  const large = rows.where({ algorithm: 'block-stm', machine: 'two-socket', 'workload.work': work });
  const domains = large.values('machine.domains').toSorted((a, b) => b.length - a.length);
  return domains.map((cell) => {
    const own = large.where({ 'machine.domains': cell });
    return ratio(`lines move in ${transferOf(cell)}`, own.where({ cores: 128 }), own.where({ cores: 64 }));
  });
}

function largeBlocks(rows: Rows, cores: number): Rows {
  return of(rows, 'block-stm', { 'workload.accounts': 10_000, transactions: 50_000, cores });
}

/** Each value with the number of cores of its rows. */
function everyOn(test: (value: number, cores: number) => boolean): (values: readonly Value[]) => boolean {
  return (values) => values.every((one) => test(one.value, Number(one.rows[0].cores)));
}

function transferOf(domains: string): string {
  const all = JSON.parse(domains) as { transfer_ns: number }[];
  return all.map(({ transfer_ns }) => `${transfer_ns} ns`).join(', ');
}

export default defineClaims({
  paper:
    'Gelashvili, Spiegelman, Xiang, Danezis, Li, Malkhi, Xia, Zhou: Block-STM: Scaling Blockchain Execution by ' +
    'Turning Ordering Curse to a Performance Blessing. PPoPP 2023',
  settings,
  claims,
  published,
  figures,
  sensitivity: {
    machine: SERVER,
    figures: {
      'machine.transfer_ns': { usual: 94, others: [47, 188] },
      'machine.atomic_ns': { usual: 6, others: [3, 20] },
      'machine.hit_ns': { usual: 1.5, others: [0.75, 3] },
      'machine.memory_ns': { usual: 100, others: [50, 200] },
      'machine.pause_ns': { usual: 15, others: [5, 50] },
      'machine.block_ns': { usual: 0, others: [5e6, 13e6, 20e6] },
      'machine.crowding': { usual: 0, others: [0.2, 0.4, 0.8] },
    },
  },
});

/** Numbers, bars and tables as they are printed. */
import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bar, cells } from '../../harness/report/bar.ts';
import { colourPaint } from '../../harness/report/paint.ts';
import { table, textWidth } from '../../harness/report/table.ts';
import { counted, duration, grouped, percent, short, times } from '../../harness/report/units.ts';
import { wrapped } from '../../harness/report/words.ts';

fc.configureGlobal({ seed: 42 });

test('three digits and a unit, also where rounding reaches the next one', () => {
  const shown = [0, 7, 812, 999.4, 999.6, 97_360, 999_600, 1_234_567, 5e9, 4e15].map(short);
  expect(shown).toEqual(['0', '7', '812', '999', '1.00 k', '97.4 k', '1.00 M', '1.23 M', '5.00 G', '4000 T']);
  expect([12, 310_400, 1.234e6, 2.1e9, 7.2e12].map(duration)).toEqual([
    '12 ns',
    '310 µs',
    '1.23 ms',
    '2.10 s',
    '7200 s',
  ]);
  expect([0.984, 13.94, 139.4, 0].map(times)).toEqual(['0.98×', '13.9×', '139×', '0.00×']);
  expect([0, 0.004, 0.625, 1].map(percent)).toEqual(['0', '0', '63', '100']);
  expect([grouped(1_234_567), counted(1, 'core'), counted(1000, 'core')]).toEqual([
    '1,234,567',
    '1 core',
    '1,000 cores',
  ]);
});

test('what there is none of is a dash', () => {
  expect([short, duration, times, percent, grouped].map((of) => of(Number.NaN))).toEqual(Array(5).fill('–'));
});

test('a bar is as long as its share, to an eighth of a character', () => {
  expect([0, 0.001, 0.5, 0.53125, 1, 2, Number.NaN].map((share) => bar(share, 4))).toEqual([
    '',
    '▏',
    '██',
    '██▏',
    '████',
    '████',
    '',
  ]);
});

test('cells are in proportion to their shares, and together no more than there are', () => {
  expect(cells([0.5, 0.25, 0.25], 8)).toEqual([4, 2, 2]);
  const shares = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(shares, (parts) => {
      const sum = parts.reduce((total, part) => total + part, 0);
      const scaled = parts.map((part) => (sum > 1 ? part / sum : part));
      const counts = cells(scaled, 40);
      for (const [at, count] of counts.entries()) {
        expect(Math.abs(count - 40 * scaled[at])).toBeLessThanOrEqual(1);
      }
      expect(counts.reduce((total, count) => total + count, 0)).toBeLessThanOrEqual(40);
    }),
  );
});

test('columns line up, whatever is coloured, and no line ends in blanks', () => {
  const columns = [
    { title: 'name' },
    { title: 'long\ntitle', align: 'right' as const },
    { title: 'note', width: 9 },
  ];
  const rows = [
    ['a', '1', 'two words wrap'],
    ['longer', '22', ''],
  ];
  const plain = table(columns, rows);
  expect(plain).toMatchInlineSnapshot(`
    "           long
      name    title  note
      a           1  two words
                     wrap
      longer     22"
  `);
  const coloured = table(columns, [[colourPaint('bold', 'a'), '1', 'two words wrap'], rows[1]]);
  expect(coloured).not.toBe(plain);
  expect(stripVTControlCharacters(coloured)).toBe(plain);
  expect(textWidth(colourPaint('red', 'ab\nabc'))).toBe(3);
});

test('wrapped text keeps its words and its width', () => {
  const words = fc.array(fc.stringMatching(/^[a-z]{1,9}$/), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(words, (all) => {
      const lines = wrapped(all.join(' '), 24, '   ').split('\n');
      expect(lines.flatMap((line) => line.trim().split(' '))).toEqual(all);
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(24);
    }),
  );
});

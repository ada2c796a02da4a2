import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arrange, roundUp } from '../../harness/machine/layout.ts';
import { type Fields, LINE_BYTES } from '../../harness/machine/machine.ts';

const fields: fc.Arbitrary<Fields> = fc
  .array(
    fc.oneof(
      fc.constantFrom('word' as const, 'value' as const),
      fc.integer({ min: 1, max: 20 }).map((count) => ['words', count] as const),
    ),
    { minLength: 1, maxLength: 9 },
  )
  .map((kinds) => Object.fromEntries(kinds.map((kind, i) => [`f${i}`, kind])));

const size = (kind: Fields[string]): number => (kind === 'word' ? 4 : kind === 'value' ? 8 : 4 * kind[1]);

describe('the arrangement of a record', () => {
  test('keeps fields apart and aligned, and no packed record of up to a line straddles two', () => {
    fc.assert(
      fc.property(fields, fc.constantFrom('packed' as const, 'padded' as const), (record, layout) => {
        const { offsets, bytes } = arrange(record, layout);
        const taken = new Set<number>();
        let used = 0;
        for (const [name, kind] of Object.entries(record)) {
          expect(offsets[name] % (kind === 'value' ? 8 : 4)).toBe(0);
          for (let byte = offsets[name]; byte < offsets[name] + size(kind); byte++) taken.add(byte);
          used += size(kind);
        }
        expect(taken.size).toBe(used); // no byte twice
        expect(Math.max(...taken)).toBeLessThan(bytes);
        if (Object.values(record).includes('value')) expect(bytes % 8).toBe(0);
        if (layout === 'padded' || used > LINE_BYTES) expect(bytes).toBe(roundUp(used, LINE_BYTES));
        else {
          expect(LINE_BYTES % bytes).toBe(0);
          expect(bytes).toBeLessThan(2 * used);
        }
      }),
      { numRuns: 500, seed: 1 },
    );
  });

  test('for example: values come first, then words, in order of declaration', () => {
    const record = { lock: 'word', value: 'value', set: ['words', 3], other: 'value' } as const;
    expect(arrange(record, 'packed')).toEqual({
      offsets: { value: 0, other: 8, lock: 16, set: 20 },
      bytes: 32,
    });
    expect(arrange(record, 'padded').bytes).toBe(64);
    expect(arrange({ word: 'word' }, 'packed')).toEqual({ offsets: { word: 0 }, bytes: 4 });
    expect(arrange({ row: ['words', 17] }, 'packed').bytes).toBe(128);
  });
});

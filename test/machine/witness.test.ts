import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Job } from '../../harness/machine/job.ts';
import { simulate } from '../../harness/machine/simulated/simulate.ts';
import { jobOf, type Program, plain } from './simulated/program.ts';

/** The versions that core 0 logs while it runs the program. */
function versionsOf(program: Program, transactions: number, audit = true): number[] {
  const job = jobOf(1, program, { transactions });
  const declaration = { ...job.algorithm.declaration, witness: 'versions' as const };
  const versioned: Job = { ...job, algorithm: { ...job.algorithm, declaration }, audit };
  return [...simulate(versioned, { model: plain }).cores[0].versions];
}

const transaction = fc.record({
  reads: fc.array(fc.tuple(fc.nat(99), fc.nat(99)), { maxLength: 80, size: 'max' }),
  writes: fc.array(fc.tuple(fc.nat(99), fc.nat(99), fc.nat(99)), { maxLength: 80, size: 'max' }),
});

test('a versions witness has a row for each commit, however many reads and writes there are', () => {
  fc.assert(
    fc.property(fc.array(transaction, { maxLength: 40, size: 'max' }), (transactions) => {
      const program: Program = () =>
        function* (core) {
          for (const [t, { reads, writes }] of transactions.entries()) {
            core.begin(t);
            for (const [key, version] of reads) core.witnessRead(key, version);
            for (const [key, version, over] of writes) core.witnessWrite(key, version, over);
            core.commit(t);
          }
        };
      const rows = transactions.flatMap(({ reads, writes }, t) => [
        ...[t, reads.length, writes.length],
        ...reads.flat(),
        ...writes.flat(),
      ]);
      expect(versionsOf(program, transactions.length)).toEqual(rows);
      expect(versionsOf(program, transactions.length, false)).toEqual([]);
    }),
    { numRuns: 50, seed: 1 },
  );
});

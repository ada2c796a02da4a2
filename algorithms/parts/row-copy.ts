/**
 * What it costs to copy a row. A value here is one number, where the rows of a database are a kilobyte or so; an
 * algorithm that works on copies computes for so long wherever it makes one, and those that do not, do not.
 *
 * Source      Staring into the Abyss copies rows of 1 KB (DBx1000: ten columns of 100 bytes). What that takes
 *             depends on the machine; no figure was found, so whoever gives one is guessing and should vary it.
 */
import { z } from '../algorithm.ts';

export const copyOption: z.ZodDefault<z.ZodInt> = z
  .int()
  .min(0)
  .max(1e6)
  .default(0)
  .describe('units of computing that the copy of a row costs, wherever the algorithm copies one');

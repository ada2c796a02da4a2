/** The shape of an experiment file. What the names in it mean is checked against the registries by the grid. */
import { z } from 'zod';

/** A name or file alone, or with settings; a list of values multiplies. */
export const Entry = z.union(
  [
    z.string(),
    z
      .record(z.string(), z.record(z.string(), z.unknown()).nullable())
      .refine((entry) => Object.keys(entry).length === 1, {
        error: 'an entry is one name with its settings: begin each with a dash of its own',
      }),
  ],
  { error: 'expected a name, or `name: { setting: value, … }`' },
);

/** In the file's own words; Zod's speak of arrays. */
const list = (example: string) => ({
  error: ({ input }: { input?: unknown }): string =>
    `${input === undefined ? 'missing' : 'not a list'}; write it as ${example}`,
});
const entries = z.array(Entry, list('[name, …]')).min(1);
const integers = z.array(z.int(), list('[1, 2]')).min(1);

/** What is crossed with what. An inclusion may leave axes out; it takes the experiment's own there. */
const axes = {
  algorithms: entries.describe('names of `contend list algorithms` or files, with options'),
  workloads: entries.describe('names of `contend list workloads` or files, with parameters'),
  machines: entries.describe('`threads` or machine models, with figures that differ'),
  cores: integers.describe('how many cores run a block'),
  transactions: integers.describe('how many transactions a block has'),
  seeds: integers.describe('each fixes every random choice'),
};

const Scalar = z.union([z.string(), z.number(), z.boolean()]);

export const ExperimentFile = z.strictObject({
  name: z
    .string()
    .regex(
      /^\w[\w.-]*$/,
      'a name is of letters, digits, dots, dashes and underscores, a dot or dash not first',
    )
    .describe('names the experiment in its rows'),
  question: z.string().optional().describe('what it is to answer'),
  ...axes,
  transactions: axes.transactions.default([1000]),
  seeds: axes.seeds.default([1]),
  repetitions: z
    .int()
    .min(1)
    .max(10_000)
    .default(5)
    .describe('of each configuration on real threads; a simulated one repeats itself exactly'),
  until: z
    .strictObject({
      percent: z.number().gt(0).lt(100).describe('the half width of the interval, of the median'),
      most: z.int().min(2).max(10_000).describe('no more repetitions than this'),
    })
    .optional()
    .describe('go on repeating until the interval of the median throughput is this narrow'),
  include: z
    .array(z.strictObject(axes).partial())
    .default([])
    .describe('further grids; an axis that one leaves out is the experiment’s own'),
  exclude: z
    .array(z.record(z.string(), z.union([Scalar, z.array(Scalar)])))
    .default([])
    .describe('cells to leave out, by columns of runs.csv: all that is named must match'),
});

export type Entry = z.infer<typeof Entry>;
export type ExperimentFile = z.infer<typeof ExperimentFile>;
/** The axes of one grid, each filled in. */
export type Axes = Pick<ExperimentFile, keyof typeof axes>;

/** `contend check`: the conformance suite, on any algorithm. */
import { availableParallelism } from 'node:os';
import { algorithms } from '../../../algorithms/index.ts';
import { type Variant, variantsOf } from '../../check/cases.ts';
import type { CheckResult, Failure } from '../../check/result.ts';
import { saveFailure } from '../../check/save.ts';
import { checkAlgorithm } from '../../check/suite.ts';
import { type Configuration, configure, integer } from '../../experiment/configuration.ts';
import { reference } from '../../experiment/reference.ts';
import { UserError } from '../../experiment/user-error.ts';
import { checkLine, failureReport } from '../../report/check-report.ts';
import { counted } from '../../report/units.ts';
import { number, settings, text } from '../arguments.ts';
import { type Args, type Command, FAILED, OK } from '../command.ts';
import { anAlgorithm } from '../examples.ts';
import type { Terminal } from '../terminal.ts';
import { Ticker } from '../ticker.ts';
import { guarded } from '../watchdog.ts';

const DEFAULTS = { runs: 1000, seed: 1, out: 'results/check' };
const MOST_RUNS = 10_000_000;
const REPETITIONS = 10;

const valued = (description: string, defaultDescription?: string | number) => ({
  type: 'string' as const,
  requiresArg: true,
  description,
  ...(defaultDescription === undefined ? {} : { defaultDescription: `${defaultDescription}` }),
});

export const check: Command = {
  usage: 'check [algorithm]',
  summary:
    'Checks that an algorithm keeps what it promises: random schedules, edges, progress, real threads.',
  positionals: {
    algorithm: { type: 'string', description: 'a name of `contend list algorithms`, or a .ts file' },
  },
  options: {
    runs: valued('random schedules for each variant; the other checks take a share of it', DEFAULTS.runs),
    option: valued('check the variant with this option alone, as name=value; repeat it for more'),
    seed: valued('fixes every random choice', DEFAULTS.seed),
    threads: {
      type: 'boolean',
      default: true,
      description: 'also on real threads; --no-threads leaves it out',
    },
    out: valued('a folder for the schedules that failed', DEFAULTS.out),
    json: { type: 'boolean', description: 'print JSON instead' },
  },
  examples: [
    [`check ${anAlgorithm}`, 'every variant: each choice of its options, one at a time'],
    ['check ./mine.ts --runs 20000', 'an algorithm of your own, thoroughly'],
  ],
  notes:
    'Controls, which promise less than serializability, pass if verification rejects them.\n' +
    'Exit status: 0 every law holds; 1 one does not; 2 wrong usage.',

  async run(args: Args, terminal: Terminal): Promise<number> {
    const effort = effortOf(args);
    const out = text(args, 'out') ?? DEFAULTS.out;
    const { variants, given, workload } = await variantsFrom(args);
    const [{ algorithm }] = variants;
    const show = args.json ? () => {} : (line: string) => terminal.out(`${line}\n`);
    const { name } = algorithm.declaration;
    const threads = effort.repetitions > 0 ? `, ${availableParallelism()} real cores` : '';
    show(
      terminal.paint(
        'bold',
        ` ${name}: ${counted(variants.length, 'variant')}, seed ${effort.seed}${threads}`,
      ),
    );
    const ticker = new Ticker(terminal);
    const results: CheckResult[] = [];
    const tick = (at: { check: string; variant: Variant; runs: number }): void =>
      ticker.show(() => `${at.check}: ${counted(at.runs, 'run')} ${JSON.stringify(at.variant.options)}`);
    const all = async (): Promise<void> => {
      for await (const result of checkAlgorithm(algorithm, effort, tick, given ? variants : undefined)) {
        ticker.clear();
        results.push(result);
        show(checkLine(result, terminal));
      }
    };
    await guarded({ algorithm, workload }, terminal, all);
    const failures = results.flatMap((result) => result.failures);
    const saved = failures.map((failure) => ({ failure, replay: saveFailure(failure, out) }));
    for (const { failure, replay } of saved) show(`\n${failureReport(failure, replay, terminal)}`);
    if (args.json) terminal.out(`${JSON.stringify(jsonOf(name, results, saved), null, 2)}\n`);
    return failures.length === 0 ? OK : FAILED;
  },
};

function effortOf(args: Args) {
  const runs = number(args, 'runs') ?? DEFAULTS.runs;
  integer('runs', runs, 1, MOST_RUNS);
  const seed = number(args, 'seed') ?? DEFAULTS.seed;
  integer('seed', seed, 0, 2 ** 31 - 1);
  return { runs, seed, repetitions: args.threads ? REPETITIONS : 0 };
}

interface Chosen extends Pick<Configuration, 'workload'> {
  readonly variants: Variant[];
  /** Whether the user chose one. */
  readonly given: boolean;
}

/** The variants to check. */
async function variantsFrom(args: Args): Promise<Chosen> {
  if (args.algorithm === undefined || args.algorithm === '') {
    throw new UserError(`which algorithm? known: ${Object.keys(algorithms).join(', ')}; or a .ts file`);
  }
  const options = settings(args, 'option');
  // Only the algorithm and its options are of interest here.
  const request = {
    workload: 'mixed',
    parameters: {},
    machine: 'server-32',
    cores: 1,
    transactions: 1,
    seed: 0,
  };
  const named = reference('algorithm', String(args.algorithm));
  const configured = await configure({ ...request, algorithm: named, options });
  const { algorithm, options: complete, workload } = configured;
  if (Object.keys(options).length > 0) {
    return { variants: [{ algorithm, options: complete }], given: true, workload };
  }
  return { variants: variantsOf(algorithm), given: false, workload };
}

function jsonOf(
  algorithm: string,
  results: readonly CheckResult[],
  saved: readonly { failure: Failure; replay: string | undefined }[],
): unknown {
  return {
    algorithm,
    passed: results.every(({ passed }) => passed),
    checks: results.map(({ failures: _, ...result }) => result),
    failures: saved.map(({ failure: { check, law, finding, configuration }, replay }) => ({
      check,
      law,
      ...finding,
      options: configuration?.options,
      replay,
    })),
  };
}

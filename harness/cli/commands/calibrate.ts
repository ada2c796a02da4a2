/** `contend calibrate`: measures this host into a machine model, and judges a model by this host. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { basename, dirname, extname, join } from 'node:path';
import { algorithms } from '../../../algorithms/index.ts';
import { type Calibration, calibrate as calibrated } from '../../calibrate/calibrate.ts';
import { hostModel } from '../../calibrate/host-model.ts';
import { type Judgement, judge, WORKLOADS } from '../../calibrate/judge.ts';
import { threadsMachine } from '../../calibrate/readings.ts';
import { integer, modelNamed } from '../../experiment/configuration.ts';
import { machineRequest } from '../../experiment/machine-file.ts';
import { UserError } from '../../experiment/user-error.ts';
import type { MachineModel } from '../../machine/simulated/model.ts';
import { calibrationReport, judgementReport } from '../../report/calibration.ts';
import { number, text } from '../arguments.ts';
import { type Args, type Command, OK } from '../command.ts';
import type { Terminal } from '../terminal.ts';
import { Ticker } from '../ticker.ts';

const OUT = join('results', 'calibrated.json');
/** How long each probe is measured once it is warm, and by how many sets of workers. */
const MEASURE_MS = 400;
const SESSIONS = 3;
/** What is read to miss every cache: more than the last level holds, of what a host's caches share out to one. */
const MEMORY_BYTES = 2 ** 27;
const JUDGED = {
  algorithms: Object.keys(algorithms),
  workloads: WORKLOADS,
  transactions: 1000,
  repetitions: 15,
};

export const calibrate: Command = {
  usage: 'calibrate',
  summary: 'Measures this host into a machine model, which the simulated machine then runs on.',
  options: {
    out: {
      type: 'string',
      requiresArg: true,
      description: 'the file to write the model to; its name is what the machine is called',
      defaultDescription: OUT,
    },
    judge: {
      type: 'boolean',
      description:
        'then run every algorithm under the model and on real threads, and compare their throughput',
    },
    machine: {
      type: 'string',
      requiresArg: true,
      description: 'judge this model, a name or a file, instead of measuring a new one',
    },
    repetitions: {
      type: 'string',
      requiresArg: true,
      description: 'how often each trial on real threads is repeated when judging',
      defaultDescription: `${JUDGED.repetitions}`,
    },
    json: { type: 'boolean', description: 'print JSON instead' },
  },
  examples: [
    ['calibrate --out laptop.json', 'what this host costs; then: run ALGORITHM --machine laptop.json'],
    ['calibrate --judge --machine host', 'how far the shipped model of a host is from this one'],
  ],
  notes:
    'Wants a quiet host: a minute for the figures, some minutes to judge. Whatever else runs adds time, so the\n' +
    'fastest tenth of many short samples counts; where that is far from the median the host was busy.',

  async run(args: Args, terminal: Terminal): Promise<number> {
    const repetitions = number(args, 'repetitions') ?? JUDGED.repetitions;
    integer('repetitions', repetitions, 1, 1000);
    const given = text(args, 'machine');
    if (given !== undefined && args.judge !== true) {
      throw new UserError(
        '--machine names a model to judge: give --judge too, or neither to measure a new one',
      );
    }
    const known = given === undefined ? undefined : machineRequest(given);
    const model = known === undefined ? undefined : modelNamed(known.machine, known.base);
    const ticker = new Ticker(terminal);
    const measured = model === undefined ? await measure(args, terminal, ticker) : undefined;
    const judgements =
      args.judge === true
        ? await judged(model ?? (measured as Measured).model, repetitions, terminal, ticker)
        : undefined;
    if (args.json) terminal.out(`${JSON.stringify({ ...measured, judgements }, null, 2)}\n`);
    else if (judgements !== undefined) terminal.out(`${judgementReport(judgements, terminal)}\n`);
    return OK;
  },
};

interface Measured {
  readonly model: MachineModel;
  readonly calibration: Calibration;
}

async function measure(args: Args, terminal: Terminal, ticker: Ticker): Promise<Measured> {
  const out = text(args, 'out') ?? OUT;
  const name = basename(out, extname(out));
  const cores = availableParallelism();
  makeFolder(out); // before the measurement, which would be lost
  const calibration = await calibrated(threadsMachine(MEASURE_MS, SESSIONS), {
    cores,
    memory_bytes: MEMORY_BYTES,
    onProgress: (what) => ticker.show(() => what),
  });
  ticker.clear();
  const cpu = cpus()[0]?.model.trim() || 'a processor of unknown name';
  const date = new Date().toISOString().slice(0, 10);
  const model = hostModel(calibration, { name, cpu, cores, date });
  writeFileSync(out, `${JSON.stringify(model, null, 2)}\n`);
  if (!args.json) {
    terminal.out(`${calibrationReport(calibration, terminal)}\n\n  model in ${out}\n\n`);
  }
  return { model, calibration };
}

function makeFolder(out: string): void {
  try {
    mkdirSync(dirname(out), { recursive: true });
  } catch (error) {
    throw new UserError(`cannot write the model to ${out}: ${(error as Error).message}`);
  }
}

async function judged(
  model: MachineModel,
  repetitions: number,
  terminal: Terminal,
  ticker: Ticker,
): Promise<Judgement[]> {
  const judgements: Judgement[] = [];
  const most = Math.min(2, model.cores, availableParallelism());
  const options = { ...JUDGED, repetitions, cores: most === 1 ? [1] : [1, most] };
  for await (const some of judge(model, { ...options, onProgress: (what) => ticker.show(() => what) })) {
    judgements.push(...some);
    const [{ workload }] = some;
    ticker.clear();
    terminal.err(`judged: ${workload.label.replace('\n', ', ')}\n`);
  }
  return judgements;
}

/** Where an experiment ran: what has to be known to judge its numbers, and to run it again. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, loadavg, platform, release, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { MachineModel } from '../machine/simulated/model.ts';
import type { Configuration } from './configuration.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export interface Environment {
  readonly date: string;
  readonly contend: string;
  /** Of the working copy that ran; absent where there is no git. */
  readonly git?: { readonly commit: string; readonly dirty: boolean };
  readonly cpu: string;
  readonly cores: number;
  readonly memory_bytes: number;
  /** Over the last 1, 5 and 15 minutes before the start. */
  readonly load: readonly number[];
  readonly os: string;
  readonly node: string;
  readonly v8: string;
  /** The models of the simulated machines that ran, with all their figures. */
  readonly machines: Readonly<Record<string, MachineModel>>;
  /** Other environments that rows here come from, where somebody said that they may. */
  readonly also?: readonly Environment[];
}

/** What decides the numbers of simulated trials, and what else those of real threads. */
const SIMULATED = ['contend', 'git', 'v8', 'machines'] as const;
const MEASURED = ['cpu', 'cores', 'os', 'node'] as const;

/**
 * In what two environments differ, as far as it matters to the numbers: "node v24.1.0, here v24.2.0".
 * @param measured whether some of the numbers are of real threads
 */
export function differences(there: Environment, here: Environment, measured: boolean): string[] {
  return [...SIMULATED, ...(measured ? MEASURED : [])]
    .filter((part) => decisive(there, part) !== decisive(here, part))
    .map((part) => {
      if (part === 'machines') return 'figures of a machine model';
      return `${part} ${tell(there[part])}, here ${tell(here[part])}`;
    });
}

/** Of a working copy the commit: a file that was added beside it need not have changed anything. */
function decisive(environment: Environment, part: keyof Environment): string | undefined {
  return part === 'git' ? environment.git?.commit : JSON.stringify(environment[part]);
}

function tell(value: Environment['git'] | string | number): string {
  if (typeof value !== 'object') return String(value ?? 'none');
  return `${value.commit.slice(0, 12)}${value.dirty ? ' with changes' : ''}`;
}

/** @param configurations all that runs */
export function environment(configurations: readonly Configuration[]): Environment {
  const models = new Map(configurations.flatMap(({ model }) => (model ? [[model.name, model]] : [])));
  const git = workingCopy();
  return {
    date: new Date().toISOString(),
    contend: contendVersion(),
    ...(git === undefined ? {} : { git }),
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memory_bytes: totalmem(),
    load: loadavg(),
    os: `${platform()} ${release()} ${arch()}`,
    node: process.version,
    v8: process.versions.v8,
    machines: Object.fromEntries(models),
  };
}

export function contendVersion(): string {
  return JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version;
}

let known: { readonly git: Environment['git'] } | undefined;

/** As it was when this process first asked, soon after it loaded the code: three starts of git, a tenth of a second. */
function workingCopy(): Environment['git'] {
  known ??= { git: lookedUp() };
  return known.git;
}

function lookedUp(): Environment['git'] {
  const git = (...args: string[]): string =>
    execFileSync('git', ['-C', ROOT, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    // A copy that lies in somebody else's repository is not what that repository's commit says.
    git('ls-files', '--error-unmatch', 'package.json');
    return { commit: git('rev-parse', 'HEAD').trim(), dirty: git('status', '--porcelain').trim() !== '' };
  } catch {
    return undefined;
  }
}

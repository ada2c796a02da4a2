/**
 * What speaks for each algorithm and policy: random schedules explored without a violation, and how many schedules
 * each of its mutants survived before it was rejected, which test/mutants/found.json keeps. Lines of code are those of its own file or folder.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { algorithms } from '../../algorithms/index.ts';
import { randomCases, type Variant, variantsOf } from '../../harness/check/cases.ts';
import { explore } from '../../harness/check/explore.ts';
import { isControl } from '../../harness/check/judge.ts';
import { loadAlgorithm } from '../../harness/machine/load.ts';
import { labelOf } from '../../harness/report/words.ts';
import { attack, mutants } from '../mutants/attack.ts';
import { keep } from '../mutants/found.ts';
import type { Mutant } from '../mutants/mutant.ts';

/** Random schedules a variant. */
const RUNS = Number(process.env.CONTEND_CASES ?? 1000);
const FOLDER = fileURLToPath(new URL('../../algorithms/', import.meta.url));

interface Survival {
  readonly schedules: number[];
  harmless: number;
}

/** A row for each variant, and for each combination of options that only mutants are tried under. */
export async function evidence(): Promise<Record<string, string | number>[]> {
  const survivals = new Map<string, Survival>();
  const places = new Map<Mutant, number | undefined>();
  for (const mutant of mutants) {
    const { declaration, reference } = await loadAlgorithm(mutant.of);
    const options = declaration.options.parse(mutant.options ?? {});
    const label = labelOf({ algorithm: { declaration, reference }, options });
    const survival = survivals.get(label) ?? { schedules: [], harmless: 0 };
    survivals.set(label, survival);
    const { first, runs } = await attack(mutant);
    places.set(mutant, first && runs - 1);
    if (mutant.expect.length === 0) survival.harmless++;
    else survival.schedules.push(first === undefined ? Number.POSITIVE_INFINITY : runs);
  }
  keep(places);
  const rows: Record<string, string | number>[] = [];
  for (const name of Object.keys(algorithms)) {
    const variants = variantsOf(await loadAlgorithm(name));
    for (const variant of variants) rows.push(await rowOf(name, variant, survivals));
    for (const [label, survival] of survivals) {
      if (label.split(' ')[0] !== name) continue;
      rows.push({ algorithm: label, ...told(survival) });
      survivals.delete(label);
    }
  }
  return rows;
}

async function rowOf(name: string, variant: Variant, survivals: Map<string, Survival>) {
  const label = labelOf(variant);
  const survival = survivals.get(label);
  survivals.delete(label);
  return {
    algorithm: label,
    'lines of code': label === name ? linesOfCode(name) : '',
    'schedules without violation': await explored(variant),
    ...told(survival),
  };
}

/** How often it kept its guarantee; of a control, how often it was rejected as it should be. */
async function explored(variant: Variant): Promise<string | number> {
  const control = isControl(variant);
  const cases = await randomCases(2);
  const fails = ({ kind }: { kind: string }): boolean => !(control && kind === 'invalid');
  const { runs, tolerated, first } = explore(variant, { cases, runs: RUNS, seed: 1, fails, shrink: false });
  if (first !== undefined) return `${first.name} after ${runs}`;
  if (!control) return runs;
  return `control: rejected ${[...tolerated.values()].reduce((sum, count) => sum + count, 0)} of ${runs}`;
}

function told({ schedules, harmless }: Survival = { schedules: [], harmless: 0 }) {
  const sorted = schedules.toSorted((one, other) => one - other);
  return {
    mutants: sorted.length || '',
    'schedules that each survived': sorted
      .map((count) => (Number.isFinite(count) ? count - 1 : 'all'))
      .join(' '),
    'harmless changes': harmless || '',
  };
}

/** Without blank lines and comments. */
function linesOfCode(name: string): number {
  const file = `${FOLDER}${name}.ts`;
  const files = existsSync(file)
    ? [file]
    : readdirSync(FOLDER + name).map((part) => `${FOLDER}${name}/${part}`);
  const lines = files.flatMap((path) => readFileSync(path, 'utf8').split('\n'));
  return lines.filter((line) => !/^\s*($|\/\/|\/?\*)/.test(line)).length;
}

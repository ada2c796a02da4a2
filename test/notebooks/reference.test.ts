/** The committed reference results: their claims are what their rows say, and rows run again are the same bytes. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { check } from '../../harness/claims/claim.ts';
import { sensitivity } from '../../harness/claims/sensitivity.ts';
import { readExperiment } from '../../harness/experiment/file/experiment.ts';
import { trialId } from '../../harness/experiment/identity.ts';
import { knownPapers, paperFolder } from '../../harness/experiment/paper-folder.ts';
import { readResults } from '../../harness/experiment/results.ts';
import { csvLine, trialRow } from '../../harness/experiment/row.ts';
import { simulatedTrial } from '../../harness/experiment/trials/simulated.ts';
import { GUESS } from '../../harness/machine/simulated/model.ts';
import { models } from '../../harness/machine/simulated/models/index.ts';
import { claimsJson, claimsMarkdown } from '../../harness/report/claims-table.ts';
import { paperFigures } from '../../harness/report/paper-figures.ts';

/** Rows that are run again, spread over those that are soon done. */
const SLICE = 8;
/** Attempts times cores of such a row, at most. */
const SOON = 50_000;

const folders = await Promise.all(knownPapers().map(paperFolder));
const committed = folders.filter(({ reference }) => existsSync(join(reference, 'runs.csv')));

test('there are reference results', () => {
  expect(committed.map(({ name }) => name)).toContain('block-stm');
});

describe.each(committed.map((folder) => [folder.name, folder] as const))('%s', (_, folder) => {
  const { claims, directory, reference } = folder;
  const { runs, rejected } = readResults(reference);
  const text = (name: string): string => readFileSync(join(reference, name), 'utf8');

  test('has a row for each cell of the experiment, and none was rejected', async () => {
    const { configurations } = await readExperiment(join(directory, 'experiment.yaml'));
    expect(new Set(runs.map(({ trial }) => trial))).toEqual(
      new Set(configurations.map((configuration) => trialId(configuration, 1))),
    );
    expect(rejected).toEqual([]);
  });

  test('has the claims that its rows make', () => {
    const findings = check(claims, runs);
    expect(text('claims.json')).toBe(`${JSON.stringify(claimsJson(claims, findings), null, 2)}\n`);
    expect(text('claims.md')).toBe(claimsMarkdown(claims, findings));
  });

  test('has rows of each figure, of which charts can be drawn', () => {
    const drawn = paperFigures(claims, runs).map(({ name }) => name);
    expect(drawn).toEqual(expect.arrayContaining((claims.figures ?? []).map(({ name }) => name)));
  });

  test('has each headline claim over a range of every guess, and of the usual value', () => {
    const { machine, figures } = claims.sensitivity!;
    const guesses = Object.entries(models[machine].sources)
      .filter(([, source]) => source.startsWith(GUESS))
      .map(([figure]) => `machine.${figure === 'domains' ? 'transfer_ns' : figure}`);
    expect(Object.keys(figures)).toEqual(expect.arrayContaining(guesses));
    const headlines = claims.claims.filter((claim) => 'headline' in claim).map(({ id }) => id);
    expect(headlines.length).toBeGreaterThan(1);
    const points = sensitivity(claims, runs);
    for (const figure of Object.keys(figures)) {
      for (const claim of headlines) {
        const own = points.filter((point) => point.figure === figure && point.claim === claim);
        expect([figure, claim, own.filter((point) => point.own).length]).toEqual([figure, claim, 1]);
        expect(own.length).toBeGreaterThan(2);
      }
    }
    for (const { claim, margin, verdict } of points)
      if (verdict === 'holds') expect([claim, margin >= 1]).toEqual([claim, true]);
  });

  test('has the same bytes where a slice of it is run again', async () => {
    const { configurations, name } = await readExperiment(join(directory, 'experiment.yaml'));
    const cells = new Map(configurations.map((configuration) => [trialId(configuration, 1), configuration]));
    const [header, ...lines] = text('runs.csv').trimEnd().split('\n');
    const soon = runs.flatMap(({ attempts, cores, trial }, at) => {
      const configuration = cells.get(trial);
      const isSoon = configuration !== undefined && Number(attempts) * Number(cores) <= SOON;
      return isSoon ? [{ configuration, line: lines[at] }] : [];
    });
    expect(soon.length).toBeGreaterThan(SLICE);
    const step = Math.floor(soon.length / SLICE);
    for (const { configuration, line } of soon.filter((__, at) => at % step === 0)) {
      const row = trialRow(name, simulatedTrial(configuration));
      expect(csvLine(header.split(',').map((column) => row[column] ?? '')).trimEnd()).toBe(line);
    }
  });
});

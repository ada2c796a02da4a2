import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What takes longest starts first, so that no core is left alone with it at the end. */
const LONGEST = [
  ...[
    'algorithms/guarantee',
    'mutants/mutants',
    'algorithms/starvation',
    'experiment/sweep',
    'experiment/kill',
  ],
  ...['notebooks/page', 'html/report', 'cli/process', 'threads/failures', 'threads/threads'],
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => {
      const at = LONGEST.findIndex((name) => moduleId.endsWith(`${name}.test.ts`));
      return at < 0 ? LONGEST.length : at;
    };
    return (await super.sort(files)).sort((one, other) => place(one) - place(other));
  }
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Properties over many schedules; nothing asserts a time, so this only ends what hangs.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    globalSetup: 'test/scratch.ts',
    // Files share a process, and Node loads them as it loads everything else: each file on its own, through a
    // loader of the test runner's, took two fifths more of the processor's time.
    isolate: false,
    // All cores: by default one is left to the test runner, which hardly uses it.
    maxWorkers: '100%',
    // Simulated runs make much that is short-lived; by default every 16 MB of it are looked through, 8 % of the time.
    execArgv: ['--max-semi-space-size=64'],
    experimental: { viteModuleRunner: false },
    sequence: { sequencer: LongestFirst },
  },
});

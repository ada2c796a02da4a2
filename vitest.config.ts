import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Properties over many schedules; nothing asserts a time, so this only ends what hangs.
  test: { include: ['test/**/*.test.ts'], testTimeout: 120_000 },
});

import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { TEST_TIMEOUT_MS } from './test/support/property-runs.ts';

export default defineConfig({
  // Pothos and Yoga would otherwise each load a copy of graphql of their own (ESM and CJS).
  resolve: { alias: { graphql: 'graphql/index.js' } },
  test: {
    include: ['test/**/*.test.ts'],
    // The tests run far from UTC on purpose: a zone-less timestamp read as local time must fail.
    env: { TZ: 'America/St_Johns' },
    // Many tests wait for other processes most of the time; one worker would leave a core of two idle.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: TEST_TIMEOUT_MS,
    setupFiles: ['test/support/bound-properties.ts'],
    // How long a busy machine may take; a condition that holds is seen at once.
    expect: { poll: { timeout: 20_000 } },
  },
});

import { defineConfig } from 'vitest/config';
import { TEST_TIMEOUT_MS } from '../support/property-runs.ts';

/** The tests of the core alone, with the same few cases each time. */
export default defineConfig({
  test: {
    env: { TZ: 'America/St_Johns', PROPERTY_RUNS: '0.1', SEED: '1' },
    include: ['test/mutants/core.ts'],
    testTimeout: TEST_TIMEOUT_MS,
  },
});

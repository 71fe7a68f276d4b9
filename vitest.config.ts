import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { TEST_TIMEOUT_MS } from './test/support/property-runs.ts';

/** Neither sockets nor processes, by level; a file elsewhere says so by its name. */
const UNIT = ['test/{core,engine,runs,gateway}/**/*.test.ts', 'test/**/*.unit.test.ts'];
const LONG = 'test/**/*.long.test.ts';
const setupFiles = ['test/support/bound-properties.ts'];

/** Take longest, and so begin first: otherwise, the largest files do. */
const WAITING = /commands\/(?:watch|tail)|sockets\/(?:draining|slow)|gateway\/live\/live-events/;

class WaitingFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- It is that of the class.
    const sorted = await super.sort(files);
    const { waiting = [], others = [] } = Object.groupBy(sorted, ({ moduleId }) =>
      WAITING.test(moduleId) ? 'waiting' : 'others',
    );
    return [...waiting, ...others];
  }
}

export default defineConfig({
  // Pothos and Yoga would otherwise each load a copy of graphql of their own (ESM and CJS).
  resolve: { alias: { graphql: 'graphql/index.js' } },
  // Those of Node: graphql 17 has several builds, and two of them can't be mixed.
  ssr: { resolve: { conditions: ['module-sync', 'node'] } },
  test: {
    globalSetup: 'test/support/bundle-explorer.ts',
    // The tests run far from UTC on purpose: a zone-less timestamp read as local time must fail.
    env: { TZ: 'America/St_Johns' },
    // Many tests wait for timers and other processes most of the time; a worker for each core would leave it idle.
    maxWorkers: Math.max(6, availableParallelism() - 1),
    sequence: { sequencer: WaitingFirst },
    testTimeout: TEST_TIMEOUT_MS,
    hookTimeout: TEST_TIMEOUT_MS,
    // How long a busy machine may take; a condition that holds is seen at once.
    expect: { poll: { timeout: 60_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: UNIT,
          exclude: ['**/node_modules/**', LONG],
          // Files share a worker and the packages that it has loaded, which takes a third less time.
          isolate: false,
          setupFiles,
        },
      },
      {
        extends: true,
        test: {
          name: 'plugin',
          include: ['test/gateway/**/*.test.ts'],
          env: { WITH_A_PLUGIN: '1' },
          isolate: false,
          setupFiles,
        },
      },
      {
        extends: true,
        test: {
          name: 'whole',
          include: ['test/**/*.test.ts'],
          exclude: ['**/node_modules/**', ...UNIT, LONG],
          // As above.
          isolate: false,
          setupFiles,
        },
      },
      { extends: true, test: { name: 'long', include: [LONG], setupFiles } },
    ],
  },
});

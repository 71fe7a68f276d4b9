import type { LiveRuns } from '../../src/live/index.ts';
import type { ContextOptions } from '../../src/loaders/context.ts';

/** For operations that are no subscriptions. */
const live: LiveRuns = {
  listEvents: () => {
    throw new Error('Nothing is watched');
  },
  runUpdates: () => {
    throw new Error('Nothing is watched');
  },
};

/** What contexts need besides a source of runs. */
export const NO_SEARCH: ContextOptions = { live: () => live, scanBudget: 5000 };

import type { LiveRuns } from '../../src/live/index.ts';

/** For operations that are no subscriptions. */
export const NO_LIVE: LiveRuns = {
  listEvents: () => {
    throw new Error('Nothing is watched');
  },
  runUpdates: () => {
    throw new Error('Nothing is watched');
  },
};

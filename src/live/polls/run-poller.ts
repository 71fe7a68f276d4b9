import { hasStoppedLately, isActive, isIncomplete, hasEnded } from '../../runs/run-state.ts';
import type { Run } from '../../runs/run.ts';
import type { RunsSource } from '../../runs/runs-source.ts';
import { digestOf } from '../digests.ts';
import type { Polled } from '../streams/shared-poller.ts';
import { withMeasuredDuration } from './look-ups.ts';
import { StoppedRuns } from './stopped-runs.ts';

/** One reader of the updates of a run. */
export interface RunReader {
  /** The digest of the last update that was received; undefined before the first, null once the run is gone. */
  lastDigest: string | null | undefined;
}

/**
 * Polls one run for its readers; each reader gets every state that differs from the state it last received. A run that
 * has ended is polled until it has its duration. A cancelled run, which may have the duration of an earlier pause at
 * first, is polled until it can't change any more.
 *
 * @param open opens the runs for one poll
 */
export function createRunPoller(open: () => RunsSource, id: string): Polled<RunReader, Run | null> {
  const stopped = new StoppedRuns();
  let latest: Run | null | undefined;
  let isFinal = false;

  return {
    async poll() {
      const [startedAt, polledAt] = [Date.now(), performance.now()];
      const runs = open();
      const retrieved = await runs.retrieve('run', id);
      const run = retrieved && (await withMeasuredDuration(retrieved, runs));
      const before = latest;
      latest = run;
      if (run === null) {
        isFinal = true;
        return { isBusy: false };
      }
      stopped.update(run, () => Boolean(before) || hasStoppedLately(run, startedAt));
      const canChange = stopped.has(id, polledAt) && (run.status === 'cancelled' || isIncomplete(run));
      isFinal = hasEnded(run) && !canChange;
      return { isBusy: isActive(run) || stopped.isBusy(polledAt) };
    },
    next(reader) {
      if (latest === undefined) return undefined;
      const digest = latest && digestOf(latest);
      if (digest === reader.lastDigest) return undefined;
      reader.lastDigest = digest;
      return { event: latest };
    },
    get hasEnded() {
      return isFinal;
    },
  };
}

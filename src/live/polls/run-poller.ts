import { hasEnded } from '../../runs/run.ts';
import type { Run } from '../../runs/run.ts';
import type { RunsSource } from '../../runs/source.ts';
import type { Polled } from '../streams/hub.ts';
import { digestOf, hasStoppedLately, isActive, isIncomplete } from '../watched-run.ts';
import { measured } from './look-ups.ts';
import { StoppedRuns } from './stopped-runs.ts';

/** One reader of the updates of a run. */
export interface RunReader {
  /** The digest of the last update that was received; undefined before the first, null once the run is gone. */
  last: string | null | undefined;
}

/**
 * Polls one run for its readers, each of which gets every state that differs from the last one it received. A run
 * that has ended is polled until it lacks nothing, or, if it had stopped before, until it can't change any more.
 *
 * @param open opens the runs for one poll
 */
export function createRunPoller(open: () => RunsSource, id: string): Polled<RunReader, Run | null> {
  const stopped = new StoppedRuns();
  let latest: Run | null | undefined;
  /** Whether the run had stopped before, such as for an approval: its duration may be from then. */
  let hadStopped = false;
  let isOver = false;

  /** An active run keeps the duration that it had before, if any. */
  const withDuration = async (run: Run, runs: RunsSource): Promise<Run> =>
    isActive(run) && latest
      ? { ...run, totalDurationNs: latest.totalDurationNs, isDurationMeasured: true }
      : measured(run, runs);

  return {
    async poll() {
      const askedAt = Date.now();
      const runs = open();
      const retrieved = await runs.retrieve('run', id);
      const run = retrieved && (await withDuration(retrieved, runs));
      const before = latest;
      latest = run;
      if (run === null) {
        isOver = true;
        return { isBusy: false };
      }
      if (isActive(run)) hadStopped ||= run.completedAt !== null || run.totalDurationNs !== null;
      if (before && !isActive(before)) hadStopped ||= isActive(run) || before.stopReason !== run.stopReason;
      stopped.update(run, askedAt, () => Boolean(before) || hasStoppedLately(run, askedAt));
      const canChange = stopped.has(id) && (hadStopped || isIncomplete(run));
      isOver = hasEnded(run) && !canChange;
      return { isBusy: isActive(run) || stopped.isBusy };
    },
    next(reader) {
      if (latest === undefined) return undefined;
      const digest = latest && digestOf(latest);
      if (digest === reader.last) return undefined;
      reader.last = digest;
      return { event: latest };
    },
    get isOver() {
      return isOver;
    },
  };
}

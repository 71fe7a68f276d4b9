import { UnsupportedError } from '../errors/gateway-error.ts';
import { ACTIVE_STATUSES } from './outcomes.ts';
import { enumValues } from './run-enums.ts';
import type { Run } from './run.ts';
import type { RunsSource } from './runs-source.ts';

/** Whether a run is active. One with a status that is newer than the gateway is neither active nor known to have ended. */
export function isActive({ status }: Pick<Run, 'status'>): boolean {
  return ACTIVE_STATUSES.some((active) => active === status);
}

/** Whether a run is known to have ended. A run that paused for an approval has: the answer makes a new run. */
export function hasEnded(run: Pick<Run, 'status'>): boolean {
  return !isActive(run) && enumValues('status').some((known) => known === run.status);
}

/** Whether a run that has stopped lacks its duration, or the outcome of its callback. */
export function isIncomplete({ totalDurationNs, callbackUrl, callbackSentAt }: Run): boolean {
  return totalDurationNs === null || (callbackUrl !== null && callbackSentAt === null);
}

/** Milliseconds after `completedAt` for which a run counts as stopped lately; clocks may differ. */
const COMPLETE_LATELY_MS = 60_000;
const INCOMPLETE_LATELY_MS = 600_000;

/** Whether a run has stopped lately by its `completedAt`, which a run that is cancelled after a pause keeps. */
export function hasStoppedLately(run: Run, now: number): boolean {
  const { completedAt } = run;
  if (completedAt === null) return isIncomplete(run);
  const latelyMs = isIncomplete(run) ? INCOMPLETE_LATELY_MS : COMPLETE_LATELY_MS;
  return Math.abs(now - Date.parse(completedAt)) < latelyMs;
}

type Source = Pick<RunsSource, 'listsDurations'>;

/**
 * Checks that durations of runs from a list can be relied on. The upstream's version is requested only if
 * a run that has ended has none.
 *
 * @param argument the bound of a window that needs them
 * @throws UnsupportedError where lists don't show durations
 */
export async function checkDurations(
  runs: readonly Pick<Run, 'status' | 'totalDurationNs'>[],
  source: Source,
  argument?: string,
): Promise<void> {
  if (runs.some((run) => run.totalDurationNs === null && hasEnded(run))) {
    await requireDurations(source, argument);
  }
}

/** @throws UnsupportedError where lists don't show durations */
export async function requireDurations(source: Source, argument?: string): Promise<void> {
  if (await source.listsDurations()) return;
  const the = argument === undefined ? 'The' : `${argument}: the`;
  throw new UnsupportedError(
    `${the} runs API is older than Letta 0.14.0 and does not show durations in lists. Those of single runs are in Run.metrics { durationNs }.`,
    argument,
  );
}

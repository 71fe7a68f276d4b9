import { ACTIVE_STATUSES, type RunStatus } from './run-enums.ts';
import type { Run } from './run.ts';

const ENDED: readonly RunStatus[] = ['completed', 'failed', 'cancelled'];

/**
 * Whether a run has ended. A run that paused for an approval has: the answer makes a new run. A run with a status that is
 * newer than the gateway may go on.
 */
export function hasEnded({ status }: Pick<Run, 'status'>): boolean {
  return ENDED.some((each) => each === status);
}

/** A run that isn't active has stopped, even if its status is newer than the gateway. */
export function isActive({ status }: Pick<Run, 'status'>): boolean {
  return ACTIVE_STATUSES.some((active) => active === status);
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

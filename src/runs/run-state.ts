import { ACTIVE_STATUSES, type RunStatus, type StopReason } from './run-enums.ts';
import type { RunFilter } from './run-list.ts';
import type { Run } from './run.ts';

const ENDED: readonly RunStatus[] = ['completed', 'failed', 'cancelled'];
const WAITING: StopReason = 'requires_approval';

/**
 * Whether a run has ended for good. A run that waits for approval is completed, but may continue, and can be cancelled;
 * so may a run with a status that is newer than the gateway.
 */
export function hasEnded({ status, stopReason }: Pick<Run, 'status' | 'stopReason'>): boolean {
  return ENDED.some((each) => each === status) && !(status === 'completed' && stopReason === WAITING);
}

/** Selects the runs that wait for approval. */
export const WAITING_FILTER: RunFilter = { statuses: ['completed'], stopReason: 'requires_approval' };

/** A run with a status that is newer than the gateway counts as stopped. */
export function stateOf(run: Run): 'active' | 'waiting' | 'stopped' {
  if (isActive(run)) return 'active';
  return run.status === 'completed' && !hasEnded(run) ? 'waiting' : 'stopped';
}

export function isActive({ status }: Run): boolean {
  return ACTIVE_STATUSES.some((active) => active === status);
}

/** Whether a run that has stopped lacks its duration, or the outcome of its callback. */
export function isIncomplete({ totalDurationNs, callbackUrl, callbackSentAt }: Run): boolean {
  return totalDurationNs === null || (callbackUrl !== null && callbackSentAt === null);
}

/** Milliseconds after `completedAt` for which a run counts as stopped lately; clocks may differ. */
const COMPLETE_LATELY_MS = 60_000;
const INCOMPLETE_LATELY_MS = 600_000;

/** Whether a run has stopped lately by its `completedAt`, which says when it stopped for the first time. */
export function hasStoppedLately(run: Run, now: number): boolean {
  const { completedAt } = run;
  if (completedAt === null) return isIncomplete(run);
  const latelyMs = isIncomplete(run) ? INCOMPLETE_LATELY_MS : COMPLETE_LATELY_MS;
  return Math.abs(now - Date.parse(completedAt)) < latelyMs;
}

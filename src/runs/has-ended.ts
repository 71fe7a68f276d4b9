import type { RunStatus, StopReason } from './run-enums.ts';
import type { Run } from './run.ts';

const ENDED: readonly RunStatus[] = ['completed', 'failed', 'cancelled'];
const WAITING: StopReason = 'requires_approval';

/**
 * Whether a run has ended for good. One that is completed and waits for approval may continue, and can
 * be cancelled; so may one with a status that is newer than the gateway, for all that is known.
 */
export function hasEnded({ status, stopReason }: Pick<Run, 'status' | 'stopReason'>): boolean {
  return ENDED.some((each) => each === status) && !(status === 'completed' && stopReason === WAITING);
}

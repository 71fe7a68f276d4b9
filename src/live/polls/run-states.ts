import { hasEnded } from '../../runs/has-ended.ts';
import { ACTIVE_STATUSES, type RunStatus, type StopReason } from '../../runs/run-enums.ts';
import type { RunFilter } from '../../runs/run-filters.ts';
import type { Run } from '../../runs/run.ts';

/** What the runs that wait for approval have, and filters that select them. */
const WAITING: { readonly status: RunStatus; readonly stopReason: StopReason } = {
  status: 'completed',
  stopReason: 'requires_approval',
};
export const WAITING_FILTER: RunFilter = { statuses: [WAITING.status], stopReason: WAITING.stopReason };

export type RunState = 'active' | 'waiting' | 'stopped';

/** Of a status that is newer than the gateway it isn't known whether the run goes on: it counts as stopped. */
export function stateOf(run: Run): RunState {
  if (isActive(run)) return 'active';
  return run.status === WAITING.status && !hasEnded(run) ? 'waiting' : 'stopped';
}

export function isActive({ status }: Run): boolean {
  return ACTIVE_STATUSES.some((active) => active === status);
}

const ENDED: { readonly status: RunStatus; readonly stopReason: StopReason } = {
  status: 'completed',
  stopReason: 'end_turn',
};
const STATUS_OF_STOP: Readonly<Record<string, RunStatus>> = {
  end_turn: 'completed',
  max_steps: 'completed',
  tool_rule: 'completed',
  requires_approval: 'completed',
  cancelled: 'cancelled',
};

/**
 * Returns a run that had ended and goes on as it most likely was before: the runs API leaves its stop
 * reason, which tells the status.
 */
export function beforeGoingOn(run: Run): Run {
  if (run.stopReason === null) return withFields(run, ENDED);
  return withFields(run, { status: STATUS_OF_STOP[run.stopReason] ?? 'failed' });
}

/** Returns a run with other fields. Rows of lists read theirs when they are accessed, so they can't be spread. */
export function withFields(run: Run, fields: Partial<Run>): Run {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- It inherits the others.
  return Object.create(run, Object.getOwnPropertyDescriptors(fields)) as Run;
}

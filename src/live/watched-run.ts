import { stringifyJson } from '../json/stringify-json.ts';
import { hasEnded } from '../runs/has-ended.ts';
import { ACTIVE_STATUSES, type RunStatus, type StopReason } from '../runs/run-enums.ts';
import { RUN_FIELD_LIST } from '../runs/run-fields.ts';
import type { RunFilter } from '../runs/run-filters.ts';
import type { Run } from '../runs/run.ts';
import { hash48 } from './snapshots/hash48.ts';

export { positionOf } from '../runs/position.ts';
export type { Run } from '../runs/run.ts';

// All that events and snapshots know of runs in particular: where one is, when it goes on, what it lacks, and
// what is compared.

/** What the runs that wait for approval have, and filters that select them. */
const WAITING: { readonly status: RunStatus; readonly stopReason: StopReason } = {
  status: 'completed',
  stopReason: 'requires_approval',
};
export const WAITING_FILTER: RunFilter = { statuses: [WAITING.status], stopReason: WAITING.stopReason };

/** Of a status that is newer than the gateway it isn't known whether the run goes on: it counts as stopped. */
export function stateOf(run: Run): 'active' | 'waiting' | 'stopped' {
  if (isActive(run)) return 'active';
  return run.status === WAITING.status && !hasEnded(run) ? 'waiting' : 'stopped';
}

export function isActive({ status }: Run): boolean {
  return ACTIVE_STATUSES.some((active) => active === status);
}

/** Whether a run that has stopped lacks something that usually comes. */
export function isIncomplete({ totalDurationNs, callbackUrl, callbackSentAt }: Run): boolean {
  return totalDurationNs === null || (callbackUrl !== null && callbackSentAt === null);
}

/** Milliseconds since a run ended by its own account, until it counts as ended long ago; clocks may differ. */
const COMPLETE_LATELY_MS = 60_000;
const INCOMPLETE_LATELY_MS = 600_000;

/** Whether a run has stopped lately by its own account, which tells the first time only. */
export function hasStoppedLately(run: Run, now: number): boolean {
  const { completedAt } = run;
  if (completedAt === null) return isIncomplete(run);
  const latelyMs = isIncomplete(run) ? INCOMPLETE_LATELY_MS : COMPLETE_LATELY_MS;
  return Math.abs(now - Date.parse(completedAt)) < latelyMs;
}

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
  if (run.stopReason === null) return withFields(run, { status: 'completed', stopReason: 'end_turn' });
  return withFields(run, { status: STATUS_OF_STOP[run.stopReason] ?? 'failed' });
}

/** Returns a run that has ended as it may go on: without the stop reason and the duration that it has now. */
export function withoutEnd(run: Run): Run {
  return withFields(run, { stopReason: null, totalDurationNs: null });
}

/** Returns a run with other fields. Rows of lists read theirs when they are accessed, so they can't be spread. */
function withFields(run: Run, fields: Partial<Run>): Run {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- It inherits the others.
  return Object.create(run, Object.getOwnPropertyDescriptors(fields)) as Run;
}

/** Goes with the runs: what is read of each depends on nothing else. */
const digests = new WeakMap<Run, number>();

/** Returns a digest of what a run is like in a list; 32 bits. */
export function digestOf(run: Run): number {
  const known = digests.get(run);
  if (known !== undefined) return known;
  const values = RUN_FIELD_LIST.map(({ name }): unknown => Reflect.get(run, name));
  const digest = Math.floor(hash48(stringifyJson(values)) / 2 ** 16);
  digests.set(run, digest);
  return digest;
}

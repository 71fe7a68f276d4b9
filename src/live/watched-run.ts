import { hash } from 'node:crypto';
import { stringifyJson } from '../json/stringify-json.ts';
import { ACTIVE_STATUSES } from '../runs/run-enums.ts';
import { RUN_FIELD_LIST } from '../runs/run-fields.ts';
import { filterKey, mismatchedFilters, type RunFilter } from '../runs/run-filters.ts';
import type { RunSelection } from '../runs/run-window.ts';
import { isInWindow, windowKey } from '../runs/run-window.ts';
import { hasEnded, type Run } from '../runs/run.ts';

/** Returns a key that is equal only for equal selections. */
export function selectionKey({ filter, window }: RunSelection): string {
  return filterKey(filter) + windowKey(window);
}

/** Whether a list has a run, as it is now. */
export function isSelected(run: Run, { filter, window }: RunSelection): boolean {
  return mismatchedFilters([run], filter).length === 0 && isInWindow(run, window);
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

/** The digest of each run that is in use. */
const digests = new WeakMap<Run, string>();

/** Returns a digest of what a run is like in a list; 8 hex digits. */
export function digestOf(run: Run): string {
  const known = digests.get(run);
  if (known !== undefined) return known;
  const values = RUN_FIELD_LIST.map(({ name }): unknown => Reflect.get(run, name));
  const digest = digestOfText(stringifyJson(values), 8);
  digests.set(run, digest);
  return digest;
}

/** Returns a digest of so many hex digits. It detects changes, and is no signature. */
export function digestOfText(text: string, digits: number): string {
  return hash('sha256', text).slice(0, digits);
}

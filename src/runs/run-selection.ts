import { ACTIVE_STATUSES } from './run-enums.ts';
import type { RunFilter } from './run-filters.ts';
import type { RunWindow } from './run-window.ts';

/** Which runs are asked for. */
export interface RunSelection {
  /** What the runs API matches. */
  readonly filter: RunFilter;
  /** What is matched here. */
  readonly window: RunWindow;
}

/**
 * Leaves to the runs API what it can filter exactly: several statuses, and one stop reason. It can exclude
 * none: runs may have values that are newer than the gateway.
 */
export function narrowed({ filter, window }: RunSelection): RunSelection {
  const { notStatuses, stopReasons, notStopReasons, ...bounds } = window;
  if (notStatuses === undefined && stopReasons === undefined && notStopReasons === undefined) {
    return { filter, window };
  }
  const { stopReason, ...others } = filter;
  const { active, statuses = active && ACTIVE_STATUSES, ...rest } = others;
  const leftStatuses = notStatuses && statuses && without(statuses, notStatuses);
  const reasons = stopReasons ?? (stopReason && [stopReason]);
  const leftReasons = reasons && without(reasons, notStopReasons);
  // No run ended for one of no reasons.
  if (leftStatuses?.length === 0) return { filter, window: { ...bounds, stopReasons: [] } };
  const [only, ...more] = leftReasons ?? [];
  const isOne = only !== undefined && more.length === 0;
  return {
    filter: {
      ...(leftStatuses ? { ...rest, statuses: leftStatuses } : others),
      ...(isOne && { stopReason: only }),
    },
    window: {
      ...bounds,
      ...(notStatuses && !leftStatuses && { notStatuses }),
      ...(notStopReasons && !leftReasons && { notStopReasons }),
      ...(leftReasons && !isOne && { stopReasons: leftReasons }),
    },
  };
}

function without<Value>(values: readonly Value[], excluded: readonly Value[] = []): readonly Value[] {
  return values.filter((value) => !excluded.includes(value));
}
